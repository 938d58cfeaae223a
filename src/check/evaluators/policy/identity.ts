import { evaluateConditions } from './conditions.ts';
import { lowerCase, matchListed, type Request } from './decide.ts';
import type { PolicyDocument, Statement, Verdict } from './types.ts';
import { every } from './verdict.ts';

/** A statement that lets the holder do it. `conditional`: under conditions that cannot be decided here. */
export interface Allowance<Policy> {
  policy: Policy;
  statement: Statement;
  conditional: boolean;
}

/**
 * What the identity policies of one holder, all of them, allow it to do; empty where they deny it or are silent. A Deny
 * counts where it holds for certain, an Allow also where its conditions may hold. `part: true`: a statement that meets a
 * part of the resource asked for counts as well. Boundaries and policies of the organization are not looked at.
 */
export function allowances<Policy extends { document: PolicyDocument }>(
  policies: readonly Policy[],
  request: Omit<Request, 'principal'>,
  {
    part = false,
    skip = () => false,
  }: { part?: boolean; skip?: (policy: Policy, statement: Statement) => boolean } = {},
): Allowance<Policy>[] {
  const meeting = policies.flatMap((policy) =>
    policy.document.statements.map((statement) => ({
      policy,
      statement,
      ...meets(statement, request, policy.document),
    })),
  );
  const denied = meeting.some(({ statement: { effect }, target, conditions }) => {
    return effect === 'Deny' && target === 'yes' && conditions === 'yes';
  });
  if (denied) return [];
  return meeting.flatMap(({ policy, statement, target, conditions }) => {
    const met = target === 'yes' || (part && target === 'maybe');
    if (statement.effect !== 'Allow' || !met || conditions === 'no' || skip(policy, statement)) return [];
    return [{ policy, statement, conditional: conditions === 'maybe' }];
  });
}

/** Everything on everything, under whatever conditions: what an administrator has. */
export function isAdministration({ effect, action, resource }: Statement): boolean {
  const star = (listed: typeof resource) => listed !== undefined && !listed.not && listed.values.includes('*');
  return effect === 'Allow' && star(action) && star(resource);
}

function meets(
  { action, resource, conditions }: Statement,
  request: Omit<Request, 'principal'>,
  { version }: PolicyDocument,
): { target: Verdict; conditions: Verdict } {
  return {
    target: every([
      matchListed(lowerCase(action), request.action.toLowerCase(), {}, ''),
      resource === undefined ? 'yes' : matchListed(resource, request.resource, request.context, version),
    ]),
    conditions: evaluateConditions(conditions, request.context, version),
  };
}
