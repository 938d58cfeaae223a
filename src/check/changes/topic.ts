import type { Part, Topic } from '../../snapshot/types.ts';
import { canonicalPolicy } from '../evaluators/canonical.ts';
import { mergeStatements } from '../evaluators/policy/merge.ts';
import { policySize } from '../evaluators/policy/size.ts';
import { topicAlarmStatement } from '../evaluators/policy/statements.ts';
import type { RawPolicy } from '../evaluators/policy/types.ts';
import type { Change } from '../plan.ts';
import { plain, subscriptionKey } from '../state.ts';
import { accountOf, regionOf } from '../subject.ts';
import type { Place } from './create-log-group.ts';
import { type PolicyEdit, policyToEdit } from './put-policy.ts';

/** A new topic that alarms of its account may publish to. It has no way back: others may have subscribed by then. */
export function createTopic({ partition, account, region }: Place, name: string): { arn: string; changes: Change[] } {
  const arn = `arn:${partition}:sns:${region}:${account}:${name}`;
  const document = { Version: '2012-10-17', Statement: [topicAlarmStatement({ topicArn: arn, accountId: account })] };
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
  return { arn, changes: [create, setPolicy(arn, document, undefined)] };
}

/** sns:SetTopicAttributes with the policy and the statement alarms of `alarmAccount` need; every other one stays. */
export function allowAlarms(topic: Part<Topic>, alarmAccount: string): PolicyEdit {
  if (topic.state !== 'read') return { problem: 'The topic could not be read.' };
  const { TopicArn, Policy } = topic.value;
  const start = policyToEdit({ state: 'read', value: { text: Policy } });
  if ('problem' in start) return start;
  const { document, unchanged } = mergeStatements(start.policy, [
    topicAlarmStatement({ topicArn: TopicArn, accountId: alarmAccount }),
  ]);
  if (unchanged) return { change: undefined };
  const { fits, bytes, limit } = policySize('topic', document);
  if (!fits) return { problem: `The policy of the topic would have ${bytes} bytes; AWS takes ${limit}.` };
  return { change: setPolicy(TopicArn, document, Policy) };
}

/** `saved` is the policy it takes the place of; undefined where SNS has just given the topic its first one. */
function setPolicy(arn: string, document: RawPolicy, saved: string | undefined): Change {
  const call = { account: accountOf(arn), region: regionOf(arn), resource: arn, operation: 'sns:SetTopicAttributes' };
  const base = { TopicArn: arn, AttributeName: 'Policy' };
  const change: Change = {
    ...call,
    input: { ...base, AttributeValue: JSON.stringify(document) },
    summary: 'Let CloudWatch alarms publish to the topic.',
    target: `topic:${arn}`,
    expect: { TopicArn: arn },
    result: { Policy: plain(canonicalPolicy(document)) },
  };
  if (saved === undefined) return change;
  const summary = 'Put the saved policy of the topic back.';
  return {
    ...change,
    summary: `${change.summary.slice(0, -1)}; every other statement stays.`,
    expect: { Policy: plain(canonicalPolicy(saved)) },
    undo: { ...call, input: { ...base, AttributeValue: saved }, summary, automatic: true },
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
