import { randomBytes } from 'node:crypto';
import { withIds } from './blocks.ts';
import { SlackError } from './errors.ts';
import { type Dict, dicts, text } from './json.ts';
import type { StoredView, Workspace } from './types.ts';
import { carriedOver, initialValues } from './view-state.ts';
import { changed, nextId } from './workspace.ts';

const STACK_LIMIT = 3;

/** A view as Slack returns it and puts it into payloads. */
export function viewObject(workspace: Workspace, view: StoredView): Dict {
  const { definition } = view;
  return {
    id: view.id,
    team_id: workspace.team.id,
    type: view.type,
    blocks: definition.blocks,
    private_metadata: text(definition.private_metadata),
    callback_id: text(definition.callback_id),
    state: { values: view.values },
    hash: view.hash,
    title: definition.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: definition.clear_on_close === true,
    notify_on_close: definition.notify_on_close === true,
    close: definition.close ?? null,
    submit: definition.submit ?? null,
    previous_view_id: view.previous_view_id,
    root_view_id: view.root_view_id,
    app_id: workspace.app.id,
    external_id: text(definition.external_id),
    app_installed_team_id: workspace.team.id,
    bot_id: workspace.app.botId,
  };
}

/** The person's open modals, the one on top last. */
export function modalStack(workspace: Workspace, user: string): StoredView[] {
  const ids = workspace.modals.get(user) ?? [];
  return ids.flatMap((id) => workspace.views.get(id) ?? []);
}

export function topModal(workspace: Workspace, user: string): StoredView | undefined {
  return modalStack(workspace, user).at(-1);
}

export function homeOf(workspace: Workspace, user: string): StoredView | undefined {
  return workspace.views.get(workspace.homes.get(user) ?? '');
}

export function openModal(workspace: Workspace, user: string, definition: Dict): StoredView {
  closeAll(workspace, user);
  return stack(workspace, user, definition);
}

export function pushModal(workspace: Workspace, user: string, definition: Dict): StoredView {
  const below = modalStack(workspace, user);
  if (below.length === 0) throw new SlackError('not_found');
  if (below.length >= STACK_LIMIT) throw new SlackError('push_limit_reached');
  return stack(workspace, user, definition);
}

export function publishHome(workspace: Workspace, user: string, definition: Dict): StoredView {
  const known = homeOf(workspace, user);
  if (known) return replaceView(workspace, known, definition);
  const view = newView(workspace, user, definition, 'home');
  workspace.homes.set(user, view.id);
  return view;
}

/** Puts another definition into a view; entered values stay where ids and types stay. */
export function replaceView(workspace: Workspace, view: StoredView, definition: Dict): StoredView {
  requireFreeExternalId(workspace, definition, view.id);
  view.definition = prepared(workspace, definition);
  view.values = carriedOver(dicts(view.definition.blocks), view.values);
  view.hash = newHash(workspace);
  changed(workspace);
  return view;
}

/** Closes one modal and what is above it. */
export function closeModal(workspace: Workspace, view: StoredView): void {
  const ids = workspace.modals.get(view.user) ?? [];
  const at = ids.indexOf(view.id);
  if (at < 0) return;
  for (const id of ids.splice(at)) workspace.views.delete(id);
  changed(workspace);
}

export function closeAll(workspace: Workspace, user: string): void {
  const [root] = modalStack(workspace, user);
  if (root) closeModal(workspace, root);
}

function stack(workspace: Workspace, user: string, definition: Dict): StoredView {
  const below = topModal(workspace, user);
  const view = newView(workspace, user, definition, 'modal');
  view.previous_view_id = below?.id ?? null;
  view.root_view_id = below?.root_view_id ?? view.id;
  workspace.modals.set(user, [...(workspace.modals.get(user) ?? []), view.id]);
  changed(workspace);
  return view;
}

function newView(workspace: Workspace, user: string, given: Dict, type: StoredView['type']): StoredView {
  requireFreeExternalId(workspace, given, undefined);
  const id = nextId(workspace, 'V');
  const definition = prepared(workspace, given);
  const view: StoredView = {
    id,
    type,
    user,
    hash: newHash(workspace),
    root_view_id: id,
    previous_view_id: null,
    definition,
    values: initialValues(dicts(definition.blocks)),
  };
  workspace.views.set(id, view);
  changed(workspace);
  return view;
}

function prepared(workspace: Workspace, definition: Dict): Dict {
  return { ...definition, blocks: withIds(dicts(definition.blocks), () => nextId(workspace, 'b')) };
}

function requireFreeExternalId(workspace: Workspace, definition: Dict, own: string | undefined): void {
  const wanted = text(definition.external_id);
  if (wanted === '') return;
  const taken = [...workspace.views.values()].some(
    (view) => view.id !== own && text(view.definition.external_id) === wanted,
  );
  if (taken) throw new SlackError('duplicate_external_id');
}

function newHash(workspace: Workspace): string {
  return `${Math.floor(workspace.now() / 1000)}.${randomBytes(4).toString('hex')}`;
}
