import { describe, expect, it } from 'vitest';
import check from '../../../checks/topic/encryption.ts';
import type { Key, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  healthySnapshot,
  KEY_ARN,
  read,
  TOPIC_ARN,
  TOPIC_KEY_ARN,
  TRAIL_ARN,
  unreachable,
  withKey,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf, putDocument } from '../bucket/support.ts';
import { type Case, STRANGER, topicIs, unread } from './support.ts';

const ADMINISTRATION = {
  Sid: 'Administration',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
};
const use = (service: string, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: `${service}.amazonaws.com` },
  Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
  Resource: '*',
  ...more,
});
const keyed = (...Statement: object[]) =>
  withKey(healthySnapshot(), {
    reference: TOPIC_KEY_ARN,
    policy: JSON.parse(JSON.stringify({ Version: '2012-10-17', Statement: [ADMINISTRATION, ...Statement] })),
  });
const keyIs = (key: Partial<Key>) => withKey(healthySnapshot(), { reference: TOPIC_KEY_ARN, key });
const unencrypted = (snapshot: Snapshot = healthySnapshot()) => {
  const { KmsMasterKeyId: _, ...rest } = readTopic(snapshot);
  return withPart(snapshot, 'topic', TOPIC_ARN, read(rest));
};
const ALIAS = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/aws/sns`;

function readTopic(snapshot: Snapshot) {
  const part = snapshot.topic[TOPIC_ARN];
  if (part?.state !== 'read') throw new Error('the healthy estate has a topic');
  return part.value;
}

const cases: Case[] = [
  ['a key that both services may use', healthySnapshot, 'pass'],
  ['no key', () => unencrypted(), 'fail', { fix: 'auto-second-approver', risk: 'disruptive', severity: 'low' }],
  ['alias/aws/sns: fail, services cannot publish through it', () => topicIs({ KmsMasterKeyId: ALIAS }), 'fail'],
  ['a key that AWS manages, by its ARN', () => keyIs({ KeyManager: 'AWS' }), 'fail'],
  [
    'Key without the statement for a publishing service: fail, messages are lost (CloudTrail)',
    () => keyed(use('cloudwatch')),
    'fail',
    { reason: expect.stringContaining('cloudtrail') },
  ],
  [
    'Key without the statement for a publishing service: fail, messages are lost (CloudWatch)',
    () => keyed(use('cloudtrail')),
    'fail',
    { reason: expect.stringContaining('cloudwatch') },
  ],
  [
    'a key for other trails',
    () =>
      keyed(
        use('cloudwatch'),
        use('cloudtrail', { Condition: { StringEquals: { 'aws:SourceArn': `${TRAIL_ARN}-2` } } }),
      ),
    'fail',
  ],
  [
    'a key for these alone',
    () =>
      keyed(
        use('cloudwatch', { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }),
        use('cloudtrail', { Condition: { StringEquals: { 'aws:SourceArn': TRAIL_ARN } } }),
      ),
    'pass',
  ],
  [
    'a condition nobody can judge',
    () =>
      keyed(
        use('cloudwatch'),
        use('cloudtrail', { Condition: { StringEquals: { 'kms:ViaService': 'sns.us-east-1.amazonaws.com' } } }),
      ),
    'unknown',
  ],
  ['a key that is disabled', () => keyIs({ KeyState: 'Disabled' }), 'fail'],
  ['a key that is gone', () => withPart(healthySnapshot(), 'key', TOPIC_KEY_ARN, absent('NotFoundException')), 'fail'],
  ['a key out of reach', () => withPart(healthySnapshot(), 'key', TOPIC_KEY_ARN, unreachable(STRANGER)), 'unknown'],
  [
    'alarms that could not be read',
    () => withPart(healthySnapshot(), 'alarms', `${ACCOUNT}/us-east-1`, denied('cloudwatch:DescribeAlarms', ACCOUNT)),
    'unknown',
    { missingPermission: 'cloudwatch:DescribeAlarms' },
  ],
  [
    'AccessDenied on GetKeyPolicy: unknown, naming kms:GetKeyPolicy',
    () => withPart(healthySnapshot(), 'key.policy', TOPIC_KEY_ARN, denied('kms:GetKeyPolicy', ACCOUNT)),
    'unknown',
    { missingPermission: 'kms:GetKeyPolicy' },
  ],
  ...unread,
];

describe('topic/encryption', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Topic without publishers of ours: not-applicable', () => {
    // A topic without publishers is no subject of a scan; a judgement made on its own may still see one.
    const subject = { kind: 'topic' as const, arn: TOPIC_ARN, account: ACCOUNT, region: 'us-east-1' };
    const judgement = check.evaluate({
      snapshot: healthySnapshot(),
      subject: { ...subject, trails: [], logGroups: [] },
      settings: { key_by_region: {} },
      estate: { keys: {}, monitor: 'cloudwatch', ownRoles: [] },
    });
    expect(judgement).toMatchObject({ verdict: 'not-applicable' });
  });
});

describe('plan of topic/encryption', () => {
  const estate = { keys: { 'us-east-1': KEY_ARN } };

  it('lets the publishers use the declared key first, then encrypts with it', () => {
    const plan = planOf(check, unencrypted(), { estate });
    const [key, topic] = plan.changes;
    expect(plan.changes).toHaveLength(2);
    expect(key).toMatchObject({ operation: 'kms:PutKeyPolicy', resource: KEY_ARN, undo: { automatic: true } });
    expect(key === undefined ? [] : putDocument(key).Statement.slice(-2)).toMatchObject([
      {
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceArn': [TRAIL_ARN] } },
      },
      {
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': [ACCOUNT] } },
      },
    ]);
    expect(topic).toMatchObject({
      operation: 'sns:SetTopicAttributes',
      input: { TopicArn: TOPIC_ARN, AttributeName: 'KmsMasterKeyId', AttributeValue: KEY_ARN },
      expect: { KmsMasterKeyId: null },
      result: { KmsMasterKeyId: KEY_ARN },
      undo: { input: { AttributeName: 'KmsMasterKeyId', AttributeValue: '' }, automatic: true },
    });
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'disruptive', reversible: 'yes' });
  });

  it('takes the key of the settings before that of the estate', () => {
    const settings = { key_by_region: { 'us-east-1': TOPIC_KEY_ARN } };
    const change = onlyChange(planOf(check, unencrypted(), { settings, estate }));
    expect(change.input).toMatchObject({ AttributeValue: TOPIC_KEY_ARN });
  });

  it('keeps a key that works and mends its policy alone', () => {
    const change = onlyChange(planOf(check, keyed(use('cloudwatch')), { estate }));
    expect(change).toMatchObject({ operation: 'kms:PutKeyPolicy', resource: TOPIC_KEY_ARN });
    expect(putDocument(change).Statement.slice(0, 2)).toEqual([ADMINISTRATION, use('cloudwatch')]);
  });

  it('never uses the key that AWS manages', () => {
    const settings = { key_by_region: { 'us-east-1': ALIAS } };
    const managed = withKey(unencrypted(), { reference: ALIAS, key: { KeyManager: 'AWS' } });
    expect(fixOf(check, managed, { settings })).toMatchObject({ kind: 'blocked', by: 'key/usable' });
  });

  it('is told to people where no key is declared, or no statement can help', () => {
    expect(fixOf(check, unencrypted())).toMatchObject({
      kind: 'manual',
      steps: [{ text: expect.stringContaining('us-east-1') }, {}],
    });
    const denying = keyed(use('cloudtrail', { Effect: 'Deny' }));
    expect(fixOf(check, denying, { estate })).toMatchObject({
      kind: 'manual',
      steps: [{ text: expect.stringContaining('denied') }, {}],
    });
  });

  it('waits for a key that cannot be read', () => {
    expect(fixOf(check, unencrypted(), { estate: { keys: { 'us-east-1': `${KEY_ARN}-2` } } })).toMatchObject({
      kind: 'blocked',
    });
  });
});
