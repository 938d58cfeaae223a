import type { OrganizationPolicies } from '../snapshot/types.ts';
import type { Context } from './evaluators/policy/conditions.ts';
import { applies } from './evaluators/policy/decide.ts';
import { operatorOf } from './evaluators/policy/operators.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import type { PolicyDocument, Statement, Verdict } from './evaluators/policy/types.ts';

/** A call that a principal of a member makes. */
export interface MemberCall {
  action: string;
  /** An ARN, or a pattern all of which is meant. */
  resource: string;
  principalArn: string;
  region: string;
  organizationId: string;
}

/** What the service control policies on the path of a member make of a call. */
export interface Ruling {
  /** `maybe`: it hangs on a value that is not known, or only a part of the resource is meant. */
  denied: Verdict;
  /** The statements that deny it for certain, each with the name of its policy. */
  by: { policy: string; statement: Statement }[];
}

interface Attached {
  name: string;
  /** Undefined: it could not be parsed. */
  document: PolicyDocument | undefined;
}

/** Policies at each level of the path: the member, its units, the root. */
export function pathOf(policies: OrganizationPolicies, account: string): Attached[][] {
  const ids = [account];
  for (let at = policies.parents[account]; at !== undefined && !ids.includes(at); at = policies.parents[at])
    ids.push(at);
  return ids.map((id) =>
    Object.values(policies.policies)
      .filter(({ targets }) => targets.includes(id))
      .map(({ Name: name, Content }) => {
        const document = parsePolicy(Content);
        return { name, document: isPolicyError(document) ? undefined : document };
      }),
  );
}

/**
 * A call is denied by a Deny anywhere on the path, or where the policies of one level that allow anything do not allow
 * it. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
 */
export function ruling(path: readonly (readonly Attached[])[], call: MemberCall): Ruling {
  const request = {
    principal: { aws: call.principalArn },
    action: call.action,
    resource: call.resource,
    context: contextOf(call),
  };
  const judge = (effect: Statement['effect'], level: readonly Attached[]) =>
    level.flatMap(({ name, document }) =>
      (document?.statements ?? [])
        .filter((statement) => statement.effect === effect)
        .map((statement) => ({
          policy: name,
          statement,
          verdict: applies(statement, request, document?.version ?? ''),
        })),
    );
  const denies = path.flatMap((level) => judge('Deny', level));
  const by = denies.filter(({ verdict }) => verdict === 'yes').map(({ policy, statement }) => ({ policy, statement }));
  if (by.length > 0) return { denied: 'yes', by };
  const allowances = path.map((level) => judge('Allow', level)).filter((level) => level.length > 0);
  if (allowances.some((level) => level.every(({ verdict }) => verdict === 'no'))) return { denied: 'yes', by: [] };
  const clear = allowances.every((level) => level.some(({ verdict }) => verdict === 'yes'));
  const doubtful =
    denies.some(({ verdict }) => verdict === 'maybe') || path.flat().some((it) => it.document === undefined);
  return { denied: doubtful || !clear ? 'maybe' : 'no', by: [] };
}

/** The ARN patterns of principals that a Deny on the path spares. */
export function sparedPrincipals(path: readonly (readonly Attached[])[]): string[] {
  const conditions = path
    .flat()
    .flatMap(({ document }) => document?.statements ?? [])
    .filter(({ effect }) => effect === 'Deny')
    .flatMap((statement) => statement.conditions);
  const negated = conditions.filter(({ key, operator }) => key === 'aws:principalarn' && operatorOf(operator)?.negated);
  return [...new Set(negated.flatMap(({ values }) => values))];
}

function contextOf({ principalArn, region, organizationId }: MemberCall): Context {
  return {
    'aws:principalarn': [principalArn],
    'aws:principalaccount': [principalArn.split(':')[4] ?? ''],
    'aws:principalorgid': [organizationId],
    'aws:principalisawsservice': ['false'],
    'aws:requestedregion': [region],
    'aws:securetransport': ['true'],
    'aws:viaawsservice': ['false'],
  };
}
