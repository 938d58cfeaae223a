import type { Part, Topic } from '../../snapshot/types.ts';
import { canonicalPolicy } from '../evaluators/canonical.ts';
import { mergeStatements } from '../evaluators/policy/merge.ts';
import { policySize } from '../evaluators/policy/size.ts';
import { topicAlarmStatement } from '../evaluators/policy/statements.ts';
import type { RawPolicy, RawStatement } from '../evaluators/policy/types.ts';
import type { Change } from '../plan.ts';
import { plain, subscriptionKey } from '../state.ts';
import { accountOf, regionOf } from '../subject.ts';
import type { Place } from './create-log-group.ts';
import { type PolicyEdit, policyToEdit } from './put-policy.ts';

/**
 * A new topic that alarms of its account may publish to, or whoever else the statement names. It has no way back:
 * others may have subscribed by then.
 */
export function createTopic(
  { partition, account, region }: Place,
  name: string,
  statement?: { of: (topicArn: string) => RawStatement; summary: string },
): { arn: string; changes: Change[] } {
  const arn = `arn:${partition}:sns:${region}:${account}:${name}`;
  const allowed = statement?.of(arn) ?? topicAlarmStatement({ topicArn: arn, accountId: account });
  const document = { Version: '2012-10-17', Statement: [allowed] };
  const create: Change = {
    account,
    region,
    resource: arn,
    operation: 'sns:CreateTopic',
    input: { Name: name },
    summary: `Create the topic ${name}.`,
    target: `topic:${arn}`,
    expect: null,
    result: { TopicArn: arn },
  };
  return { arn, changes: [create, setPolicy(arn, document, undefined, statement?.summary ?? LET_ALARMS)] };
}

const LET_ALARMS = 'Let CloudWatch alarms publish to the topic.';

/** sns:SetTopicAttributes with the policy and the statement alarms of `alarmAccount` need; every other one stays. */
export function allowAlarms(topic: Part<Topic>, alarmAccount: string): PolicyEdit {
  if (topic.state !== 'read') return { problem: 'The topic could not be read.' };
  const { TopicArn } = topic.value;
  const statement = topicAlarmStatement({ topicArn: TopicArn, accountId: alarmAccount });
  return addToTopicPolicy(topic.value, [statement], `${LET_ALARMS.slice(0, -1)}; every other statement stays.`);
}

/** sns:SetTopicAttributes with statements added; everything that was there stays as it was read. */
export function addToTopicPolicy(topic: Topic, statements: readonly RawStatement[], summary: string): PolicyEdit {
  const start = policyToEdit({ state: 'read', value: { text: topic.Policy } });
  if ('problem' in start) return start;
  const { document, unchanged } = mergeStatements(start.policy, statements);
  return unchanged ? { change: undefined } : putTopicPolicy(topic, document, summary);
}

/** sns:SetTopicAttributes with the whole policy; the way back is the text exactly as it was read. */
export function putTopicPolicy(
  { TopicArn, Policy }: Topic,
  document: RawPolicy,
  summary: string,
): { change: Change } | { problem: string } {
  const { fits, bytes, limit } = policySize('topic', document);
  if (!fits) return { problem: `The policy of the topic would have ${bytes} bytes; AWS takes ${limit}.` };
  return { change: setPolicy(TopicArn, document, Policy, summary) };
}

/** sns:SetTopicAttributes with a key; an empty value on the way back where there was none. */
export function setTopicKey({ TopicArn, KmsMasterKeyId }: Topic, keyArn: string): Change {
  const call = attributeCall(TopicArn);
  const base = { TopicArn, AttributeName: 'KmsMasterKeyId' };
  const undo = KmsMasterKeyId === undefined ? 'Encrypt no more messages, as before.' : 'Put the saved key back.';
  return {
    ...call,
    input: { ...base, AttributeValue: keyArn },
    summary: 'Encrypt the messages of the topic with the key.',
    target: `topic:${TopicArn}`,
    expect: { KmsMasterKeyId: KmsMasterKeyId ?? null },
    result: { KmsMasterKeyId: keyArn },
    undo: { ...call, input: { ...base, AttributeValue: KmsMasterKeyId ?? '' }, summary: undo, automatic: true },
  };
}

function attributeCall(arn: string) {
  return { account: accountOf(arn), region: regionOf(arn), resource: arn, operation: 'sns:SetTopicAttributes' };
}

/** `saved` is the policy it takes the place of; undefined where SNS has just given the topic its first one. */
function setPolicy(arn: string, document: RawPolicy, saved: string | undefined, summary: string): Change {
  const call = attributeCall(arn);
  const base = { TopicArn: arn, AttributeName: 'Policy' };
  const change: Change = {
    ...call,
    input: { ...base, AttributeValue: JSON.stringify(document) },
    summary,
    target: `topic:${arn}`,
    expect: { TopicArn: arn },
    result: { Policy: plain(canonicalPolicy(document)) },
  };
  if (saved === undefined) return change;
  const back = 'Put the saved policy of the topic back.';
  return {
    ...change,
    expect: { Policy: plain(canonicalPolicy(saved)) },
    undo: { ...call, input: { ...base, AttributeValue: saved }, summary: back, automatic: true },
  };
}

/** Endpoint as it is declared to the protocol SNS delivers by. */
const PROTOCOLS: readonly [RegExp, string][] = [
  [/^https:\/\//, 'https'],
  [/^arn:[^:]+:sqs:/, 'sqs'],
  [/^arn:[^:]+:lambda:/, 'lambda'],
  [/^\+\d+$/, 'sms'],
  [/^[^@\s]+@[^@\s]+$/, 'email'],
];

/** Protocols whose subscriptions wait until somebody confirms; SNS cannot take back what still waits. */
const TO_CONFIRM = new Set(['email', 'https']);

/**
 * sns:Subscribe for a declared endpoint. `step` is the place of this change in its plan: the way back names the
 * subscription by what this step answered.
 */
export function subscribe(
  topic: string,
  endpoint: string,
  step: number,
): { change: Change; mustConfirm: boolean } | { problem: string } {
  const protocol = PROTOCOLS.find(([form]) => form.test(endpoint))?.[1];
  if (protocol === undefined) return { problem: `${endpoint} is no endpoint SNS can deliver to.` };
  const mustConfirm = TO_CONFIRM.has(protocol);
  const call = { account: accountOf(topic), region: regionOf(topic), resource: topic };
  const key = subscriptionKey({ Protocol: protocol, Endpoint: endpoint });
  return {
    mustConfirm,
    change: {
      ...call,
      operation: 'sns:Subscribe',
      // Without ReturnSubscriptionArn the answer for a waiting subscription is the words "pending confirmation".
      input: { TopicArn: topic, Protocol: protocol, Endpoint: endpoint, ReturnSubscriptionArn: true },
      summary: `Subscribe ${endpoint} to the topic${mustConfirm ? '; somebody there must confirm' : ''}.`,
      target: `topic.subscriptions:${topic}`,
      expect: { [key]: null },
      result: { [key]: true },
      undo: {
        ...call,
        operation: 'sns:Unsubscribe',
        input: { SubscriptionArn: { $output: [step, 'SubscriptionArn'] } },
        summary: `Take the subscription of ${endpoint} back, if it was confirmed.`,
        automatic: !mustConfirm,
      },
    },
  };
}
