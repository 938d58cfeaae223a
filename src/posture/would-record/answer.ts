import { type CoverageSnapshot, type CoveringTrail, coverageOf } from '../../check/coverage.ts';
import { recordsEvent, type SelectableEvent } from '../../check/evaluators/event-selectors/match.ts';
import { type Rule, rulesOf } from '../../check/evaluators/event-selectors/rules.ts';
import { globalRegionOf } from '../../check/global-region.ts';
import { toEvaluator } from '../../check/selectors.ts';
import { accountOf } from '../../check/subject.ts';
import type { Unreadable } from '../../snapshot/types.ts';
import type { AskedEvents } from './question.ts';
import { whyNot } from './why-not.ts';

/** `depends`: on something the question leaves open; `why` says on what. */
export type Recorded = 'yes' | 'no' | 'depends' | 'unknown';

export interface TrailAnswer {
  trail: string;
  /** An organization trail of another account. */
  inherited: boolean;
  recorded: Recorded;
  why: string;
}

export interface Answer {
  account: string;
  recorded: Recorded;
  /** In one sentence. */
  why: string;
  trails: TrailAnswer[];
}

/** Fields of advanced selectors that the question says nothing about. */
const OPEN_FIELDS = new Set([
  'userIdentity.arn',
  'sessionCredentialFromConsole',
  'eventType',
  'vpcEndpointId',
  'errorCode',
]);

/**
 * Would an event of this account have been recorded, and by which trail? Asked of every trail that covers the account,
 * by the selectors that are live. What could not be read is `unknown`, never `no`.
 */
export function answerFor(snapshot: CoverageSnapshot, account: string, asked: AskedEvents): Answer {
  const coverage = coverageOf(snapshot, account);
  if (coverage.state === 'absent') return { account, recorded: 'no', why: 'The account has no trail.', trails: [] };
  if (coverage.state !== 'read') return { account, recorded: 'unknown', why: unread(coverage), trails: [] };
  const trails = [
    ...coverage.value.trails.map((covering) => ofTrail(covering, asked, globalRegionOf(snapshot.partition))),
    ...coverage.value.unreadable.map(
      ({ arn, part }): TrailAnswer => ({
        trail: arn,
        inherited: accountOf(arn) !== account,
        recorded: 'unknown',
        why: unread(part),
      }),
    ),
  ];
  const [best] = [...trails].sort((one, other) => ORDER.indexOf(one.recorded) - ORDER.indexOf(other.recorded));
  if (best === undefined) return { account, recorded: 'no', why: 'No trail covers this account.', trails };
  return { account, recorded: best.recorded, why: summary(best, trails), trails };
}

const ORDER: readonly Recorded[] = ['yes', 'depends', 'unknown', 'no'];

function summary(best: TrailAnswer, trails: readonly TrailAnswer[]): string {
  const name = best.trail.split('/').at(-1) ?? best.trail;
  if (best.recorded === 'yes') return `${name} records it.`;
  if (best.recorded === 'no' && trails.length > 1) return `None of ${trails.length} trails records it.`;
  return `${name}: ${best.why}`;
}

function ofTrail(covering: CoveringTrail, asked: AskedEvents, global: string | undefined): TrailAnswer {
  const { trail, status, selectors, inherited } = covering;
  const answer = (recorded: Recorded, why: string): TrailAnswer => ({
    trail: trail.TrailARN,
    inherited,
    recorded,
    why,
  });
  if (status.state !== 'read') return answer('unknown', status.state === 'absent' ? 'It is gone.' : unread(status));
  if (!status.value.IsLogging) return answer('no', 'It is stopped.');
  if (selectors.state === 'absent') return answer('unknown', 'Its selectors could not be found.');
  if (selectors.state !== 'read') return answer('unknown', unread(selectors));
  const rules = rulesOf(toEvaluator(selectors.value));
  const judged = asked.events.map((event) => judge(rules, event));
  const recorded = sameOr(judged.map((each) => each.recorded));
  const why = judged.find((each) => each.recorded === recorded)?.why ?? judged.map((each) => each.why).join(' ');
  if (recorded === 'no') return answer('no', why);
  const region = asked.region === 'global' ? global : asked.region;
  if (asked.region === 'global' && !trail.IncludeGlobalServiceEvents) {
    return answer('no', 'It leaves out the events of global services.');
  }
  if (trail.IsMultiRegionTrail || region === trail.HomeRegion) return answer(recorded, why);
  if (region !== undefined) return answer('no', `It records ${trail.HomeRegion} only, this happens in ${region}.`);
  return answer('depends', `It records ${trail.HomeRegion} only: yes if the call is made there.`);
}

function judge(rules: readonly Rule[], event: SelectableEvent): { recorded: Recorded; why: string } {
  if (rules.some((rule) => recordsEvent(rule, event))) return { recorded: 'yes', why: 'Its selectors take it in.' };
  const open = rules.find((rule) =>
    recordsEvent({ ...rule, tests: rule.tests.filter(({ Field }) => !isOpen(Field)) }, event),
  );
  if (open === undefined) return { recorded: 'no', why: whyNot(rules, event) };
  const fields = open.tests.flatMap(({ Field }) => (isOpen(Field) ? [Field] : []));
  return { recorded: 'depends', why: `Its selectors narrow by ${fields.join(', ')}, which the question leaves open.` };
}

function isOpen(field: string | undefined): field is string {
  return field !== undefined && OPEN_FIELDS.has(field);
}

function sameOr(all: readonly Recorded[]): Recorded {
  const [first = 'no'] = all;
  return all.every((each) => each === first) ? first : 'depends';
}

function unread(part: Unreadable): string {
  switch (part.state) {
    case 'denied':
      return `${part.action} is denied in account ${part.account}.`;
    case 'unreachable':
      return `Account ${part.account} could not be entered.`;
    default:
      return `It could not be read: ${part.message}`;
  }
}
