import { z } from 'zod';
import { actionKind, ownReach, REACHES, type Reach, reachOfAlarm, silent } from '../../src/check/alarm-reach.ts';
import { alarmsOn } from '../../src/check/alarms.ts';
import { defineCheck, type Judgement, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { mendPaths } from '../../src/check/mend-paths.ts';
import { muteOf, suppressorOf, TOPIC_NEEDS, topicReach } from '../../src/check/topic-reach.ts';
import type { Alarm, MetricFilter } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  /** Kinds of action that count as told, by the service in their ARN: `sns`, `lambda`, `ssm-incidents`. */
  accept: z.array(z.string().min(1)).default(['sns']),
  /** Who is subscribed to a topic that nobody hears: an address, an https address, a queue or function ARN, a number. */
  endpoint: z.string().default(''),
});

export default defineCheck({
  id: 'alarm/notification-path',
  title: 'Alarms on the trail reach a person',
  severity: 'high',
  scope: 'log-group',
  rationale: 'An alarm that tells nobody is worse than none: it counts as done.',
  pass: "Every alarm on a metric fed by the group's filters has enabled actions for the ALARM state, none of them muted by a rule in force, and leads to a topic that exists, accepts messages from CloudWatch and has at least one confirmed subscription (or to another action listed in accept).",
  seed: ['resmo'],
  needs: ['alarm.muteRules', 'alarms', 'logGroup.filters', ...TOPIC_NEEDS],
  events: [
    'PutMetricAlarm',
    'PutCompositeAlarm',
    'DeleteAlarms',
    'DisableAlarmActions',
    'EnableAlarmActions',
    'PutAlarmMuteRule',
    'DeleteAlarmMuteRule',
    'DeleteTopic',
    'SetTopicAttributes',
    'Subscribe',
    'ConfirmSubscription',
    'Unsubscribe',
  ],
  controls: controlIds({
    security_hub: 'CloudWatch.15 CloudWatch.17',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.4.3 10.6.3 10.7.1 10.7.2 11.5.2 11.6.1 12.10.5 A3.3.1 A3.5.1',
    nist_800_53_r5: 'AU-6(1) AU-6(5) CA-7 IR-4(1) IR-4(5) SI-2 SI-4(5) SI-4(12) SI-20',
    soc2: 'CC4.2 CC7.2 CC7.3 CC7.4',
    config_rule: 'cloudwatch-alarm-action-check cloudwatch-alarm-action-enabled-check',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'safe',
    reversible: 'yes',
    operations: [
      'cloudwatch:EnableAlarmActions',
      'cloudwatch:DisableAlarmActions',
      'cloudwatch:PutMetricAlarm',
      'sns:SetTopicAttributes',
      'sns:Subscribe',
      'sns:Unsubscribe',
    ],
  },

  evaluate({ snapshot, subject, settings: { accept } }) {
    const place = `${subject.account}/${subject.region}`;
    const filters = partOf(snapshot['logGroup.filters'], subject.arn);
    if (filters.state === 'absent') return { verdict: 'not-applicable', reason: 'The log group does not exist.' };
    if (filters.state !== 'read') return unknownBecause(filters);
    if (Object.keys(filters.value).length === 0) {
      return { verdict: 'not-applicable', reason: 'The log group has no metric filter.' };
    }
    const alarms = partOf(snapshot.alarms, place);
    if (alarms.state !== 'read' && alarms.state !== 'absent') return unknownBecause(alarms);
    const all = alarms.state === 'read' ? alarms.value : {};
    const watching = alarmsOfGroup(all, filters.value);
    if (watching.length === 0) {
      return { verdict: 'not-applicable', reason: 'No alarm watches what the filters of the log group count.' };
    }
    const rules = partOf(snapshot['alarm.muteRules'], place);
    const noRules = rules.state === 'absent' || rules.state === 'unsupported';
    const muting = rules.state === 'read' ? rules.value : {};
    const reachOf = (alarm: Alarm): Reach => {
      const mute = muteOf(alarm, muting, snapshot.takenAt);
      if (mute !== undefined) return silent(`is muted by the rule ${mute.name}${untilOf(mute)}`);
      const suppressor = suppressorOf(alarm, all);
      if (suppressor !== undefined) return silent(`is held back by the suppressor ${suppressor}`);
      return ownReach(alarm, (action) => {
        const kind = actionKind(action);
        if (!accept.includes(kind)) return silent(`leads to ${action}, which accept does not list`);
        return kind === 'sns' ? topicReach(snapshot, alarm, action) : REACHES;
      });
    };
    const judged = watching.map((alarm) => ({ alarm, reach: reachOfAlarm(all, alarm, reachOf) }));
    const evidence = {
      alarms: judged.map(({ alarm: { AlarmName, ActionsEnabled, AlarmActions }, reach }) => ({
        AlarmName,
        ActionsEnabled,
        AlarmActions,
        ...(reach.state === 'silent' ? { faults: reach.faults } : {}),
      })),
    };
    const mute = judged.find(({ reach }) => reach.state === 'silent');
    if (mute?.reach.state === 'silent') {
      const count = judged.filter(({ reach }) => reach.state === 'silent').length;
      const others = count > 1 ? ` ${count - 1} more ${count === 2 ? 'reaches' : 'reach'} nobody either.` : '';
      const reason = `The alarm ${mute.alarm.AlarmName} ${mute.reach.faults.join(' and ')}.${others}`;
      return { verdict: 'fail', evidence, reason };
    }
    const doubt = judged.flatMap(({ reach }): Judgement[] => (reach.state === 'unknown' ? [reach.because] : []))[0];
    if (doubt !== undefined) return doubt;
    if (rules.state !== 'read' && !noRules) return unknownBecause(rules);
    return { verdict: 'pass', evidence };
  },

  plan({ snapshot, subject, settings: { endpoint }, finding }) {
    const place = `${subject.account}/${subject.region}`;
    const alarms = partOf(snapshot.alarms, place);
    const filters = partOf(snapshot['logGroup.filters'], subject.arn);
    if (alarms.state !== 'read' || filters.state !== 'read') {
      return { kind: 'blocked', by: 'alarm/notification-path', reason: 'The alarms of the log group are not known.' };
    }
    const rules = partOf(snapshot['alarm.muteRules'], place);
    const byHand = alarmsOfGroup(alarms.value, filters.value).flatMap(({ AlarmName, ...alarm }) => {
      const mute = muteOf({ AlarmName, ...alarm }, rules.state === 'read' ? rules.value : {}, snapshot.takenAt);
      return mute === undefined ? [] : [`${AlarmName} is muted by ${mute.name}${untilOf(mute)}: end that rule.`];
    });
    const failing = failingNames(finding.evidence.alarms);
    const { changes, steps, subscribes } = mendPaths(snapshot, {
      alarms: alarms.value,
      watching: alarmsOfGroup(alarms.value, filters.value),
      failing,
      endpoint,
    });
    const left = [...byHand, ...steps];
    if (changes.length === 0) return manual(...(left.length === 0 ? [finding.reason ?? ''] : left));
    return {
      kind: 'changes',
      plan: {
        summary: 'Let the alarms on this log group reach somebody.',
        changes,
        warnings: left,
        guards: [
          'Before: alarms and policies equal those of the plan.',
          'After: read again; a subscription still pending is told as such, not as mended.',
        ],
        // SNS cannot take back a subscription that nobody has confirmed.
        ...(subscribes ? { reversible: 'partly' as const } : {}),
      },
    };
  },
});

function alarmsOfGroup(alarms: { [name: string]: Alarm }, filters: { [name: string]: MetricFilter }): Alarm[] {
  return [...new Set(Object.values(filters).flatMap((filter) => alarmsOn(alarms, filter)))];
}

function untilOf({ endsAt }: { endsAt?: string }): string {
  return endsAt === undefined ? ' without end' : ` until ${endsAt}`;
}

/** Names of the alarms that the finding found faults with. */
function failingNames(alarms: unknown): string[] {
  const entries = z.array(z.object({ AlarmName: z.string(), faults: z.unknown().optional() })).safeParse(alarms);
  return (entries.data ?? []).flatMap(({ AlarmName, faults }) => (faults === undefined ? [] : [AlarmName]));
}
