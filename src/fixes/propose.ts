import type { Finding } from '../check/finding.ts';
import type { ManualStep } from '../check/plan.ts';
import { planHash } from '../check/plan.ts';
import type { Snapshot } from '../snapshot/types.ts';
import type { FixState } from '../store/fix-states.ts';
import { createFix, fixesIn, openFix, openFixesOf, unconfirmedOf } from '../store/fixes.ts';
import { holdsOn } from '../store/holds.ts';
import { fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { type Proposal, viewOf } from './fix.ts';
import { ON_HOLD } from './holds.ts';
import { planFix } from './planner.ts';
import { hasApprovers } from './policy.ts';
import { policiesOf } from './powers.ts';
import { planningContext, proposalOf, toFixPlan } from './proposal.ts';
import { revise, supersede } from './supersede.ts';

/** What a finding's message offers: a fix with its id, guided steps, or why there is none. */
export type Offer =
  | { kind: 'fix'; fixId: string }
  | { kind: 'manual'; steps: ManualStep[]; reason?: string }
  | { kind: 'blocked'; by: string; reason: string };

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
  const failing = findings.filter(({ verdict, fix }) => verdict === 'fail' && fix !== 'none');
  for (const finding of failing) {
    const proposed = planFix(finding, planning);
    if (proposed.kind === 'plan') {
      const proposal = proposalOf(proposed.plan, target, finding, snapshot);
      offers.set(finding.id, await offerFix(context, proposal));
    } else {
      offers.set(finding.id, proposed);
      await endOpen(context, finding.id, proposed.reason ?? 'This can no longer be fixed by a button.');
    }
  }
  await followFindings(context, target, snapshot, findings);
  return offers;
}

/** The fix of a finding for which no plan can be made any more. */
async function endOpen(context: FixesContext, key: string, reason: string): Promise<void> {
  const open = await openFix(context.store.query, key);
  if (open !== undefined) await context.store.transaction((tx) => supersede(context, tx, open.id, reason));
}

/** What the findings say of fixes that are open: one that is no longer needed ends, one that is gone too. */
async function followFindings(
  context: FixesContext,
  target: string,
  snapshot: Snapshot,
  findings: readonly Finding[],
): Promise<void> {
  const { store } = context;
  const over = findings.filter(({ verdict }) => verdict !== 'fail' && verdict !== 'unknown');
  const verdicts = new Map(over.map((finding) => [finding.id, finding.verdict]));
  for (const { id, kind, key } of await openFixesOf(store.query, [...verdicts.keys()])) {
    const verdict = verdicts.get(key);
    if (kind === 'undo' || verdict === undefined) continue;
    await store.transaction((tx) => supersede(context, tx, id, NO_LONGER[verdict] ?? NO_LONGER.pass));
  }
  for (const id of await unconfirmedOf(store.query, [...verdicts.keys()])) {
    await store.enqueue('fix.follow-up', { fixId: id });
  }
  const seen = new Set(findings.map(({ id }) => id));
  const checks = new Set(findings.map(({ check }) => check));
  for (const row of await fixesIn(store.query, ['proposed', 'pending', 'approved', 'drifted'])) {
    const { proposal, kind } = viewOf(row);
    const { finding } = proposal;
    if (kind === 'undo' || proposal.target !== target || seen.has(finding.id) || !checks.has(finding.check)) continue;
    const account = snapshot.accounts[finding.account];
    if (account?.inScope !== true || account.status !== 'scanned') continue;
    await store.transaction((tx) => supersede(context, tx, row.id, 'What this fix is about is no longer there.'));
  }
}

const NO_LONGER: { readonly [verdict: string]: string } & { readonly pass: string } = {
  pass: 'This no longer fails, so there is nothing to fix.',
  exempt: 'The risk was accepted, so it is not fixed.',
  'not-applicable': 'This no longer applies, so there is nothing to fix.',
};

async function offerFix(context: FixesContext, proposal: Proposal): Promise<Offer> {
  if (!hasApprovers(policiesOf(context, { proposal, severity: proposal.finding.severity }))) {
    return { kind: 'blocked', by: 'approval', reason: 'Nobody is configured to approve fixes in these accounts.' };
  }
  const key = proposal.finding.id;
  return context.store.transaction(async (tx): Promise<Offer> => {
    const [hold] = await holdsOn(tx.query, [key, ...proposal.plan.findings]);
    if (hold !== undefined) {
      const held = await openFix(tx.query, key);
      if (held !== undefined) await supersede(context, tx, held.id, ON_HOLD);
      return { kind: 'blocked', by: 'hold', reason: ON_HOLD };
    }
    const created = await createFix(tx, { key, ...toFixPlan(proposal, context) });
    if (created !== undefined) {
      tx.audit({
        actor: 'trail-check',
        action: 'fix.proposed',
        subject: fixSubject(created),
        planHash: created.planHash,
      });
      return { kind: 'fix', fixId: created.id };
    }
    const open = await openFix(tx.query, key);
    if (open === undefined)
      return { kind: 'blocked', by: 'fix', reason: 'Another fix has just ended. Run the check again.' };
    const revisable = REVISABLE.includes(open.state);
    if (revisable && (open.planHash !== planHash(proposal.plan) || open.state === 'drifted')) {
      await revise(context, tx, open.id, proposal);
    }
    return { kind: 'fix', fixId: open.id };
  });
}

const REVISABLE: readonly FixState[] = ['proposed', 'pending', 'approved', 'drifted'];
