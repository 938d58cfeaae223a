import type { Finding } from '../check/finding.ts';
import { type Plan, planHash } from '../check/plan.ts';
import { estateSettings, settingsFor } from '../posture/settings.ts';
import type { Snapshot } from '../snapshot/types.ts';
import type { FixPlan } from '../store/fixes.ts';
import type { FixesContext } from './context.ts';
import type { Proposal } from './fix.ts';
import type { PlanningContext } from './planner.ts';
import { peopleNeeded } from './policy.ts';
import { policiesOf } from './powers.ts';
import { deliveryErrors } from './targets.ts';

/** What plans are made from: a snapshot, the checks, and what the configuration says. */
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
    ...(config.aws.fixer === undefined ? {} : { fixer: config.aws.fixer.role }),
  };
}

/** A plan with what is needed to judge it and to make it again. */
export function proposalOf(plan: Plan, target: string, finding: Finding, snapshot: Snapshot): Proposal {
  const accounts = [...new Set(plan.changes.map(({ account }) => account))];
  return {
    plan,
    target,
    finding,
    environments: Object.fromEntries(accounts.map((id) => [id, snapshot.accounts[id]?.environments ?? []])),
    deliveryErrors: deliveryErrors(plan, snapshot),
  };
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
