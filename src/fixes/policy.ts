import { canonicalJson, sha256Hex } from '../check/evaluators/canonical.ts';
import type { Finding } from '../check/finding.ts';
import type { Plan } from '../check/plan.ts';
import type { ApprovalPolicy, Config } from '../config/config.ts';
import { matchesGlob } from '../config/glob.ts';
import { leastPeople } from '../posture/evaluate.ts';
import { type Directory, isListed } from './people.ts';

/** The approval policy of one environment (or of accounts in none) as it applies to one plan. */
export interface Policy {
  /** Environment, or undefined for accounts that are in none. */
  environment: string | undefined;
  /** User ids and groups; undefined: everyone who may see the environment. */
  request: readonly string[] | undefined;
  approve: readonly string[];
  people: number;
  direct: boolean;
  requesterCounts: boolean;
  /** Milliseconds. */
  expires: number;
  pin: boolean;
}

export type Judged = Pick<Plan, 'check' | 'class' | 'risk'> &
  Pick<Finding, 'severity'> & { accounts: readonly string[] };

/**
 * The policies a plan must satisfy, each of them: one for every environment that holds an account its changes touch;
 * accounts in no environment use the default (decision 28). Rules may raise the number of people, never lower it.
 */
export function policiesFor(
  config: Config,
  plan: Judged,
  environmentsOf: (account: string) => readonly string[],
): Policy[] {
  const environments = new Set<string | undefined>();
  for (const account of plan.accounts) {
    const names = environmentsOf(account);
    if (names.length === 0) environments.add(undefined);
    for (const name of names) environments.add(name);
  }
  return [...environments].map((environment) => policyOf(config, plan, environment));
}

function policyOf(config: Config, plan: Judged, environment: string | undefined): Policy {
  const own = environment === undefined ? undefined : config.environments[environment]?.approval;
  const rules = config.approval.rules.filter(({ when }) => applies(when, plan, environment));
  const layers: ApprovalPolicy[] = [config.approval.default, ...(own === undefined ? [] : [own]), ...rules];
  const last = <Key extends keyof ApprovalPolicy>(key: Key): ApprovalPolicy[Key] | undefined =>
    layers.findLast((layer) => layer[key] !== undefined)?.[key];
  return {
    environment,
    request: last('request'),
    approve: last('approve') ?? [],
    people: Math.max(leastPeople(plan.class, plan.risk), ...layers.map((layer) => layer.people ?? 1)),
    direct: last('direct') ?? plan.class === 'auto',
    requesterCounts: last('requesterCounts') ?? false,
    expires: Math.min(...layers.map((layer) => layer.expires ?? Number.POSITIVE_INFINITY)),
    pin: layers.some((layer) => layer.pin === true),
  };
}

function applies(
  when: Config['approval']['rules'][number]['when'],
  plan: Judged,
  environment: string | undefined,
): boolean {
  return (
    (when.environment === undefined || (environment !== undefined && when.environment.includes(environment))) &&
    (when.check === undefined || when.check.some((glob) => matchesGlob(plan.check, glob))) &&
    (when.severity === undefined || when.severity.includes(plan.severity)) &&
    (when.risk === undefined || when.risk.includes(plan.risk))
  );
}

/** Approvals a plan needs: the most that one of its policies asks for. */
export function peopleNeeded(policies: readonly Policy[]): number {
  return Math.max(1, ...policies.map(({ people }) => people));
}

export function policyHash(policies: readonly Policy[]): string {
  return sha256Hex(canonicalJson(policies));
}

/** May this user approve under every one of the policies? Nobody may where nobody is configured (decision 27). */
export async function mayApprove(user: string, policies: readonly Policy[], directory: Directory): Promise<boolean> {
  const person = await directory.person(user);
  if (person === undefined || !person.member || policies.length === 0) return false;
  const listed = await Promise.all(policies.map(({ approve, pin }) => isListed(user, approve, directory, { pin })));
  return listed.every(Boolean);
}

/** May this user ask for approval? */
export async function mayRequest(user: string, policies: readonly Policy[], directory: Directory): Promise<boolean> {
  const person = await directory.person(user);
  if (person === undefined || !person.member || policies.length === 0) return false;
  const listed = await Promise.all(
    policies.map(({ request, pin }) => request === undefined || isListed(user, request, directory, { pin })),
  );
  return listed.every(Boolean);
}

/** Is there anyone at all who could approve? Without that there are no buttons. */
export function hasApprovers(policies: readonly Policy[]): boolean {
  return policies.length > 0 && policies.every(({ approve }) => approve.length > 0);
}
