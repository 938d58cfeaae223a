import { canonicalJson, sha256Hex } from '../check/evaluators/canonical.ts';
import { fixesOfBatch, joinBatch, newBatchId } from '../store/batches.ts';
import { createFix, openFix, openFixesOf } from '../store/fixes.ts';
import { planAgain } from './again.ts';
import { fixSubject } from './announce.ts';
import { approve } from './approve.ts';
import type { FixesContext } from './context.ts';
import type { Decided } from './decision.ts';
import { type FixView, type Proposal, viewOf } from './fix.ts';
import { policiesOf } from './powers.ts';
import { toFixPlan } from './proposal.ts';
import { reject } from './reject.ts';
import { requestApproval } from './request.ts';

/** Fixes that are decided together. Each keeps its own plan, hash, session and outcome: one that fails stops no other. */
export interface Batch {
  id: string;
  fixes: FixView[];
  /** Over what is decided: which fixes, which revision, which plan. A button carries it, so that no other set is meant. */
  hash: string;
}

export type BatchAnswer = { ok: true; batch: Batch; refused: string[] } | { ok: false; message: string };

/** More would neither fit a modal nor be looked at. */
export const MOST_IN_BATCH = 40;

/** What may be decided together: proposed fixes of class `auto` that ask for no proof beyond the click. */
export async function batchable(context: FixesContext, findings: readonly string[]): Promise<FixView[]> {
  const open = (await openFixesOf(context.store.query, findings)).map(viewOf);
  return open.filter((fix) => isBatchable(context, fix)).slice(0, MOST_IN_BATCH);
}

function isBatchable(context: FixesContext, fix: FixView): boolean {
  const { state, kind, proposal, row } = fix;
  if (state !== 'proposed' || kind !== 'fix' || row.requestedBy !== null) return false;
  if (proposal.plan.class !== 'auto' || proposal.plan.risk === 'irreversible') return false;
  return policiesOf(context, fix).every(({ stepUp }) => stepUp === 'none');
}

export async function findBatch({ store }: Pick<FixesContext, 'store'>, id: string): Promise<Batch | undefined> {
  const fixes = (await fixesOfBatch(store.query, id)).map(viewOf);
  return fixes.length === 0 ? undefined : { id, fixes, hash: batchHash(fixes) };
}

export function batchHash(fixes: readonly FixView[]): string {
  return sha256Hex(canonicalJson(fixes.map(({ id, revision, planHash }) => [id, revision, planHash]).sort())).slice(
    0,
    16,
  );
}

/** **Request approval** or **Approve** on a set of fixes as it was shown: all of them as they were, or none. */
export async function submitBatch(
  context: FixesContext,
  {
    fixes,
    act,
    user,
    reason,
    origin,
  }: {
    fixes: readonly { id: string; revision: number }[];
    act: 'approve' | 'request';
    user: string;
    reason: string | undefined;
    origin: NonNullable<Proposal['origin']>;
  },
): Promise<BatchAnswer> {
  const { store } = context;
  const id = newBatchId();
  const whole = await store.transaction(async (tx) => {
    const joined = await joinBatch(tx, id, fixes);
    if (joined !== fixes.length) {
      await tx.query.updateTable('fixes').set({ batch: null }).where('batch', '=', id).execute();
      return false;
    }
    tx.audit({
      actor: user,
      action: 'batch.submitted',
      subject: { kind: 'batch', id },
      data: { fixes: fixes.map((fix) => fix.id), act, reason },
    });
    const thread = origin.threadKey === undefined ? {} : { threadKey: origin.threadKey };
    await tx.say({ key: `batch:${id}`, channel: origin.channel, ...thread, subject: { kind: 'batch', id } });
    return true;
  });
  if (!whole)
    return { ok: false, message: 'One of these fixes has changed or is decided already. Look at the set again.' };
  const why = reason === undefined ? {} : { reason };
  const decide = act === 'approve' ? approve : requestApproval;
  const answers: Decided[] = [];
  for (const { id: fixId, revision } of fixes) answers.push(await decide(context, { fixId, revision, user, ...why }));
  return answered(context, id, answers);
}

/** One person's word on every fix of a batch that still waits, if the set is the one that was shown. */
export async function decideBatch(
  context: FixesContext,
  {
    batch: id,
    hash,
    user,
    decision,
    reason,
  }: {
    batch: string;
    hash: string;
    user: string;
    decision: 'approve' | 'reject';
    reason: string | undefined;
  },
): Promise<BatchAnswer> {
  const batch = await findBatch(context, id);
  if (batch === undefined) return { ok: false, message: 'These fixes are no longer there. Check again.' };
  if (batch.hash !== hash)
    return { ok: false, message: 'One of these plans has changed. Look at the newest message first.' };
  const waiting = batch.fixes.filter(({ state }) => state === 'pending');
  if (waiting.length === 0) return { ok: false, message: 'Nothing of this waits for a decision any more.' };
  const answers: Decided[] = [];
  const why = reason === undefined ? {} : { reason };
  for (const { id: fixId, revision } of waiting) {
    const word = { fixId, revision, user, ...why };
    answers.push(await (decision === 'approve' ? approve(context, word) : reject(context, word)));
  }
  return answered(context, id, answers);
}

/** Plans what did not come out right once more, as a set of its own that waits for its review. */
export async function retryBatch(
  context: FixesContext,
  { batch: id, user, origin }: { batch: string; user: string; origin: NonNullable<Proposal['origin']> },
): Promise<BatchAnswer> {
  const batch = await findBatch(context, id);
  const failed = batch?.fixes.filter(({ state }) => FAILED.includes(state)) ?? [];
  if (failed.length === 0) return { ok: false, message: 'Nothing of this has failed.' };
  const again = await Promise.all(failed.map((fix) => planAgain(context, fix)));
  const next = newBatchId();
  const { store } = context;
  const planned = await store.transaction(async (tx) => {
    const made: string[] = [];
    for (const each of again) {
      if (each.kind !== 'planned') continue;
      const key = each.proposal.finding.id;
      const fix =
        (await createFix(tx, { key, ...toFixPlan(each.proposal, context) })) ?? (await openFix(tx.query, key));
      if (fix?.state !== 'proposed') continue;
      tx.audit({ actor: user, action: 'fix.proposed', subject: fixSubject(fix), planHash: fix.planHash });
      if ((await joinBatch(tx, next, [fix])) === 1) made.push(fix.id);
    }
    if (made.length > 0) {
      const thread = origin.threadKey === undefined ? {} : { threadKey: origin.threadKey };
      await tx.say({ key: `batch:${next}`, channel: origin.channel, ...thread, subject: { kind: 'batch', id: next } });
    }
    return made.length;
  });
  if (planned === 0) return { ok: false, message: 'Nothing of what failed can be fixed by a button now. Check again.' };
  return answered(context, next, []);
}

const FAILED: readonly FixView['state'][] = ['failed', 'rolled-back', 'unconfirmed'];

async function answered(context: FixesContext, id: string, answers: readonly Decided[]): Promise<BatchAnswer> {
  const refused = [...new Set(answers.flatMap((answer) => (answer.ok ? [] : [answer.message])))];
  const batch = await findBatch(context, id);
  if (batch === undefined) return { ok: false, message: 'These fixes are no longer there. Check again.' };
  if (answers.length > 0 && answers.every(({ ok }) => !ok))
    return { ok: false, message: refused[0] ?? 'It did not count.' };
  return { ok: true, batch, refused };
}
