import type { EventDataStore, Snapshot } from '../snapshot/types.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';
import { isRefusedThere } from './closed-regions.ts';
import type { SubjectOf } from './subject.ts';

export const STORE_NEEDS = ['account.eventDataStores', 'eventDataStore'] as const;

/** Kinds of events that make a store one of CloudTrail events; others hold Insights, Config items, outside events. */
const TRAIL_EVENTS = new Set(['Management', 'Data', 'NetworkActivity']);

/**
 * The event data store a check was asked about, or the judgement that has to stand instead. Where an account has none,
 * none is asked for: CloudTrail Lake takes no new customers since 31 May 2026.
 */
export function storeOf(
  snapshot: Pick<Snapshot, (typeof STORE_NEEDS)[number]>,
  { arn, account }: SubjectOf<'event-data-store'>,
): { store: EventDataStore } | { judgement: Judgement } {
  if (arn === undefined) return { judgement: withoutStore(snapshot, account) };
  const part = partOf(snapshot.eventDataStore, arn);
  if (part.state === 'read') return { store: part.value };
  if (part.state === 'absent') {
    const reason = 'The event data store was deleted while the estate was read.';
    return { judgement: { verdict: 'not-applicable', reason } };
  }
  if (part.state === 'unsupported') return { judgement: notOffered(part.message) };
  return { judgement: unknownBecause(part, { EventDataStoreArn: arn }) };
}

function withoutStore(snapshot: Pick<Snapshot, 'account.eventDataStores'>, account: string): Judgement {
  const all = snapshot['account.eventDataStores'];
  const own = Object.entries(all).filter(([place]) => place.startsWith(`${account}/`));
  const closed = own.flatMap(([place]) => (isRefusedThere(all, place) ? [place.slice(account.length + 1)] : []));
  const listings = own.flatMap(([place, part]) => (isRefusedThere(all, place) ? [] : [part]));
  for (const part of listings) {
    if (part.state !== 'read' && part.state !== 'absent' && part.state !== 'unsupported') return unknownBecause(part);
  }
  const [first] = listings;
  if (first?.state === 'unsupported' && listings.every(({ state }) => state === 'unsupported')) {
    return notOffered(first.message);
  }
  return {
    verdict: 'not-applicable',
    reason: 'The account has no event data store.',
    ...(closed.length === 0
      ? {}
      : { notes: [`Not looked into, closed by a service control policy: ${closed.sort().join(', ')}.`] }),
  };
}

function notOffered(message: string): Judgement {
  return { verdict: 'not-applicable', reason: `CloudTrail Lake is not offered here: ${message}.` };
}

/** Does the store hold events of CloudTrail? */
export function holdsTrailEvents({ AdvancedEventSelectors }: EventDataStore): boolean {
  return AdvancedEventSelectors.some((selector) => {
    const fields = Array.isArray(selector.FieldSelectors) ? selector.FieldSelectors : [];
    return fields.some((field) => {
      if (typeof field !== 'object' || field === null || Array.isArray(field)) return false;
      const { Field, Equals } = field;
      return Field === 'eventCategory' && Array.isArray(Equals) && Equals.some((it) => TRAIL_EVENTS.has(String(it)));
    });
  });
}
