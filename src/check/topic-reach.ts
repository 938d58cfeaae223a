import type { Alarm, Key, MuteRule, PolicyText, Snapshot, Topic } from '../snapshot/types.ts';
import { REACHES, type Reach, silent, subscribersOf } from './alarm-reach.ts';
import { partOf, unknownBecause } from './check.ts';
import { serviceContext } from './evaluators/policy/contexts.ts';
import { decide } from './evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import type { Verdict } from './evaluators/policy/types.ts';
import { every } from './evaluators/policy/verdict.ts';
import { accountOf } from './subject.ts';

export const TOPIC_NEEDS = ['key', 'key.policy', 'topic', 'topic.subscriptions'] as const;

export type TopicSnapshot = Pick<Snapshot, (typeof TOPIC_NEEDS)[number]>;

const CLOUDWATCH = 'cloudwatch.amazonaws.com';

/** From an alarm to a person: the topic exists, lets CloudWatch publish, its key too, and somebody has confirmed. */
export function topicReach(snapshot: TopicSnapshot, alarm: Alarm, arn: string): Reach {
  const topic = partOf(snapshot.topic, arn);
  if (topic.state === 'absent') return silent(`leads to the topic ${arn}, which does not exist`);
  if (topic.state !== 'read') return { state: 'unknown', because: unknownBecause(topic, { topic: arn }) };
  const open = topicAccepts(topic.value, alarm);
  if (open === 'no') return silent(`leads to the topic ${arn}, whose policy shuts CloudWatch out`);
  const unlocked = keyReach(snapshot, topic.value, alarm);
  if (unlocked.state !== 'reaches') return unlocked;
  if (open === 'maybe') {
    const reason = `Whether the policy of ${arn} lets CloudWatch publish hangs on a condition that cannot be judged.`;
    return { state: 'unknown', because: { verdict: 'unknown', evidence: { topic: arn }, reason } };
  }
  return subscribersOf(snapshot, arn);
}

/** Does the policy of the topic let CloudWatch publish for this alarm? */
export function topicAccepts({ TopicArn, Policy }: Topic, alarm: Alarm): Verdict {
  return allows(Policy, 'sns:Publish', TopicArn, alarm);
}

function keyReach(snapshot: TopicSnapshot, { TopicArn, KmsMasterKeyId }: Topic, alarm: Alarm): Reach {
  if (KmsMasterKeyId === undefined) return REACHES;
  const key = partOf(snapshot.key, KmsMasterKeyId);
  const policy = partOf(snapshot['key.policy'], KmsMasterKeyId);
  const evidence = { topic: TopicArn, key: KmsMasterKeyId };
  if (key.state === 'absent') return silent(`leads to the topic ${TopicArn}, whose key does not exist`);
  if (key.state !== 'read') return { state: 'unknown', because: unknownBecause(key, evidence) };
  const fault = faultOf(key.value);
  if (fault !== undefined) return silent(`leads to the topic ${TopicArn}, whose key ${fault}`);
  if (policy.state !== 'read' && policy.state !== 'absent') {
    return { state: 'unknown', because: unknownBecause(policy, evidence) };
  }
  const verdict = policy.state === 'absent' ? 'no' : keyAccepts(policy.value, key.value, alarm);
  if (verdict === 'yes') return REACHES;
  if (verdict === 'no') return silent(`leads to the topic ${TopicArn}, whose key shuts CloudWatch out`);
  const reason = `Whether the key of ${TopicArn} serves CloudWatch hangs on a condition that cannot be judged.`;
  return { state: 'unknown', because: { verdict: 'unknown', evidence, reason } };
}

function faultOf({ KeyManager, KeyState }: Key): string | undefined {
  // Nobody can add CloudWatch to the policy of aws/sns; https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
  if (KeyManager === 'AWS') return 'is managed by AWS and shuts CloudWatch out';
  return KeyState === 'Enabled' ? undefined : `is ${KeyState}`;
}

function keyAccepts({ text }: PolicyText, { Arn }: Key, alarm: Alarm): Verdict {
  return every(['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => allows(text, action, Arn, alarm)));
}

function allows(policy: string, action: string, resource: string, { AlarmArn }: Alarm): Verdict {
  const parsed = parsePolicy(policy);
  if (isPolicyError(parsed)) return 'maybe';
  const sourceAccount = accountOf(AlarmArn);
  const context = {
    ...serviceContext({ service: CLOUDWATCH, sourceArn: AlarmArn, sourceAccount, organizationId: undefined }),
    // The older name of the source account, which the policy that SNS gives to every new topic asks for.
    'aws:sourceowner': [sourceAccount],
  };
  const { effect } = decide(parsed, { principal: { service: CLOUDWATCH }, action, resource, context });
  if (effect === 'maybe') return 'maybe';
  return effect === 'allow' ? 'yes' : 'no';
}

/** The rule that mutes an alarm now, or again and again without end; one that ended or is yet to come does not. */
export function muteOf(alarm: Alarm, rules: { [name: string]: MuteRule }, now: string): MuteRule | undefined {
  return Object.values(rules).find(({ alarmNames, startsAt, endsAt }) => {
    if (!alarmNames.includes(alarm.AlarmName)) return false;
    if (endsAt === undefined) return true;
    return endsAt > now && (startsAt === undefined || startsAt <= now);
  });
}

/** What keeps a composite alarm's actions back: an alarm named as its suppressor that is going off. */
export function suppressorOf({ members }: Alarm, alarms: { [name: string]: Alarm }): string | undefined {
  const { ActionsSuppressor: suppressor, ActionsSuppressedBy: by } = members;
  if (typeof suppressor !== 'string' || suppressor === '') return undefined;
  const named = Object.values(alarms).find(
    ({ AlarmName, AlarmArn }) => AlarmName === suppressor || AlarmArn === suppressor,
  );
  const holding = (typeof by === 'string' && by !== '') || named?.members.StateValue === 'ALARM';
  return holding ? suppressor : undefined;
}
