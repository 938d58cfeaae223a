import type { FixView } from '../fixes/fix.ts';
import type { Store } from '../store/store.ts';
import type { Click } from './click.ts';
import { type ListMetadata, type Origin, readList } from './modal.ts';

/** The channel and thread that a click came from: where the story of what it starts is told. */
export async function originOf(store: Store, { place }: Click): Promise<Origin | undefined> {
  if (place.kind === 'modal') return listBelow(place.metadata)?.origin;
  if (place.kind !== 'message') return undefined;
  const row = await store.query
    .selectFrom('messages')
    .select(['key', 'threadKey'])
    .where('ts', '=', place.ts)
    .where((where) => where.or([where('channel', '=', place.channel), where('channel', 'like', '#%')]))
    .executeTakeFirst();
  return row === undefined ? undefined : { channel: place.channel, threadKey: row.threadKey ?? row.key };
}

/** The last run in which a fix was offered, for a review that was opened from Home. */
export async function lastThreadOf(store: Store, { proposal }: FixView): Promise<Origin | undefined> {
  const row = await store.query
    .selectFrom('messages')
    .innerJoin('runs', 'runs.id', 'messages.subjectId')
    .select(['messages.key', 'messages.channel'])
    .where('messages.subjectKind', '=', 'run')
    .where('runs.target', '=', proposal.target)
    .orderBy('messages.id', 'desc')
    .executeTakeFirst();
  return row === undefined ? undefined : { channel: row.channel, threadKey: row.key };
}

/** What a list modal says about itself; undefined for any other modal. */
export function listBelow(metadata: string): ListMetadata | undefined {
  return metadata.includes('"list"') ? readList(metadata) : undefined;
}
