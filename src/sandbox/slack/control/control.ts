import { setTimeout as wait } from 'node:timers/promises';
import { resend } from '../delivery/deliver.ts';
import { PersonError } from '../errors.ts';
import { parseFault } from '../faults.ts';
import { type Dict, dict, dicts, optionalText, text } from '../json.ts';
import { runCommand } from '../people/command.ts';
import { closeByPerson, requireTopModal, submitModal } from '../people/submit.ts';
import { openHome, say } from '../people/talk.ts';
import type { Site } from '../site.ts';
import type { Message, Person, StoredView, Workspace } from '../types.ts';
import { homeOf, topModal, viewObject } from '../views.ts';
import { findChannel, requireChannel, requirePerson } from '../workspace.ts';
import { click } from './click.ts';
import { enteredValues } from './values.ts';

/** `GET /_control/<what>`. */
export function controlRead(site: Site, what: string, query: URLSearchParams): unknown {
  const { workspace } = site;
  switch (what) {
    case 'people':
      return workspace.people.map(({ id, real_name, role }) => ({ id, name: real_name, role }));
    case 'messages':
      return messages(workspace, query.get('channel') ?? '', query.get('thread') ?? '');
    case 'views': {
      const person = requirePerson(workspace, query.get('role') ?? '');
      const modal = topModal(workspace, person.id);
      const home = homeOf(workspace, person.id);
      return { modal: modal ? viewObject(workspace, modal) : null, home: home ? viewObject(workspace, home) : null };
    }
    case 'acks':
      return site.acks;
    default:
      throw unknown(what);
  }
}

/** `POST /_control/<what>`: does what a person can do, and gives what is answered beside `ok`. */
export async function controlAct(site: Site, what: string, body: Dict): Promise<Dict> {
  if (what === 'faults') return fault(site, body);
  const { workspace } = site;
  const person = requirePerson(workspace, text(body.role));
  const channel = () => requireChannel(workspace, person, optionalText(body.channel) ?? 'audit-trail');
  switch (what) {
    case 'command':
      await runCommand(site, person, channel(), text(body.text));
      return {};
    case 'message':
      return { ts: say(site, person, channel(), text(body.text), optionalText(body.thread)).ts };
    case 'click':
      return click(site, person, body);
    case 'submit': {
      const view = await openedModal(site, person);
      const blocks = dicts(view.definition.blocks);
      const values = enteredValues(workspace, blocks, view.values, dict(body.values));
      return { ...(await submitModal(site, person, view, values)) };
    }
    case 'close':
      await closeByPerson(site, person, requireTopModal(site, person));
      return {};
    case 'home':
      openHome(site, person);
      return {};
    default:
      throw unknown(what);
  }
}

/** As long as a trigger lives, an app may still open the modal that a click asked for. */
const OPENING_MS = 3_000;
const LOOK_EVERY_MS = 25;

/** The modal on top; a person waits for one that is about to open. */
async function openedModal(site: Site, person: Person): Promise<StoredView> {
  for (
    let waited = 0;
    waited < OPENING_MS && topModal(site.workspace, person.id) === undefined;
    waited += LOOK_EVERY_MS
  ) {
    await wait(LOOK_EVERY_MS);
  }
  return requireTopModal(site, person);
}

/** Faults that are an act happen now; the others wait for the next call or delivery that they fit. */
async function fault(site: Site, body: Dict): Promise<Dict> {
  const wanted = parseFault(body);
  if (wanted.kind === 'drop-sockets') {
    const count = typeof body.count === 'number' ? body.count : undefined;
    return { dropped: site.transport.dropSockets(count, wanted.reason) };
  }
  if (wanted.kind === 'resend') {
    const outcome = await resend(site);
    if (!outcome) throw new PersonError('nothing_to_resend', 'Nobody has done anything yet.');
    return { acked: outcome.acked, answer: outcome.acked ? outcome.body : null };
  }
  site.faults.push(wanted);
  return {};
}

function messages(workspace: Workspace, channelName: string, thread: string): Dict[] {
  const channel = channelName === '' ? undefined : findChannel(workspace, channelName);
  if (channelName !== '' && !channel) {
    const known = workspace.channels.map(({ name, id }) => `${name} (${id})`).join(', ');
    throw new PersonError('channel_not_found', `There is no channel "${channelName}". There are: ${known}.`);
  }
  const all = channel ? (workspace.messages.get(channel.id) ?? []) : [...workspace.messages.values()].flat();
  return all
    .filter((message) => thread === '' || message.ts === thread || message.thread_ts === thread)
    .sort((a, b) => Number(a.ts) - Number(b.ts))
    .map(summary);
}

function summary(message: Message): Dict {
  return {
    ts: message.ts,
    thread_ts: message.thread_ts ?? null,
    channel: message.channel,
    user: message.user,
    text: message.text,
    blocks: message.blocks ?? [],
    attachments: message.attachments ?? [],
    ephemeral_to: message.ephemeral_to ?? null,
    edited: message.edited !== undefined,
  };
}

function unknown(what: string): PersonError {
  return new PersonError('not_found', `There is no /_control/${what}; docs/sandbox.md lists what there is.`);
}
