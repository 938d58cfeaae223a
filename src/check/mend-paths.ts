import type { Alarm } from '../snapshot/types.ts';
import { actionKind, subscribersOf } from './alarm-reach.ts';
import { compositesAbove } from './alarms.ts';
import { addAction, enableActions } from './changes/alarm.ts';
import { allowAlarms, subscribe } from './changes/topic.ts';
import { partOf } from './check.ts';
import type { Change } from './plan.ts';
import { accountOf } from './subject.ts';
import { type TopicSnapshot, topicAccepts, topicReach } from './topic-reach.ts';

type Alarms = { [name: string]: Alarm };

interface Wanted {
  alarms: Alarms;
  /** All alarms on the group's metrics. */
  watching: readonly Alarm[];
  /** Names of those that reach nobody. */
  failing: readonly string[];
  /** Declared subscriber; empty for none. */
  endpoint: string;
}

/**
 * What can be done so that alarms reach somebody: actions on, an action where there is none, the topic open to
 * CloudWatch, a subscriber. What only people can do comes as steps.
 */
export function mendPaths(
  snapshot: TopicSnapshot,
  wanted: Wanted,
): { changes: Change[]; steps: string[]; subscribes: boolean } {
  const changes = new Map<string, Change>();
  const steps = new Set<string>();
  const deaf = new Set<string>();
  for (const alarm of wanted.watching.filter(({ AlarmName }) => wanted.failing.includes(AlarmName))) {
    // A composite alarm above it may be how it was meant to tell.
    const speaking =
      [alarm, ...compositesAbove(wanted.alarms, alarm)].find((it) => it.AlarmActions.length > 0) ?? alarm;
    const topics = speaking.AlarmActions.filter((action) => actionKind(action) === 'sns');
    if (speaking.AlarmActions.length === 0) {
      const topic = topicOfOthers(snapshot, wanted);
      if (topic === undefined) {
        steps.add(`Give ${alarm.AlarmName} an action: no other alarm of the log group leads to a topic to take.`);
        continue;
      }
      changes.set(alarm.AlarmName, addAction(alarm, topic));
      topics.push(topic);
    } else {
      if (!speaking.ActionsEnabled) changes.set(speaking.AlarmName, enableActions(speaking));
      if (topics.length === 0) steps.add(`${speaking.AlarmName} leads to no topic; list its kind of action in accept.`);
    }
    for (const topic of topics) {
      const edit = openTopic(snapshot, speaking, topic);
      if (edit.change !== undefined) changes.set(topic, edit.change);
      if (edit.step !== undefined) steps.add(edit.step);
      if (subscribersOf(snapshot, topic).state === 'silent' && !edit.gone) deaf.add(topic);
    }
  }
  const list = [...changes.values()];
  const before = list.length;
  for (const topic of deaf) {
    const step = hearers(snapshot, topic, wanted.endpoint, list);
    if (step !== undefined) steps.add(step);
  }
  return { changes: list, steps: [...steps], subscribes: list.length > before };
}

/** A topic that other alarms of the group lead to, one that reaches somebody before the others. */
function topicOfOthers(snapshot: TopicSnapshot, { watching }: Wanted): string | undefined {
  const ways = watching.flatMap((alarm) =>
    alarm.AlarmActions.filter((action) => actionKind(action) === 'sns').map((topic) => ({ alarm, topic })),
  );
  const good = ways.find(({ alarm, topic }) => topicReach(snapshot, alarm, topic).state === 'reaches');
  return (good ?? ways.find(({ topic }) => partOf(snapshot.topic, topic).state === 'read'))?.topic;
}

function openTopic(
  snapshot: TopicSnapshot,
  alarm: Alarm,
  arn: string,
): { change?: Change | undefined; step?: string; gone: boolean } {
  const topic = partOf(snapshot.topic, arn);
  if (topic.state === 'absent') {
    return {
      gone: true,
      step: `${arn} no longer exists: create it again, or let ${alarm.AlarmName} tell another topic.`,
    };
  }
  if (topic.state !== 'read') return { gone: true, step: `${arn} could not be read: look at it in its own account.` };
  if (topicAccepts(topic.value, alarm) !== 'no') {
    const reach = topicReach(snapshot, alarm, arn);
    const key = reach.state === 'silent' ? reach.faults.find((fault) => fault.includes('whose key')) : undefined;
    return {
      gone: false,
      ...(key === undefined ? {} : { step: `${alarm.AlarmName} ${key}: give the topic another.` }),
    };
  }
  const edit = allowAlarms(topic, accountOf(alarm.AlarmArn));
  if ('problem' in edit) return { gone: false, step: `${arn} does not take alarms. ${edit.problem}` };
  const opened = edit.change === undefined ? topic.value.Policy : String(edit.change.input.AttributeValue);
  if (topicAccepts({ ...topic.value, Policy: opened }, alarm) !== 'yes') {
    return { gone: false, step: `A statement in the policy of ${arn} denies CloudWatch: remove it by hand.` };
  }
  return { gone: false, change: edit.change };
}

/** Adds the declared endpoint to a topic that nobody hears, or says who has to confirm. */
function hearers(snapshot: TopicSnapshot, topic: string, endpoint: string, changes: Change[]): string | undefined {
  const part = partOf(snapshot['topic.subscriptions'], topic);
  const waiting = (part.state === 'read' ? part.value : [])
    .filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation')
    .map(({ Endpoint }) => Endpoint);
  if (endpoint === '' || waiting.includes(endpoint)) {
    return waiting.length === 0
      ? `Nobody is subscribed to ${topic}: subscribe somebody, or declare an endpoint for this check.`
      : `${waiting.join(', ')} must confirm the subscription to ${topic} by the message SNS has sent.`;
  }
  const subscription = subscribe(topic, endpoint, changes.length);
  if ('problem' in subscription) return subscription.problem;
  changes.push(subscription.change);
  return subscription.mustConfirm ? `${endpoint} must confirm before anything is heard there.` : undefined;
}
