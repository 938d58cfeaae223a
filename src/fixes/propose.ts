import type { Finding } from '../check/finding.ts';
import type { ManualStep, Plan } from '../check/plan.ts';
import { planHash } from '../check/plan.ts';
import { resourceOf, type Subject, subjectsOf } from '../check/subject.ts';
import type { EvaluationContext } from '../posture/evaluate.ts';
import { evaluateOne } from '../posture/evaluate.ts';
import { estateSettings, settingsFor } from '../posture/settings.ts';
import type { PartKey, Snapshot } from '../snapshot/types.ts';
import { createFix, type FixPlan, openFix, openFixesOf, reviseFix, transition } from '../store/fixes.ts';
import { holdsOn } from '../store/holds.ts';
import type { FixesContext } from './context.ts';
import { policiesOf } from './decide.ts';
import { announceNow, targetsOf } from './execute.ts';
import type { FixView, Proposal } from './fix.ts';
import { type PlanningContext, planFix } from './planner.ts';
import { hasApprovers, peopleNeeded } from './policy.ts';

/** What a finding's message offers: a fix with its id, guided steps, or why there is none. */
export type Offer =
  | { kind: 'fix'; fixId: string }
  | { kind: 'manual'; steps: ManualStep[]; reason?: string }
  | { kind: 'blocked'; by: string; reason: string };

export function planningContext(
  context: Pick<FixesContext, 'config' | 'catalogue'>,
  snapshot: Snapshot,
): PlanningContext {
  const { config, catalogue } = context;
  const environmentsOf = (account: string) => snapshot.accounts[account]?.environments ?? [];
  return {
    snapshot,
    catalogue,
    estate: estateSettings(config),
    settingsFor: settingsFor(config, environmentsOf),
    managedBy: config.managedBy,
  };
}

/**
 * Plans every failing finding of a run and keeps the plans, so that a review opens without asking AWS. A fix that is
 * open already gets the new plan as its next revision if it differs; a fix whose finding no longer fails is superseded.
 */
export async function propose(
  context: FixesContext,
  { target, snapshot, findings }: { target: string; snapshot: Snapshot; findings: readonly Finding[] },
): Promise<Map<string, Offer>> {
  const planning = planningContext(context, snapshot);
  const offers = new Map<string, Offer>();
  const holds = new Set(
    (
      await holdsOn(
        context.store.query,
        findings.map(({ id }) => id),
      )
    ).map(({ finding }) => finding),
  );
  for (const finding of findings) {
    if (finding.verdict !== 'fail' || finding.fix === 'none') continue;
    if (holds.has(finding.id)) {
      offers.set(finding.id, { kind: 'blocked', by: 'hold', reason: 'The fix was undone; it is on hold.' });
      continue;
    }
    const proposed = planFix(finding, planning);
    if (proposed.kind === 'plan') {
      const proposal = proposalOf(proposed.plan, target, finding, snapshot);
      offers.set(finding.id, await offerFix(context, proposal));
    } else offers.set(finding.id, proposed);
  }
  await supersede(
    context,
    findings.filter(({ verdict }) => verdict !== 'fail' && verdict !== 'unknown').map(({ id }) => id),
  );
  return offers;
}

async function offerFix(context: FixesContext, proposal: Proposal): Promise<Offer> {
  if (!hasApprovers(policiesOf(context, { proposal, severity: proposal.finding.severity }))) {
    return { kind: 'blocked', by: 'approval', reason: 'Nobody is configured to approve fixes in these accounts.' };
  }
  const key = proposal.finding.id;
  return context.store.transaction(async (tx) => {
    const created = await createFix(tx, { key, ...toFixPlan(proposal, context) });
    if (created !== undefined) {
      tx.audit({
        actor: 'trail-check',
        action: 'fix.proposed',
        subject: { kind: 'fix', id: created.id },
        planHash: created.planHash,
      });
      return { kind: 'fix', fixId: created.id };
    }
    const open = await openFix(tx.query, key);
    if (open === undefined)
      return { kind: 'blocked', by: 'fix', reason: 'Another fix has just ended. Run the check again.' };
    const revisable = open.state === 'proposed' || open.state === 'pending' || open.state === 'drifted';
    if (revisable && (open.planHash !== planHash(proposal.plan) || open.state === 'drifted')) {
      const revised = await reviseFix(tx, open, toFixPlan(proposal, context));
      if (revised !== undefined) {
        tx.audit({
          actor: 'trail-check',
          action: 'fix.revised',
          subject: { kind: 'fix', id: open.id },
          planHash: revised.planHash,
        });
        await announceNow(context, tx, open.id);
      }
    }
    return { kind: 'fix', fixId: open.id };
  });
}

