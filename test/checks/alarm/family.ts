import { describe, expect, it } from 'vitest';
import { isSyntaxProblem, parsePattern } from '../../../src/check/evaluators/filter-pattern/parse.ts';
import type { Filter } from '../../../src/check/evaluators/filter-pattern/types.ts';
import { writePattern } from '../../../src/check/evaluators/filter-pattern/write.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  denied,
  emptySnapshot,
  healthySnapshot,
  LOG_GROUP_ARN,
  MANAGEMENT,
  metricAlarm,
  REGION,
  read,
  TOPIC_ARN,
  withLogGroup,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, planOf } from '../bucket/support.ts';

type Tested = Parameters<typeof findingOf>[0];
type LogGroupOptions = NonNullable<Parameters<typeof withLogGroup>[1]>;
type TrailOptions = NonNullable<Parameters<typeof withTrail>[1]>;

/** One metric-filter alarm, as its tests see it. */
export interface Family {
  check: Tested;
  /** The text of the form `cis`. */
  cis: string;
  /** The texts that the form `security-hub` writes; the same where it is not said. */
  securityHub?: string[];
  settings?: JsonObject;
  /** What the account is besides. */
  prepare?: (snapshot: Snapshot) => Snapshot;
}

/** A healthy account whose log group is like this; by default with a filter of this text and an alarm that is heard. */
export function group(options: LogGroupOptions): Snapshot {
  return withLogGroup(healthySnapshot(), options);
}

/** The log group with these filters, each with an alarm that is heard. */
export function filters(...patterns: string[]): Snapshot {
  return group({ filters: Object.fromEntries(patterns.map((pattern, at) => [`filter-${at}`, pattern])) });
}

/** A pattern that asks for any of these events. */
export function anyOf(...names: string[]): string {
  return `{ ${names.map((name) => `($.eventName = ${name})`).join(' || ')} }`;
}

/** The pattern with a further term, joined by `&&` or `||`. */
export function joined(pattern: string, term: string): string {
  return `{ (${pattern.trim().slice(1, -1).trim()}) ${term} }`;
}

/** What a filter with this text, and an alarm on it, comes to. */
export function judged(family: Family, ...patterns: string[]) {
  return findingIn(family, filters(...patterns));
}

function findingIn({ check, settings = {}, prepare = (it) => it }: Family, snapshot: Snapshot) {
  const found = findingsOf(check, prepare(snapshot), { settings }).find(({ account }) => account === ACCOUNT);
  if (found === undefined) throw new Error('the account was not judged');
  return found;
}

/** The same meaning, written the other way round: order of alternatives, spacing, brackets. */
function rewritten(pattern: string): string {
  const filter = parsePattern(pattern);
  if (isSyntaxProblem(filter)) throw new Error(filter.problem);
  return writePattern(reversed(filter)).replaceAll(' = ', '=').replaceAll(' || ', '||');
}

function reversed(filter: Filter): Filter {
  return filter.kind === 'test' ? filter : { ...filter, of: filter.of.map(reversed).reverse() };
}

/** The log group as it is, behind another trail. */
function behind(pattern: string, trail: TrailOptions, options: LogGroupOptions = {}): Snapshot {
  const accounts = emptySnapshot({ accounts: [ACCOUNT, { id: MANAGEMENT, inScope: false }] });
  return withLogGroup(withTrail(accounts, trail), { filters: { it: pattern }, ...options });
}

const NAME = 'it';
const PENDING = [{ SubscriptionArn: 'PendingConfirmation', Protocol: 'email', Endpoint: 'oncall@example.com' }];
const ELSEWHERE = `arn:aws:logs:${REGION}:${MANAGEMENT}:log-group:cloudtrail`;
const organizationTrail: TrailOptions = {
  owner: MANAGEMENT,
  IsOrganizationTrail: true,
  visibleIn: [MANAGEMENT, ACCOUNT],
  CloudWatchLogsLogGroupArn: `${ELSEWHERE}:*`,
};

const withAlarm = (pattern: string, members: JsonObject) =>
  group({ filters: { it: pattern }, alarms: { [NAME]: metricAlarm(NAME, { members }) } });

