import { canonicalJson, sha256Hex } from '../check/evaluators/canonical.ts';
import type { Finding } from '../check/finding.ts';
import type { Plan } from '../check/plan.ts';
import type { ApprovalPolicy, Config } from '../config/config.ts';
import { matchesGlob } from '../config/glob.ts';
import { STEP_UPS } from '../config/schema/approval.ts';
import type { AnyCheck } from '../posture/catalogue.ts';
import { leastPeople } from '../posture/evaluate.ts';
import { type Directory, isListed } from './people.ts';
import type { Hours } from './windows.ts';

/** What an approver proves beside the click, from the weakest to the strongest. */
export type StepUp = (typeof STEP_UPS)[number];

/** The approval policy of one environment (or of accounts in none) as it applies to one plan. */
export interface Policy extends Hours {
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
  /** A request and each approval must say why. */
  reason: boolean;
  /** When those who must act are reminded, in milliseconds from the request, the earliest first. */
  remind: readonly number[];
  stepUp: StepUp;
  /** Who may approve alone in an emergency (decision 34). */
  breakGlass: readonly string[];
  /**
   * Of another configuration that is heard beside this one (decision 38): until when, in ISO 8601, or `elsewhere` as long
   * as another process runs under it.
   */
  earlier?: string;
}

export type Judged = Pick<Plan, 'check' | 'class' | 'risk'> &
  Pick<Finding, 'severity'> & { accounts: readonly string[] };

/** The part of a configuration that policies follow from. */
export interface PolicyConfig {
  approval: Config['approval'];
  environments: { readonly [name: string]: { readonly approval?: ApprovalPolicy | undefined } };
}

/** The plans of a check as they usually are; undefined where it has no automatic fix. A single plan may be heavier. */
export function usualPlan({ id, severity, fix }: AnyCheck): Omit<Judged, 'accounts'> | undefined {
  if (fix.class !== 'auto' && fix.class !== 'auto-second-approver') return undefined;
  return { check: id, severity, class: fix.class, risk: fix.risk };
}

const HOUR_MS = 3_600_000;
/** Where no policy says when: growing distances. */
const REMIND: readonly number[] = [HOUR_MS, 4 * HOUR_MS, 12 * HOUR_MS];

/**
 * The policies a plan must satisfy, each of them: one for every environment that holds an account its changes touch;
 * accounts in no environment use the default (decision 28). Rules may raise the number of people, never lower it.
 */
export function policiesFor(
  config: PolicyConfig,
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

/** One place of the configuration that says something about a policy. */
export interface Layer {
  /** Where it stands in the file. */
  path: readonly (string | number)[];
  says: ApprovalPolicy;
}

/** What the configuration says about a plan in an environment, from the widest to the most special. */
export function layersOf(
  { approval, environments }: PolicyConfig,
  plan: Omit<Judged, 'accounts'>,
  environment: string | undefined,
): Layer[] {
  const own = environment === undefined ? undefined : environments[environment]?.approval;
  const rules = approval.rules.flatMap(({ when, ...says }, at): Layer[] =>
    applies(when, plan, environment) ? [{ path: ['approval', 'rules', at], says }] : [],
  );
  return [
    { path: ['approval', 'default'], says: approval.default },
    ...(own === undefined ? [] : [{ path: ['environments', environment ?? '', 'approval'], says: own }]),
    ...rules,
  ];
}

/**
 * What holds in one environment. Where it is about safety the strictest layer does; of who may request, approve and break
 * the glass, and of when people are reminded, the most special layer that says something.
 */
export function policyOf(
  config: PolicyConfig,
  plan: Omit<Judged, 'accounts'>,
  environment: string | undefined,
): Policy {
  const layers = layersOf(config, plan, environment).map(({ says }) => says);
  const last = <Key extends keyof ApprovalPolicy>(key: Key): ApprovalPolicy[Key] | undefined =>
    layers.findLast((layer) => layer[key] !== undefined)?.[key];
  const freezes = config.approval.freezes.filter(
    ({ environment: names }) => names === undefined || (environment !== undefined && names.includes(environment)),
  );
  return {
    environment,
    request: last('request'),
    approve: last('approve') ?? [],
    people: Math.max(leastPeople(plan.class, plan.risk), ...layers.map((layer) => layer.people ?? 1)),
    direct: last('direct') ?? plan.class === 'auto',
    requesterCounts: last('requesterCounts') ?? false,
    expires: Math.min(...layers.map((layer) => layer.expires ?? Number.POSITIVE_INFINITY)),
    pin: layers.some((layer) => layer.pin === true),
    reason: layers.some((layer) => layer.reason === true),
    remind: [...(last('remind') ?? REMIND)].sort((one, other) => one - other),
    windows: layers.flatMap(({ windows }) => (windows === undefined ? [] : [windows])),
    freezes: freezes.map(({ environment: _, ...freeze }) => freeze),
    stepUp: strongest(layers.map(({ stepUp }) => stepUp ?? 'none')),
    breakGlass: last('breakGlass') ?? [],
  };
}

function strongest(levels: readonly StepUp[]): StepUp {
  return STEP_UPS.findLast((level) => levels.includes(level)) ?? 'none';
}

function applies(
  when: Config['approval']['rules'][number]['when'],
  plan: Omit<Judged, 'accounts'>,
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

/** Approvals that an undo needs: two at least, and no fewer than the fix it takes back (decision 32). */
export function peopleForUndo({ people }: { people: number }, policies: readonly Policy[]): number {
  return Math.max(2, people, peopleNeeded(policies));
}

/** What an approver of a plan proves: the strongest that one of its policies asks for. */
export function stepUpNeeded(policies: readonly Policy[]): StepUp {
  return strongest(policies.map(({ stepUp }) => stepUp));
}

/** Must a request and each approval say why? */
export function reasonNeeded(policies: readonly Policy[]): boolean {
  return policies.some(({ reason }) => reason);
}

/** When a plan may run: where every one of its policies lets it. */
export function hoursOf(policies: readonly Policy[]): Hours {
  return {
    windows: policies.flatMap(({ windows }) => windows),
    freezes: policies.flatMap(({ freezes }) => freezes),
  };
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

/** May this user approve alone in an emergency, under every one of the policies? */
export async function mayBreakGlass(user: string, policies: readonly Policy[], directory: Directory): Promise<boolean> {
  const person = await directory.person(user);
  if (person === undefined || !person.member || policies.length === 0) return false;
  const listed = await Promise.all(
    policies.map(({ breakGlass, pin }) => isListed(user, breakGlass, directory, { pin })),
  );
  return listed.every(Boolean);
}

/** Is there anyone at all who could approve? Without that there are no buttons. */
export function hasApprovers(policies: readonly Policy[]): boolean {
  return policies.length > 0 && policies.every(({ approve }) => approve.length > 0);
}
