import { z } from 'zod';
import type { Snapshot } from '../snapshot/types.ts';
import { subscribersOf } from './alarm-reach.ts';
import { createAlarm } from './changes/alarm.ts';
import type { Place } from './changes/create-log-group.ts';
import { createMetricFilter } from './changes/put-metric-filter.ts';
import { allowAlarms, createTopic } from './changes/topic.ts';
import { type Check, defineCheck, type EstateSettings, partOf } from './check.ts';
import { anyCoveringTrail, COVERAGE_NEEDS } from './coverage.ts';
import type { KnownText, Wanted } from './filter-cover.ts';
import { type LogGroupOutcome, logGroupOf, OUTCOME_NEEDS, outcomeOf } from './metric-alarm-outcome.ts';
import type { Change } from './plan.ts';
import { accountOf, regionOf } from './subject.ts';

const MAX_FILTERS = 100;

export const METRIC_ALARM_SETTINGS = z.strictObject({
  /** Which text a new filter gets. */
  form: z.enum(['security-hub', 'cis']).default('security-hub'),
  namespace: z.string().min(1).default('TrailCheck'),
  topic_arn: z.string().default(''),
  period: z.int().min(10).default(300),
  threshold: z.int().min(1).default(1),
  alternative: z.enum(['none', 'siem', 'eventbridge']).default('none'),
});

type Settings = z.infer<typeof METRIC_ALARM_SETTINGS>;

const NEEDS = [...COVERAGE_NEEDS, ...OUTCOME_NEEDS] as const;
export type MetricAlarmNeed = (typeof NEEDS)[number];

/** What one alarm/* check says of itself; everything else is the same for all of them. */
export interface MetricAlarmCheck
  extends Pick<Check, 'id' | 'title' | 'severity' | 'rationale' | 'pass' | 'seed' | 'controls'> {
  /** The text of the form `cis`; every event that matches it must be matched, unless `required` says less. */
  pattern: string;
  /** The text Security Hub wants, where it differs. */
  securityHubPattern?: string;
  /** Written besides in the form `security-hub`, which refuses further terms in the filter itself; on the same metric. */
  secondFilter?: { name: string; pattern: string };
  /** What must be matched, where that is less than the pattern. */
  required?: string;
  /** Further texts that are in use for it. */
  accepts?: readonly KnownText[];
  optional?: Wanted['optional'];
  /** What holds for every event meant: the event source, as a pattern; empty for nothing. */
  given: string;
  /** What is said of it whatever the verdict. */
  notes?: readonly string[];
}

/**
 * A check that certain events raise an alarm: filters on the log group of a logging multi-region trail with all
 * management events, their metrics, alarms with enabled actions, confirmed subscribers.
 */