const cases: [string, (pattern: string) => Snapshot, string, JsonObject?][] = [
  [
    'the text itself, an alarm, a confirmed subscriber',
    (pattern) => filters(pattern),
    'pass',
    { evidence: { filters: ['filter-0'] } },
  ],
  [
    'Same clauses in another order, spacing, quoting or bracketing: pass; patterns are parsed, never compared as text',
    (pattern) => filters(rewritten(pattern)),
    'pass',
  ],
  [
    'Broader than the pattern: pass with a note that Security Hub refuses extra terms; narrower (an event missing, an && term more): fail, naming what is missed (broader)',
    (pattern) => filters(joined(pattern, '|| ($.eventName = SomethingElse)')),
    'pass',
    { notes: expect.arrayContaining([expect.stringMatching(/Security Hub refuses further terms|nearly every event/)]) },
  ],
  [
    'narrower by an && term',
    (pattern) => filters(joined(pattern, '&& ($.awsRegion = us-east-1)')),
    'fail',
    {
      evidence: { missed: expect.arrayContaining([expect.any(String)]) },
      reason: expect.stringContaining('No metric filter matches'),
    },
  ],
  [
    'Two filters that cover the pattern together, each with an alarm that reaches somebody: pass',
    (pattern) =>
      filters(joined(pattern, '&& ($.awsRegion = us-east-1)'), joined(pattern, '&& ($.awsRegion != us-east-1)')),
    'pass',
    { evidence: { filters: ['filter-0', 'filter-1'] } },
  ],
  [
    'Filter on a group that no qualifying trail feeds, alarm in another account or region, or on another namespace or metric: does not count (group)',
    (pattern) => {
      const other = withLogGroup(group({ filters: {} }), {
        arn: `${LOG_GROUP_ARN}-other`,
        filters: { it: pattern },
      });
      return withPart(other, 'logGroup.filters', LOG_GROUP_ARN, read({}));
    },
    'fail',
  ],
  [
    'alarm in another region',
    (pattern) => {
      const alarm = metricAlarm(NAME, { region: 'eu-west-1' });
      const elsewhere = group({ filters: { it: pattern }, alarms: {} });
      return withPart(elsewhere, 'alarms', `${ACCOUNT}/eu-west-1`, read({ [NAME]: alarm }));
    },
    'fail',
    { reason: 'No alarm watches what the filter it counts.', fix: 'auto-second-approver' },
  ],
  [
    'alarm in another account',
    (pattern) => {
      const alarm = metricAlarm(NAME, { account: MANAGEMENT });
      const elsewhere = group({ filters: { it: pattern }, alarms: {} });
      return withPart(elsewhere, 'alarms', `${MANAGEMENT}/${REGION}`, read({ [NAME]: alarm }));
    },
    'fail',
  ],
  ['alarm on another namespace', (pattern) => withAlarm(pattern, { Namespace: 'Other' }), 'fail'],
  ['alarm on another metric', (pattern) => withAlarm(pattern, { MetricName: 'other' }), 'fail'],
  [
    'Alarm by metric math, or a composite alarm above it: found through DescribeAlarms, pass if it reaches a confirmed subscriber (metric math)',
    (pattern) => {
      const Metric = { Namespace: 'Trails', MetricName: NAME };
      const Metrics = [{ Id: 'm1', MetricStat: { Metric, Period: 300, Stat: 'Sum' } }];
      return withAlarm(pattern, { MetricName: null, Namespace: null, Metrics });
    },
    'pass',
  ],
  [
    'a composite alarm above it',
    (pattern) => {
      const mute = metricAlarm(NAME, { actions: [] });
      const members = { AlarmName: 'above', AlarmRule: `ALARM("${NAME}")` };
      const above = { ...metricAlarm('above'), kind: 'composite' as const, members };
      return group({ filters: { it: pattern }, alarms: { [NAME]: mute, above } });
    },
    'pass',
  ],
  [
    'Actions disabled, no action, or subscriptions pending only: fail, with alarm/notification-path as the cause (disabled)',
    (pattern) => group({ filters: { it: pattern }, alarms: { [NAME]: metricAlarm(NAME, { enabled: false }) } }),
    'fail',
    { cause: 'alarm/notification-path', fix: 'none' },
  ],
  [
    'no action',
    (pattern) => group({ filters: { it: pattern }, alarms: { [NAME]: metricAlarm(NAME, { actions: [] }) } }),
    'fail',
    { cause: 'alarm/notification-path' },
  ],
  [
    'subscriptions pending only',
    (pattern) => group({ filters: { it: pattern }, subscriptions: PENDING }),
    'fail',
    { cause: 'alarm/notification-path' },
  ],
  [
    'Subscribers of a topic cannot be listed: unknown, naming sns:ListSubscriptionsByTopic and the topic',
    (pattern) => group({ filters: { it: pattern }, subscriptions: denied('sns:ListSubscriptionsByTopic', ACCOUNT) }),
    'unknown',
    { missingPermission: 'sns:ListSubscriptionsByTopic', evidence: { topic: TOPIC_ARN } },
  ],
  [
    'Alarm state INSUFFICIENT_DATA with missing data not breaching: pass',
    (pattern) => withAlarm(pattern, { StateValue: 'INSUFFICIENT_DATA', TreatMissingData: 'notBreaching' }),
    'pass',
  ],
  [
    'Member covered by an organization trail: inherited; alarms in the owner account count, local ones are not asked for',
    (pattern) => behind(pattern, organizationTrail, { arn: ELSEWHERE }),
    'pass',
    { inheritedFrom: `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/audit` },
  ],
  [
    'member of an organization trail without alarms: no fix in the member',
    (pattern) => behind(pattern, organizationTrail, { arn: ELSEWHERE, filters: {} }),
    'fail',
    { inheritedFrom: `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/audit`, fix: 'none' },
  ],
  [
    'No covering trail, stopped, one region only, or no log group: fail, with the trail check as the cause, so that a report shows one line (none)',
    () => emptySnapshot(),
    'fail',
    { cause: 'trail/account-covered', fix: 'none' },
  ],
  [
    'stopped',
    (pattern) => behind(pattern, { status: { IsLogging: false } }),
    'fail',
    { cause: 'trail/account-covered', fix: 'none' },
  ],
  [
    'one region only',
    (pattern) => behind(pattern, { IsMultiRegionTrail: false }),
    'fail',
    { cause: 'trail/multi-region', fix: 'none' },
  ],
  [
    'no log group',
    (pattern) => behind(pattern, { CloudWatchLogsLogGroupArn: undefined }),
    'fail',
    { cause: 'trail/cloudwatch-logs', fix: 'none' },
  ],
  [
    'Log group of a class other than STANDARD: fail, it evaluates no filters',
    (pattern) => group({ filters: { it: pattern }, group: { logGroupClass: 'INFREQUENT_ACCESS' } }),
    'fail',
    { fix: 'manual', reason: expect.stringContaining('evaluates no filters') },
  ],
  [
    'DescribeMetricFilters denied: unknown, naming logs:DescribeMetricFilters',
    () => group({ filters: denied('logs:DescribeMetricFilters', ACCOUNT), alarms: {} }),
    'unknown',
    { missingPermission: 'logs:DescribeMetricFilters' },
  ],
  [
    'DescribeAlarms denied',
    (pattern) => group({ filters: { it: pattern }, alarms: denied('cloudwatch:DescribeAlarms', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudwatch:DescribeAlarms' },
  ],
  [
    'GetEventSelectors denied',
    (pattern) => behind(pattern, { selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
];

/** What every check of a metric filter and its alarm has in common. */
export function alarmFamily(family: Family): void {
  const { check, cis, securityHub = [cis], settings = {}, prepare = (it) => it } = family;
  const name = check.id.split('/')[1] ?? '';

  describe(`${check.id}: The shared cases listed at alarm/unauthorized-calls`, () => {
    it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
      expect(findingIn(family, snapshot(cis))).toMatchObject({ verdict, ...more });
    });

    it.each(['siem', 'eventbridge'])(
      'Environment that declares another monitor (alternative: siem or eventbridge): not-applicable (%s)',
      (alternative) => {
        const declared = { ...family, settings: { ...settings, alternative } };
        expect(findingIn(declared, filters()).verdict).toBe('not-applicable');
      },
    );

    it('passes with the text of Security Hub, without a note on it', () => {
      const { verdict, notes } = judged(family, ...securityHub);
      expect(verdict).toBe('pass');
      expect(notes.filter((note) => note.includes('Security Hub refuses'))).toEqual([]);
    });
  });

  describe(`plan of ${check.id}`, () => {
    const unwatched = () => prepare(filters());
    const id = () => `trail-check-${name}-${findingOf(check, unwatched(), { settings }).id.slice(0, 8)}`;
    const plan = (more: JsonObject = {}) =>
      planOf(check, unwatched(), { settings: { ...settings, topic_arn: TOPIC_ARN, ...more } });
    const patternsOf = ({ changes }: ReturnType<typeof plan>) =>
      changes.flatMap(({ operation, input }) => (operation === 'logs:PutMetricFilter' ? [input.filterPattern] : []));

    it('writes the text that is asked for, never with further terms, in at most 1,024 characters', () => {
      expect(patternsOf(plan())).toEqual(securityHub);
      expect(patternsOf(plan({ form: 'cis' }))).toEqual([cis]);
      for (const text of [cis, ...securityHub]) expect(text.length).toBeLessThanOrEqual(1_024);
    });

    it('makes filter and alarm under free names and takes exactly those back', () => {
      const { changes } = plan({ form: 'cis' });
      expect(changes.map(({ operation, expect: before }) => [operation, before])).toEqual([
        ['logs:PutMetricFilter', { [id()]: null }],
        ['cloudwatch:PutMetricAlarm', { [id()]: null }],
      ]);
      expect(changes.map(({ undo }) => undo?.operation)).toEqual([
        'logs:DeleteMetricFilter',
        'cloudwatch:DeleteAlarms',
      ]);
    });

    it('raises the alarm on one event in five minutes, and counts silence as quiet', () => {
      expect(plan().changes.at(-1)?.input).toMatchObject({
        Namespace: 'TrailCheck',
        Statistic: 'Sum',
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 1,
        TreatMissingData: 'notBreaching',
        AlarmActions: [TOPIC_ARN],
      });
    });

    it('makes no call that the check does not name', () => {
      const { operations } = check.fix;
      const open = planOf(check, unwatched(), { settings }).changes;
      for (const { operation, undo } of [...open, ...plan().changes]) {
        expect(operations).toContain(operation);
        if (undo !== undefined) expect(operations).toContain(undo.operation);
      }
    });

    it('is blocked where the group has no room for the filters', () => {
      const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, anyOf(`Event${at}`)]));
      const full = prepare(group({ filters: many, alarms: {} }));
      expect(fixOf(check, full, { settings })).toMatchObject({ kind: 'blocked' });
    });
  });
}
