import type { Finding } from '../check/finding.ts';
import type { Change, Plan } from '../check/plan.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { transition } from '../store/fixes.ts';
import { findingNow } from './again.ts';
import { announceNow, fixSubject } from './announce.ts';
import { standingOf } from './apply-change.ts';
import type { FixesContext } from './context.ts';
import { newDeliveryError } from './delivery.ts';
import { finish } from './finish.ts';
import type { FixResult, FixView, Progress } from './fix.ts';
import { watchOn } from './follow-up.ts';
import { recordVerified } from './record.ts';
import { rollBack } from './roll-back.ts';
import { afterSuccess } from './success.ts';
import { partsOf } from './targets.ts';

/** AWS may show the old state for a while after a write; this long it is read again. */
const SETTLING_MS = 60_000;
const FIRST_WAIT_MS = 1_000;

/**
 * Reads again what a fix changed. It is `fixed` when the check itself passes on what is read, `unconfirmed` when that
 * does not show in time. A *new* delivery error takes the fix back, silence never does (decision 15).
 */
export async function verify(context: FixesContext, fix: FixView): Promise<void> {
  const { reading } = context;
  const { plan, target, finding } = fix.proposal;
  const stored = await reading.latest(target);
  if (stored === undefined) {
    return finish(context, fix, 'failed', fix.progress.changes, 'The result could not be read: its snapshot is gone.');
  }
  let snapshot = await reading.refresh(stored, partsOf(plan, stored));
  for (let waited = 0, wait = FIRST_WAIT_MS; ; wait *= 2) {
    const broken = newDeliveryError(fix.proposal, snapshot);
    if (broken !== undefined && fix.kind === 'fix') {
      return rollBack(context, fix, fix.progress.changes, `${broken} since the change, so it was taken back.`);
    }
    if (settled(fix, findingNow(context, finding, snapshot), snapshot) || waited >= SETTLING_MS) break;
    await context.sleep(wait);
    waited += wait;
    snapshot = await reading.refresh(snapshot, partsOf(plan, snapshot));
  }
  await reading.keep(snapshot, partsOf(plan, snapshot));
  await conclude(context, fix, snapshot);
}

/** A fix is done when its check passes; an undo when everything it touched stands as it was before. */
export function settled(fix: FixView, now: Finding | undefined, snapshot: Snapshot): boolean {
  if (fix.kind === 'fix') return now?.verdict === 'pass';
  return leftBehind(fix.proposal.plan).every((left) => standingOf(left, snapshot) === 'done');
}

/** What a plan leaves at each of its targets, its changes taken together: a later one adds to the state or removes it. */
function leftBehind({ changes }: Plan): Pick<Change, 'target' | 'expect' | 'result'>[] {
  const left = new Map<string, Pick<Change, 'target' | 'expect' | 'result'>>();
  for (const { target, result } of changes) {
    const before = left.get(target)?.result ?? null;
    const together = result === null || before === null ? result : { ...before, ...result };
    left.set(target, { target, expect: null, result: together });
  }
  return [...left.values()];
}

async function conclude(context: FixesContext, fix: FixView, snapshot: Snapshot): Promise<void> {
  const { store, owner } = context;
  const { finding, plan } = fix.proposal;
  const now = findingNow(context, finding, snapshot);
  const state = settled(fix, now, snapshot) ? 'fixed' : 'unconfirmed';
  const result: FixResult = {
    verdict: now?.verdict ?? 'unknown',
    ...(now?.reason === undefined ? {} : { reason: now.reason }),
    before: finding.evidence,
    after: now?.evidence ?? {},
  };
  const changed = await recordVerified(context, fix, snapshot);
  const watched = plan.watchDelivery.length > 0;
  const progress: Progress = { ...fix.progress, ...(watched ? { delivery: 'watched' } : {}) };
  await store.transaction(async (tx) => {
    if (!(await transition(tx, { id: fix.id, owner }, 'verifying', state, { result, progress }))) return;
    tx.audit({
      actor: 'trail-check',
      action: `fix.${state}`,
      subject: fixSubject(fix),
      planHash: fix.planHash,
      data: { verdict: result.verdict, findings: changed },
    });
    if (state === 'fixed') await afterSuccess(context, tx, fix);
    if (watched || state === 'unconfirmed') await watchOn(tx, fix.id);
    await announceNow(context, tx, fix.id);
  });
}
