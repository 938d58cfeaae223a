import { canonicalJson } from '../check/evaluators/canonical.ts';
import type { Risk, Severity } from '../check/finding.ts';
import type { ApprovalPolicy } from '../config/config.ts';
import { formatPath, type Path } from '../config/problem.ts';
import { type Judged, type Layer, layersOf, type Policy, type PolicyConfig, policyOf } from './policy.ts';
import { duration, freezeWords, windowWords } from './policy-words.ts';

/** What one policy says about one thing, and which layers make it so. */
export interface PolicyAspect {
  what: string;
  /** User ids, groups and handles as the configuration names them stand in `people`. */
  says: string;
  people?: readonly string[];
  why: readonly string[];
}

export interface ExplainedPolicy {
  environment: string | undefined;
  check: string;
  /** Places of the configuration that were looked at, from the widest to the most special, and whether they apply. */
  layers: { place: string; applies: boolean; note: string }[];
  /** What holds for the plans of this check as they usually are. */
  usual: PolicyAspect[];
  /** Plans for which something else holds: which, and what differs. */
  others: { when: string; differs: PolicyAspect[] }[];
}

type Case = Omit<Judged, 'accounts'>;

/** Where a path stands: `approval.default (trail-check.yaml:12)`. */
export type PlaceOf = (path: Path) => string;

const RISKS: readonly Risk[] = ['safe', 'cost', 'disruptive', 'irreversible'];
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** Which rules apply to the fixes of a check in an environment, what they come to, and why. */
export function explainPolicy(
  config: PolicyConfig,
  { environment, usual }: { environment: string | undefined; usual: Case },
  placeOf: PlaceOf = formatPath,
): ExplainedPolicy {
  const explained = (plan: Case) => aspectsOf(config, plan, environment, placeOf);
  const base = explained(usual);
  const said = new Map(base.map((aspect) => [aspect.what, aspect]));
  const others = departures(usual).map(({ when, plan }) => ({
    when,
    differs: explained(plan).filter((aspect) => saying(aspect) !== saying(said.get(aspect.what))),
  }));
  return {
    environment,
    check: usual.check,
    layers: layersLookedAt(config, usual, environment, placeOf),
    usual: base,
    others: grouped(others.filter(({ differs }) => differs.length > 0)),
  };
}

/** Plans may be heavier than the check says, and findings of another severity. */
function departures(usual: Case): { when: string; plan: Case }[] {
  const heavier: Case['class'] = 'auto-second-approver';
  return [
    ...(usual.class === 'auto'
      ? [{ when: 'the plan asks for a second approver', plan: { ...usual, class: heavier } }]
      : []),
    ...RISKS.filter((risk) => risk !== usual.risk).map((risk) => ({
      when: `its risk is ${risk}`,
      plan: { ...usual, risk },
    })),
    ...SEVERITIES.filter((severity) => severity !== usual.severity).map((severity) => ({
      when: `the finding is ${severity}`,
      plan: { ...usual, severity },
    })),
  ];
}

function grouped(others: ExplainedPolicy['others']): ExplainedPolicy['others'] {
  const groups = new Map<string, { when: string[]; differs: PolicyAspect[] }>();
  for (const { when, differs } of others) {
    const key = canonicalJson(differs.map((aspect) => [aspect.what, saying(aspect), aspect.why]));
    const group = groups.get(key) ?? { when: [], differs };
    group.when.push(when);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ when, differs }) => ({ when: when.join(', or '), differs }));
}

function saying(aspect: PolicyAspect | undefined): string {
  return aspect === undefined ? '' : canonicalJson([aspect.says, aspect.people ?? []]);
}

function layersLookedAt(
  config: PolicyConfig,
  plan: Case,
  environment: string | undefined,
  placeOf: PlaceOf,
): ExplainedPolicy['layers'] {
  const applying = layersOf(config, plan, environment);
  const general = applying.filter(({ path }) => path[1] !== 'rules');
  const rules = config.approval.rules.map(({ when }, at) => {
    const applies = applying.some(({ path }) => path[1] === 'rules' && path[2] === at);
    const conditions = Object.entries(when).map(([key, values]) => `${key} ${values.join(' or ')}`);
    return { place: placeOf(['approval', 'rules', at]), applies, note: `for ${conditions.join(', ')}` };
  });
  return [...general.map(({ path }) => ({ place: placeOf(path), applies: true, note: noteOf(path) })), ...rules];
}