/** Ends open fixes whose finding no longer fails. */
async function supersede(context: FixesContext, findings: readonly string[]): Promise<void> {
  for (const row of await openFixesOf(context.store.query, findings)) {
    if (row.kind === 'undo') continue;
    await context.store.transaction(async (tx) => {
      if (!(await transition(tx, row.id, ['proposed', 'pending', 'approved', 'drifted'], 'superseded'))) return;
      tx.audit({ actor: 'trail-check', action: 'fix.superseded', subject: { kind: 'fix', id: row.id } });
      await announceNow(context, tx, row.id);
    });
  }
}

/** The columns of a fix that follow from its proposal. */
export function toFixPlan(proposal: Proposal, context: Pick<FixesContext, 'config'>): FixPlan {
  const { plan, finding } = proposal;
  const accounts = [...new Set(plan.changes.map(({ account }) => account))];
  const policies = policiesOf(context, { proposal, severity: finding.severity });
  return {
    findings: plan.findings,
    check: plan.check,
    accounts,
    plan: proposal,
    planHash: planHash(plan),
    class: plan.class,
    risk: plan.risk,
    people: peopleNeeded(policies),
  };
}

export type Again =
  | { kind: 'planned'; proposal: Proposal }
  | { kind: 'gone'; reason: string }
  | { kind: 'unreadable'; reason: string };

/** Reads what a plan starts from again and plans again: the drift test. */
export async function planAgain(context: FixesContext, fix: FixView): Promise<Again> {
  const { target, plan, finding } = fix.proposal;
  const stored = await context.reading.latest(target);
  if (stored === undefined)
    return { kind: 'unreadable', reason: 'The snapshot of this plan is no longer there. Run the check again.' };
  const keys = [...targetsOf(plan.changes), ...surroundings(plan, stored)];
  const snapshot = await context.reading.refresh(stored, keys);
  if (fix.kind === 'undo') return { kind: 'planned', proposal: fix.proposal };
  const now = findingNow(context, finding, snapshot);
  if (now === undefined) return { kind: 'gone', reason: 'What this fix is about is no longer there.' };
  if (now.verdict === 'unknown') return { kind: 'unreadable', reason: now.reason ?? 'AWS could not be read.' };
  if (now.verdict !== 'fail') return { kind: 'gone', reason: 'This no longer fails; there is nothing to fix.' };
  const planned = planFix(now, planningContext(context, snapshot));
  if (planned.kind !== 'plan')
    return { kind: 'gone', reason: planned.reason ?? 'This can no longer be fixed by a button.' };
  return { kind: 'planned', proposal: proposalOf(planned.plan, target, now, snapshot) };
}

function proposalOf(plan: Plan, target: string, finding: Finding, snapshot: Snapshot): Proposal {
  const accounts = [...new Set(plan.changes.map(({ account }) => account))];
  return {
    plan,
    target,
    finding,
    environments: Object.fromEntries(accounts.map((id) => [id, snapshot.accounts[id]?.environments ?? []])),
    deliveryErrors: deliveryErrors(plan, snapshot),
  };
}

/** A finding's verdict on another snapshot. */
export function findingNow(context: FixesContext, finding: Finding, snapshot: Snapshot): Finding | undefined {
  const check = context.catalogue.get(finding.check);
  if (check === undefined) return undefined;
  const evaluation: EvaluationContext = planningContext(context, snapshot);
  const subject = subjectsOf(check.scope, snapshot).find((candidate: Subject) => {
    return candidate.account === finding.account && resourceOf(candidate, snapshot.partition) === finding.resource;
  });
  return subject === undefined ? undefined : evaluateOne(check, subject, evaluation);
}

/** Parts around a plan that its checks judge besides the targets: the watched trails with their buckets and keys. */
export function surroundings(plan: Plan, snapshot: Snapshot): PartKey[] {
  return plan.watchDelivery.flatMap((arn): PartKey[] => {
    const trail = snapshot.trail[arn];
    const keys: PartKey[] = [`trail:${arn}`, `trail.status:${arn}`, `trail.selectors:${arn}`];
    if (trail?.state !== 'read') return keys;
    const { S3BucketName, KmsKeyId } = trail.value;
    keys.push(`bucket.policy:${S3BucketName}`);
    if (KmsKeyId !== undefined && KmsKeyId !== '') keys.push(`key:${KmsKeyId}`, `key.policy:${KmsKeyId}`);
    return keys;
  });
}

function deliveryErrors(plan: Plan, snapshot: Snapshot): { [trailArn: string]: string } {
  return Object.fromEntries(
    plan.watchDelivery.flatMap((arn) => {
      const status = snapshot['trail.status'][arn];
      const error = status?.state === 'read' ? status.value.LatestDeliveryError : undefined;
      return error === undefined || error === '' ? [] : [[arn, error]];
    }),
  );
}
