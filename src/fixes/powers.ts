import { canonicalJson } from '../check/evaluators/canonical.ts';
import type { FixesContext } from './context.ts';
import type { FixView } from './fix.ts';
import { seenByOthers } from './in-force.ts';
import { hasApprovers, mayApprove, mayRequest, type Policy, peopleNeeded, policiesFor } from './policy.ts';

/** What a person may do about a fix right now. */
export interface Powers {
  /** Their word alone is enough. */
  approveAlone: boolean;
  approve: boolean;
  request: boolean;
  policies: Policy[];
  people: number;
}

export async function powersOf(context: FixesContext, fix: FixView, user: string): Promise<Powers> {
  const policies = await policiesInForce(context, fix);
  const [approver, requester] = await Promise.all([
    mayApprove(user, policies, context.directory),
    mayRequest(user, policies, context.directory),
  ]);
  const people = Math.max(peopleNeeded(policies), fix.people);
  const open = hasApprovers(policies);
  return {
    approveAlone: open && approver && people === 1 && policies.every(({ direct }) => direct),
    approve: open && approver,
    request: open && requester,
    policies,
    people,
  };
}

/**
 * Every policy a fix must satisfy now: those of this configuration and, while it settles, those of the ones that are heard
 * beside it (decision 38). All of them together ask for what the strictest does. Reads the database.
 */
export async function policiesInForce(
  context: Pick<FixesContext, 'store' | 'config'>,
  fix: Pick<FixView, 'proposal' | 'severity'>,
): Promise<Policy[]> {
  const policies = policiesOf(context, fix);
  const known = new Set(policies.map((policy) => canonicalJson(policy)));
  const others = (await seenByOthers(context, fix)).flatMap(({ config, fix: seen, until }) =>
    policiesOf({ config }, seen)
      .filter((policy) => !known.has(canonicalJson(policy)))
      .map((policy): Policy => ({ ...policy, earlier: until?.toISOString() ?? 'elsewhere' })),
  );
  return [...policies, ...others];
}

/** The policies of every account the plan touches, by this configuration alone; an undo is judged by the plan of its own. */
export function policiesOf(
  { config }: Pick<FixesContext, 'config'>,
  { proposal, severity }: Pick<FixView, 'proposal' | 'severity'>,
): Policy[] {
  const { plan, environments } = proposal;
  const accounts = [...new Set(plan.changes.map(({ account }) => account))];
  const policies = policiesFor(config, { ...plan, severity, accounts }, (account) => environments[account] ?? []);
  // What is only observed has no buttons, and nobody whose word could count.
  return policies.map((policy) =>
    isObserved(config, policy.environment) ? { ...policy, approve: [], breakGlass: [] } : policy,
  );
}

/** Is an environment looked at only (`mode: observe`)? */
export function isObserved({ environments }: FixesContext['config'], name: string | undefined): boolean {
  return name !== undefined && environments[name]?.mode === 'observe';
}
