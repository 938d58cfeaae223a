import { type FixRevision, transition } from '../store/fixes.ts';
import type { Tx } from '../store/store.ts';
import { takeDue, waitUntil } from '../store/waiting.ts';
import { announceNow, fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import type { FixView } from './fix.ts';
import { freezeFor, placeOf } from './freeze.ts';
import { hoursOf, type Policy } from './policy.ts';
import { nextOpening } from './windows.ts';

/** Said where windows of several policies never meet: nothing would ever run. */
export const NEVER_OPEN =
  'The change windows of these accounts have no time in common, so this could never run. Ask whoever keeps the configuration.';

/** Could a plan ever run under these policies? */
export function everOpen(policies: readonly Policy[], at: Date): boolean {
  return nextOpening(hoursOf(policies), at) !== undefined;
}

/**
 * `pending -> approved`: queues the execution, or notes when it may run where a change window or a planned freeze has to
 * be waited for (decision 31). In an emergency nothing is waited for.
 */
export async function letRun(
  tx: Tx,
  fix: FixRevision,
  policies: readonly Policy[],
  { emergency = false }: { emergency?: boolean } = {},
): Promise<boolean> {
  const opens = emergency ? tx.at : nextOpening(hoursOf(policies), tx.at);
  const now = opens !== undefined && opens <= tx.at;
  const startsAt = now ? null : (opens ?? null);
  if (!(await transition(tx, fix, 'pending', 'approved', { approvedAt: tx.at, startsAt }))) return false;
  if (now) await tx.enqueue('fix.apply', { fixId: fix.id });
  return true;
}

/** May an approved fix run at this moment? If not it waits on, and says until when. */
export async function mayRunNow(
  context: Pick<FixesContext, 'store' | 'announce'>,
  fix: FixView,
  policies: readonly Policy[],
): Promise<boolean> {
  const { store } = context;
  const now = store.now();
  const frozen = fix.row.breakGlass ? undefined : await freezeFor(store.query, fix);
  const opens = fix.row.breakGlass ? now : frozen === undefined ? nextOpening(hoursOf(policies), now) : undefined;
  if (opens !== undefined && opens <= now) return true;
  await store.transaction(async (tx) => {
    // A freeze has no end of its own: whoever lifts it lets this look again.
    const until = opens ?? fix.expiresAt ?? now;
    const why = frozen === undefined ? NEVER_OPEN : `${placeOf(frozen.environment)} is frozen: ${frozen.reason}`;
    const waits = await waitUntil(tx, fix, until, opens === undefined ? why : undefined);
    if (!waits) return;
    const data = { startsAt: until.toISOString() };
    tx.audit({ actor: 'trail-check', action: 'fix.put-off', subject: fixSubject(fix), planHash: fix.planHash, data });
    await announceNow(context, tx, fix.id);
  });
  return false;
}

/** Queues what waited for this moment; each fix once, whichever process looks first. */
export async function startDue({ store }: Pick<FixesContext, 'store'>): Promise<string[]> {
  return store.transaction(async (tx) => {
    const due = await takeDue(tx);
    for (const fixId of due) await tx.enqueue('fix.apply', { fixId });
    return due;
  });
}
