import { canonicalJson, sha256Hex } from '../check/evaluators/canonical.ts';
import type { Change, Plan } from '../check/plan.ts';
import { partAt, splitPartKey, stateOf } from '../check/state.ts';
import type { JsonObject, PartKey, PartName, Snapshot } from '../snapshot/types.ts';
import { documentWritten, holdDocuments, lastWritten, releaseDocuments } from '../store/documents.ts';
import { findFix } from '../store/fixes.ts';
import { RENEW_EVERY_MS } from '../store/leases.ts';
import type { FixesContext } from './context.ts';
import { FixStopped } from './errors.ts';
import type { FixView } from './fix.ts';
import { targetsOf } from './targets.ts';

/** How long a plan waits for the documents that another one writes, and for its own earlier writing to be readable. */
const WAIT_MS = 5 * 60_000;
/** A net for a holder that vanished; longer than any execution. */
const HOLD_MS = 15 * 60_000;
const FIRST_WAIT_MS = 1_000;

/** Parts that changes write as a whole, so that a read can be compared with what was written. */
const WHOLE: readonly PartName[] = ['bucket.policy', 'key.policy', 'trail.selectors', 'bucket.lifecycle'];

/** Keys of the documents a plan writes; one fix at a time may hold them. */
export function documentsOf({ changes }: Plan): PartKey[] {
  return targetsOf(changes).sort();
}

/**
 * Takes the documents of a fix, waiting for whoever has them. False when the fix is no longer `approved`: another
 * process carries it out. Throws FixStopped when they do not come free in time.
 */
export async function takeDocuments({ store, sleep }: FixesContext, fix: FixView): Promise<boolean> {
  const documents = documentsOf(fix.proposal.plan);
  for (let waited = 0; ; waited += RENEW_EVERY_MS) {
    const until = new Date(store.now().getTime() + HOLD_MS);
    if (await store.transaction((tx) => holdDocuments(tx, documents, fix.id, until))) return true;
    if (waited >= WAIT_MS) throw new FixStopped(fix.id, 'another fix holds what it writes');
    await sleep(RENEW_EVERY_MS);
    if ((await findFix(store.query, fix.id))?.state !== 'approved') return false;
  }
}

/** Lets go of the documents, unless the fix is being carried out: by another process, or by the one to take it up. */
export async function leaveDocuments({ store }: FixesContext, id: string): Promise<void> {
  const state = (await findFix(store.query, id))?.state;
  if (state !== 'applying' && state !== 'verifying') await releaseDocuments(store.query, id);
}

/** Notes what was written into a document, so that a later plan waits until a read gives it back. */
export async function noteWritten({ store }: FixesContext, change: Pick<Change, 'target' | 'result'>): Promise<void> {
  const { name } = splitPartKey(change.target);
  if (!WHOLE.includes(name)) return;
  await documentWritten(store.query, { document: change.target, hash: hashOf(change.result), at: store.now() });
}

/**
 * Reads the documents of a plan until they say what was written into them last (decision 13): AWS may answer with the
 * state before that for a while, and a plan checked against it would undo the earlier one. Gives up after 5 minutes,
 * for then somebody else has changed it, which is drift.
 */
export async function readBack(context: FixesContext, plan: Plan, snapshot: Snapshot): Promise<Snapshot> {
  const { store, reading, sleep } = context;
  const written = await Promise.all(
    documentsOf(plan).map(async (key) => ({ key, last: await lastWritten(store.query, key) })),
  );
  const young = written.flatMap(({ key, last }) => {
    const left = last === undefined ? 0 : last.at.getTime() + WAIT_MS - store.now().getTime();
    return last === undefined || left <= 0 ? [] : [{ key, hash: last.hash, left }];
  });
  const stale = (now: Snapshot, waited: number) =>
    young.some(({ key, hash, left }) => waited < left && readHash(now, key) !== hash);
  let fresh = snapshot;
  for (let waited = 0, wait = FIRST_WAIT_MS; stale(fresh, waited); waited += wait, wait *= 2) {
    if (waited > 0) await sleep(wait);
    fresh = await reading.refresh(fresh, documentsOf(plan));
  }
  return fresh;
}

function readHash(snapshot: Snapshot, key: PartKey): string | undefined {
  const part = partAt(snapshot, key);
  const found = part === undefined ? undefined : stateOf(splitPartKey(key).name, part);
  return found?.known === true ? hashOf(found.state) : undefined;
}

function hashOf(state: JsonObject | null): string {
  return sha256Hex(canonicalJson(state));
}
