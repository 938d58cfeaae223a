import { invalidArguments, SlackError } from '../errors.ts';
import { type Dict, optionalText, parseJson } from '../json.ts';
import type { Site } from '../site.ts';
import type { Channel } from '../types.ts';
import { directChannel, findChannel } from '../workspace.ts';

export type Call = { site: Site; args: Dict };

/** One Web API method: what it answers beside `ok`, or a `SlackError`. */
export type Method = (call: Call) => Dict;

export function required(args: Dict, name: string): string {
  const value = args[name];
  if (typeof value === 'number') return String(value);
  const given = optionalText(value);
  if (given === undefined) throw invalidArguments(`missing required field: ${name}`);
  return given;
}

/** A structured argument: an object or array in a JSON body, JSON text in a form. `undefined` if not given. */
export function structured(args: Dict, name: string, onBadJson: string): unknown {
  const value = args[name];
  if (typeof value !== 'string') return value ?? undefined;
  if (value === '') return undefined;
  const parsed = parseJson(value);
  if (parsed === undefined) throw new SlackError(onBadJson);
  return parsed;
}

export function flag(args: Dict, name: string): boolean {
  return args[name] === true || args[name] === 'true' || args[name] === '1';
}

/** A whole number between 1 and `max`. */
export function limitOf(args: Dict, otherwise: number, max: number): number {
  const given = Number(args.limit);
  return Number.isInteger(given) && given > 0 ? Math.min(given, max) : otherwise;
}

/** The channel an app names by id, by #name or by a person's id (their direct messages). */
export function channelArgument({ site, args }: Call): Channel {
  const { workspace } = site;
  const wanted = required(args, 'channel');
  const person = workspace.people.find(({ id }) => id === wanted);
  const channel = person ? directChannel(workspace, person.id) : findChannel(workspace, wanted);
  if (!channel || !visibleToBot(channel, workspace.app.botUser)) throw new SlackError('channel_not_found');
  return channel;
}

/** Reading a channel needs membership, where posting in a public one does not (`chat:write.public`). */
export function requireMembership(call: Call, channel: Channel): void {
  if (!channel.members.includes(call.site.workspace.app.botUser)) throw new SlackError('not_in_channel');
}

function visibleToBot(channel: Channel, bot: string): boolean {
  return !channel.is_private || channel.members.includes(bot);
}

/** One page of `items` after the cursor, and the cursor of the next. */
export function paged<T>(args: Dict, items: T[], otherwise: number, max: number): { page: T[]; next: string } {
  const limit = limitOf(args, otherwise, max);
  const cursor = optionalText(args.cursor);
  const from = cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64').toString().replace('next:', ''));
  if (!Number.isInteger(from)) throw new SlackError('invalid_cursor');
  const end = from + limit;
  return {
    page: items.slice(from, end),
    next: end < items.length ? Buffer.from(`next:${end}`).toString('base64') : '',
  };
}
