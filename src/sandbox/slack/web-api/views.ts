import { invalidArguments, SlackError } from '../errors.ts';
import { type Dict, optionalText } from '../json.ts';
import { requireValidView } from '../limits/surfaces.ts';
import { requireTrigger } from '../triggers.ts';
import type { StoredView } from '../types.ts';
import { homeOf, openModal, publishHome, pushModal, replaceView, viewObject } from '../views.ts';
import { type Call, type Method, required, structured } from './call.ts';

export const open: Method = (call) => stacked(call, openModal);
export const push: Method = (call) => stacked(call, pushModal);

export const update: Method = (call) => {
  const { workspace } = call.site;
  const definition = viewArgument(call);
  const id = optionalText(call.args.view_id);
  const externalId = optionalText(call.args.external_id);
  const view = [...workspace.views.values()].find(
    (known) => known.id === id || (externalId !== undefined && known.definition.external_id === externalId),
  );
  if (!view || view.type !== definition.type) throw new SlackError('not_found');
  requireHash(call, view);
  return { view: viewObject(workspace, replaceView(workspace, view, definition)) };
};

export const publish: Method = (call) => {
  const { workspace } = call.site;
  const user = required(call.args, 'user_id');
  if (!workspace.people.some(({ id }) => id === user)) throw new SlackError('user_not_found');
  const definition = viewArgument(call);
  if (definition.type !== 'home') throw new SlackError('invalid_arguments');
  const known = homeOf(workspace, user);
  if (known) requireHash(call, known);
  return { view: viewObject(workspace, publishHome(workspace, user, definition)) };
};

function stacked(call: Call, put: typeof openModal): Dict {
  const { workspace } = call.site;
  const trigger = requireTrigger(workspace, required(call.args, 'trigger_id'));
  const definition = viewArgument(call);
  if (definition.type !== 'modal') throw new SlackError('invalid_arguments');
  const view = put(workspace, trigger.user, definition);
  trigger.used = true;
  return { view: viewObject(workspace, view) };
}

function viewArgument({ args }: Call): Dict {
  if (args.view === undefined) throw invalidArguments('missing required field: view');
  return requireValidView(structured(args, 'view', 'invalid_arguments'));
}

/** A hash from an older state means that somebody else changed the view meanwhile. */
function requireHash({ args }: Call, view: StoredView): void {
  const hash = optionalText(args.hash);
  if (hash !== undefined && hash !== view.hash) throw new SlackError('hash_conflict');
}