function noteOf([first]: Path): string {
  return first === 'environments' ? 'for this environment' : 'for everything';
}

function aspectsOf(
  config: PolicyConfig,
  plan: Case,
  environment: string | undefined,
  placeOf: PlaceOf,
): PolicyAspect[] {
  const layers = layersOf(config, plan, environment);
  const policy = policyOf(config, plan, environment);
  const places = (found: readonly Layer[]) => found.map(({ path }) => placeOf(path));
  /** The most special layer that says something. */
  const last = (key: keyof ApprovalPolicy) => places(lastOf(layers, key));
  /** The layers that say what came out. */
  const saying = (key: keyof ApprovalPolicy, value: unknown) =>
    places(layers.filter(({ says }) => says[key] === value));
  return [
    {
      what: 'May request',
      ...(policy.request === undefined
        ? { says: environment === undefined ? 'everyone who may see it' : `everyone who may see ${environment}` }
        : listed(policy.request)),
      why: last('request'),
    },
    { what: 'May approve', ...listed(policy.approve), why: last('approve') },
    { what: 'People', says: String(policy.people), why: peopleWhy(policy, plan, saying('people', policy.people)) },
    {
      what: 'Approve without a request',
      says: policy.direct && policy.people === 1 ? 'an approver may' : 'nobody may',
      why: directWhy(policy, plan, last('direct')),
    },
    {
      what: 'Who requested',
      says: policy.requesterCounts ? 'counts as an approver too' : 'does not count as an approver',
      why: last('requesterCounts'),
    },
    ...(policy.pin ? [{ what: 'Groups', says: 'do not count, only listed user ids', why: saying('pin', true) }] : []),
    {
      what: 'Reason',
      says: policy.reason ? 'required' : 'asked for',
      why: policy.reason ? saying('reason', true) : [],
    },
    {
      what: 'Step-up',
      says: STEP_UP[policy.stepUp],
      why: policy.stepUp === 'none' ? [] : saying('stepUp', policy.stepUp),
    },
    { what: 'Expires after', says: duration(policy.expires), why: saying('expires', policy.expires) },
    { what: 'Reminders after', says: policy.remind.map(duration).join(', ') || 'none', why: last('remind') },
    {
      what: 'Runs',
      says: policy.windows.length === 0 ? 'at any time' : policy.windows.map(windowWords).join('; and only '),
      why: places(layers.filter(({ says }) => says.windows !== undefined)),
    },
    ...policy.freezes.map((freeze) => ({ what: 'Frozen', says: freezeWords(freeze), why: ['approval.freezes'] })),
    { what: 'May break the glass', ...listed(policy.breakGlass), why: last('breakGlass') },
  ];
}

const STEP_UP = {
  none: 'none',
  alias: 'types the alias of the account',
  code: 'types the alias of the account and a one-time code',
} as const;

function lastOf(layers: readonly Layer[], key: keyof ApprovalPolicy): Layer[] {
  const found = layers.findLast(({ says }) => says[key] !== undefined);
  return found === undefined ? [] : [found];
}

function listed(people: readonly string[]): Pick<PolicyAspect, 'says' | 'people'> {
  return people.length === 0 ? { says: 'nobody' } : { says: people.join(', '), people };
}

function peopleWhy({ people }: Policy, plan: Case, places: readonly string[]): string[] {
  const own = [
    ...(people === 2 && plan.class === 'auto-second-approver' ? ['its fix asks for a second approver'] : []),
    ...(people === 2 && plan.risk === 'irreversible' ? ['it cannot be undone'] : []),
  ];
  return [...own, ...places];
}

function directWhy({ people, direct }: Policy, plan: Case, places: readonly string[]): readonly string[] {
  if (direct && people > 1) return [`${people} people are needed`];
  if (places.length > 0) return places;
  return [plan.class === 'auto' ? 'the lightest kind of fix' : 'not the lightest kind of fix'];
}
