import { auditOf } from '../../store/audit.ts';
import type { AuditEntry } from '../../store/database.ts';
import type { FixState } from '../../store/fix-states.ts';
import { findFix, undosOf } from '../../store/fixes.ts';
import { type FixView, viewOf } from '../fix.ts';
import type { AuditContext } from './context.ts';
import { eventsOf, type FixEvent, notedEvents } from './events.ts';
import { textIn, textsIn } from './lines.ts';

/** Everything there is to tell of one fix: what the log says, and what CloudTrail recorded. */
export interface Story {
  fix: FixView;
  /** Oldest first. */
  entries: AuditEntry[];
  events: FixEvent[];
  /** Requests that AWS answered and that CloudTrail shows no event of. */
  missing: string[];
  /** CloudTrail may still be writing them. */
  onTheirWay: boolean;
  /** The event history that could not be read. */
  problems: string[];
  /** Fixes that took this one back, or are meant to. */
  undos: { id: string; state: FixState }[];
}

/** CloudTrail shows an event within 15 minutes. */
const LATEST_MS = 15 * 60_000;

/** Undefined: there is no such fix. */
export async function storyOf(context: AuditContext, id: string): Promise<Story | undefined> {
  const { store } = context;
  const row = await findFix(store.query, id);
  if (row === undefined) return undefined;
  const fix = viewOf(row);
  const entries = await auditOf(store.query, { kind: 'fix', id });
  const began = entries.find(({ action }) => action === 'fix.applying')?.at;
  const looked = began === undefined ? { events: [], problems: [] } : await eventsOf(context, fix, began);
  const shown = new Set(looked.events.map(({ eventId }) => eventId));
  // The event history forgets; what was noted of it in time stays.
  const events = [...notedEvents(entries).filter(({ eventId }) => !shown.has(eventId)), ...looked.events];
  const seen = new Set(events.map(({ requestId }) => requestId));
  const undos = await undosOf(store.query, id);
  return {
    ...{ fix, entries, events, problems: looked.problems },
    missing: requestsOf(fix, entries).filter((requestId) => !seen.has(requestId)),
    onTheirWay: store.now().getTime() - row.updatedAt.getTime() < LATEST_MS,
    undos: undos.map(({ id: undo, state }) => ({ id: undo, state })),
  };
}

function requestsOf({ progress }: FixView, entries: readonly AuditEntry[]): string[] {
  const noted = entries.flatMap((entry) => textsIn(entry, 'requestIds'));
  return [...new Set([...noted, ...progress.changes.flatMap(({ requestId }) => requestId ?? [])])];
}

/** What stands beside an entry's action: the reason somebody gave, or why something ended. */
export function remarkOf(entry: AuditEntry): string | undefined {
  return textIn(entry, 'reason') ?? textIn(entry, 'error');
}