export function defineMetricAlarm(described: MetricAlarmCheck): Check<MetricAlarmNeed, 'account', Settings> {
  const { id, title, severity, rationale, pass, seed, controls } = described;
  const { pattern, securityHubPattern = pattern, notes = [] } = described;
  const wanted: Wanted = {
    required: described.required ?? pattern,
    given: described.given,
    texts: [{ pattern }, { pattern: securityHubPattern }, ...(described.accepts ?? [])],
    optional: described.optional ?? [],
  };
  return defineCheck({
    id,
    title,
    severity,
    rationale,
    pass,
    seed,
    controls,
    scope: 'account',
    needs: NEEDS,
    events: [
      'PutMetricFilter',
      'DeleteMetricFilter',
      'PutMetricAlarm',
      'DeleteAlarms',
      'DisableAlarmActions',
      'EnableAlarmActions',
      'DeleteTopic',
      'Unsubscribe',
      'DeleteLogGroup',
      'UpdateTrail',
      'StopLogging',
      'PutEventSelectors',
    ],
    settings: METRIC_ALARM_SETTINGS,
    fix: {
      class: 'auto-second-approver',
      risk: 'cost',
      reversible: 'yes',
      cost: 'One custom metric and one alarm each, and the attention of whoever is woken.',
      first: ['trail/cloudwatch-logs'],
      operations: [
        'sns:CreateTopic',
        'sns:SetTopicAttributes',
        'logs:PutMetricFilter',
        'logs:DeleteMetricFilter',
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:DeleteAlarms',
      ],
    },

    evaluate({ snapshot, subject, settings, estate }) {
      const monitor = monitorOf(settings, estate);
      if (monitor !== 'cloudwatch') {
        return {
          verdict: 'not-applicable',
          evidence: { monitor },
          reason: `The estate is watched by ${monitor} instead.`,
        };
      }
      const outcomes: (LogGroupOutcome & { inherited: boolean; trail: string })[] = [];
      const judgement = anyCoveringTrail(
        snapshot,
        subject.account,
        (covering) => {
          const outcome = outcomeOf(snapshot, covering, wanted);
          if (outcome.ok === 'unknown') return outcome;
          if (outcome.ok === true) return outcome;
          outcomes.push({ ...outcome, inherited: covering.inherited, trail: covering.trail.TrailARN });
          return { ok: false };
        },
        () => ({ reason: 'No alarm is raised by these events.' }),
      );
      // The trail that is nearest to an alarm tells what to mend.
      const [nearest] = outcomes.sort((a, b) => b.stage - a.stage);
      const noted = { ...judgement, notes: [...(judgement.notes ?? []), ...notes] };
      if (judgement.verdict !== 'fail' || nearest === undefined) return noted;
      const { reason, evidence, cause, fix, inherited, trail } = nearest;
      return {
        verdict: 'fail',
        reason,
        evidence: { trail, ...evidence },
        notes: [...notes],
        ...(cause === undefined ? {} : { cause }),
        ...(fix === undefined ? {} : { fix }),
        ...(inherited ? { inheritedFrom: trail } : {}),
      };
    },

    plan({ snapshot, subject, settings, finding }) {
      const group = logGroupOf(snapshot, subject.account);
      if (group === undefined) {
        return { kind: 'blocked', by: 'trail/cloudwatch-logs', reason: 'No trail of this account feeds a log group.' };
      }
      const { arn, logGroupClass } = group;
      if (logGroupClass !== 'STANDARD') {
        return {
          kind: 'manual',
          steps: [
            { text: `${arn} is of class ${logGroupClass}, which evaluates no filters and cannot be changed.` },
            { text: 'Create a log group of class STANDARD and let the trail write to it, then scan again.' },
          ],
        };
      }
      const name = `trail-check-${id.split('/')[1] ?? ''}-${finding.id.slice(0, 8)}`;
      const metric = { metricName: name, metricNamespace: settings.namespace, metricValue: '1' };
      const texts =
        settings.form === 'cis'
          ? [{ name, pattern }]
          : [{ name, pattern: securityHubPattern }, ...secondFilterOf(name, described)];
      const filters = partOf(snapshot['logGroup.filters'], arn);
      if (filters.state === 'read' && Object.keys(filters.value).length + texts.length > MAX_FILTERS) {
        return {
          kind: 'blocked',
          by: id,
          reason: `${arn} takes no more than ${MAX_FILTERS} filters. Remove one that is not used.`,
        };
      }
      const place = { partition: snapshot.partition, account: accountOf(arn), region: regionOf(arn) };
      const suffix = finding.id.slice(0, 8);
      const topic = topicFor(snapshot, place, settings.topic_arn, `trail-check-${suffix}`);
      if ('problem' in topic) return { kind: 'blocked', by: 'alarm/notification-path', reason: topic.problem };
      return {
        kind: 'changes',
        plan: {
          summary: `Raise an alarm: ${title.toLowerCase()}.`,
          changes: [
            ...topic.changes,
            ...texts.map((text) =>
              createMetricFilter(arn, {
                filterName: text.name,
                filterPattern: text.pattern,
                metricTransformations: [metric],
              }),
            ),
            createAlarm(place, {
              AlarmName: name,
              AlarmDescription: `${title}. Made by trail-check for ${id}.`,
              ActionsEnabled: true,
              AlarmActions: [topic.arn],
              MetricName: metric.metricName,
              Namespace: metric.metricNamespace,
              Statistic: 'Sum',
              Period: settings.period,
              EvaluationPeriods: 1,
              Threshold: settings.threshold,
              ComparisonOperator: 'GreaterThanOrEqualToThreshold',
              TreatMissingData: 'notBreaching',
            }),
          ],
          warnings: topic.heard
            ? []
            : [`Nobody has confirmed a subscription to ${topic.arn} yet: until somebody does, the alarm tells no one.`],
          guards: [
            'Before: the names of filter and alarm are free.',
            'After: filter, metric, alarm and topic are read again.',
          ],
        },
      };
    },
  });
}

function secondFilterOf(name: string, { secondFilter }: MetricAlarmCheck): { name: string; pattern: string }[] {
  return secondFilter === undefined ? [] : [{ name: `${name}-${secondFilter.name}`, pattern: secondFilter.pattern }];
}

function monitorOf({ alternative }: Settings, { monitor }: EstateSettings): string {
  return alternative === 'none' ? monitor : alternative;
}

/** The declared topic, made to accept alarms where it does not; a new one where none is declared. */
function topicFor(
  snapshot: Pick<Snapshot, 'topic' | 'topic.subscriptions'>,
  place: Place,
  declared: string,
  name: string,
): { arn: string; changes: Change[]; heard: boolean } | { problem: string } {
  if (declared === '') return { ...createTopic(place, name), heard: false };
  if (regionOf(declared) !== place.region) {
    return { problem: `The declared topic ${declared} is not in ${place.region}, where the alarm must be.` };
  }
  const edit = allowAlarms(partOf(snapshot.topic, declared), place.account);
  if ('problem' in edit) return { problem: `The declared topic ${declared} cannot be used. ${edit.problem}` };
  return {
    arn: declared,
    changes: edit.change === undefined ? [] : [edit.change],
    heard: subscribersOf(snapshot, declared).state === 'reaches',
  };
}
