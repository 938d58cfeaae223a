import type { JsonObject, Snapshot, Topic } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  denied,
  healthySnapshot,
  read,
  TOPIC_ARN,
  TRAIL_ARN,
  unreachable,
  withPart,
} from '../../support/snapshot.ts';
import type { findingOf } from '../bucket/support.ts';

/** Name, snapshot, verdict, what else the finding has. */
export type Case = [string, () => Snapshot, string, JsonObject?];

export type Tested = Parameters<typeof findingOf>[0];

export const STRANGER = '999999999999';
export const CLOUDTRAIL = { Service: 'cloudtrail.amazonaws.com' };

/** What alarms of the account need; every policy of these tests has it. */
export const alarms = {
  Sid: 'Alarms',
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: 'SNS:Publish',
  Resource: TOPIC_ARN,
  Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
};

/** What SNS gives to every new topic. */
export const byDefault = {
  Sid: '__default_statement_ID',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: ['SNS:Publish', 'SNS:Subscribe', 'SNS:AddPermission', 'SNS:RemovePermission', 'SNS:DeleteTopic'],
  Resource: TOPIC_ARN,
  Condition: { StringEquals: { 'AWS:SourceOwner': ACCOUNT } },
};

/** Lets CloudTrail publish under a condition. */
export function publishing(Condition?: JsonObject, more: JsonObject = {}): JsonObject {
  const statement = {
    Sid: 'Trail',
    Effect: 'Allow',
    Principal: CLOUDTRAIL,
    Action: 'SNS:Publish',
    Resource: TOPIC_ARN,
  };
  return { ...statement, ...(Condition === undefined ? {} : { Condition }), ...more };
}

export const fromTrail = publishing({ StringEquals: { 'aws:SourceArn': TRAIL_ARN } });

/** The healthy estate, whose one trail and one alarm publish to a topic with this policy. */
export function topicWith(...Statement: JsonObject[]): Snapshot {
  return topicIs({ Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
}

/** The same with members of the topic put over it. */
export function topicIs(members: Partial<Topic>, snapshot: Snapshot = healthySnapshot()): Snapshot {
  const before = snapshot.topic[TOPIC_ARN];
  if (before?.state !== 'read') throw new Error('the healthy estate has a topic');
  return withPart(snapshot, 'topic', TOPIC_ARN, read({ ...before.value, ...members }));
}

/** The edge cases that all checks of a topic share. */
export const unread: Case[] = [
  [
    'Topic in an account outside the estate: unknown',
    () => withPart(healthySnapshot(), 'topic', TOPIC_ARN, unreachable(STRANGER)),
    'unknown',
  ],
  [
    'AccessDenied on GetTopicAttributes: unknown, naming sns:GetTopicAttributes',
    () => withPart(healthySnapshot(), 'topic', TOPIC_ARN, denied('sns:GetTopicAttributes', ACCOUNT)),
    'unknown',
    { missingPermission: 'sns:GetTopicAttributes' },
  ],
];
