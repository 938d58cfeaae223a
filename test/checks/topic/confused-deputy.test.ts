import { describe, expect, it } from 'vitest';
import check from '../../../checks/topic/confused-deputy.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  denied,
  healthySnapshot,
  TOPIC_ARN,
  TRAIL_ARN,
  unreachable,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import {
  alarms,
  byDefault,
  type Case,
  CLOUDTRAIL,
  fromTrail,
  publishing,
  STRANGER,
  topicIs,
  topicWith,
  unread,
} from './support.ts';

const second = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/second`;
const foreign = `arn:aws:cloudtrail:us-east-1:${STRANGER}:trail/theirs`;
const sourceArn = (...arns: string[]) => publishing({ StringEquals: { 'aws:SourceArn': arns } });
/** Two trails publish to the topic. */
const shared = (statement = fromTrail) =>
  withTrail(topicWith(alarms, statement), { name: 'second', SnsTopicARN: TOPIC_ARN });

const cases: Case[] = [
  ['the trail of the topic', healthySnapshot, 'pass'],
  [
    'Topic shared by several trails: all their ARNs are expected (one lacks)',
    () => shared(),
    'fail',
    { reason: expect.stringContaining('second') },
  ],
  [
    'Topic shared by several trails: all their ARNs are expected (both)',
    () => shared(sourceArn(TRAIL_ARN, second)),
    'pass',
  ],
  [
    'SourceArn of a trail outside the estate: fail',
    () => topicWith(alarms, sourceArn(TRAIL_ARN, foreign)),
    'fail',
    { reason: expect.stringContaining(foreign), fix: 'auto' },
  ],
  [
    'Condition key in another case: the same key',
    () => topicWith(publishing({ StringEquals: { 'AWS:sourcearn': TRAIL_ARN } })),
    'pass',
  ],
  [
    'No CloudTrail statement: fail, notifications cannot be sent',
    () => topicWith(alarms, byDefault),
    'fail',
    { reason: expect.stringContaining('cannot notify') },
  ],
  ['no condition', () => topicWith(publishing()), 'fail', { severity: 'medium' }],
  [
    'a condition that a request without the key meets',
    () => topicWith(publishing({ StringEqualsIfExists: { 'aws:SourceArn': TRAIL_ARN } })),
    'fail',
  ],
  [
    'accounts of the estate',
    () => topicWith(publishing({ StringEquals: { 'aws:SourceAccount': [ACCOUNT, ARCHIVE] } })),
    'pass',
  ],
  [
    'an account outside the estate',
    () => topicWith(publishing({ StringEquals: { 'aws:SourceAccount': [ACCOUNT, STRANGER] } })),
    'fail',
  ],
  [
    'all trails of an account of the estate',
    () => topicWith(publishing({ ArnLike: { 'aws:SourceArn': `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*` } })),
    'pass',
  ],
  [
    'all trails of any account',
    () => topicWith(publishing({ ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:*:trail/*' } })),
    'fail',
  ],
  [
    'open to everybody',
    () => topicWith({ ...byDefault, Condition: {} }),
    'fail',
    { cause: 'topic/not-public', fix: 'none' },
  ],
  [
    'a deny that stands in the way',
    () => topicWith(fromTrail, publishing(undefined, { Sid: 'No', Effect: 'Deny' })),
    'fail',
  ],
  [
    'a condition nobody can judge',
    () => topicWith(publishing({ StringEquals: { 'aws:SourceArn': TRAIL_ARN, 'aws:RequestTag/x': 'y' } })),
    'unknown',
  ],
  ['no trail publishes to it', () => withTrail(healthySnapshot(), { SnsTopicARN: undefined }), 'not-applicable'],
  [
    'the topic is gone',
    () => withPart(healthySnapshot(), 'topic', TOPIC_ARN, absent('NotFound')),
    'not-applicable',
    { cause: 'topic/notifications' },
  ],
  [
    'the list of the organization, where a stranger may be a member',
    () =>
      withPart(
        topicWith(sourceArn(TRAIL_ARN, foreign)),
        'organization.accounts',
        'organization',
        denied('organizations:ListAccounts', ACCOUNT),
      ),
    'unknown',
    { missingPermission: 'organizations:ListAccounts' },
  ],
  ...unread,
];

describe('topic/confused-deputy', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    const finding = findingOf(check, snapshot());
    expect(finding).toMatchObject({ verdict, ...more });
  });
});

describe('plan of topic/confused-deputy', () => {
  const documentOf = (snapshot = topicWith(alarms, publishing())) =>
    JSON.parse(String(onlyChange(planOf(check, snapshot)).input.AttributeValue)).Statement;

  it('pins CloudTrail to the trails of the topic, and keeps every other statement as it was read', () => {
    const snapshot = topicWith(alarms, byDefault, publishing());
    const plan = planOf(check, snapshot);
    expect(onlyChange(plan)).toMatchObject({
      operation: 'sns:SetTopicAttributes',
      account: ACCOUNT,
      region: 'us-east-1',
      input: { TopicArn: TOPIC_ARN, AttributeName: 'Policy' },
      undo: {
        input: {
          AttributeName: 'Policy',
          AttributeValue: JSON.stringify({ Version: '2012-10-17', Statement: [alarms, byDefault, publishing()] }),
        },
        automatic: true,
      },
    });
    expect(documentOf(snapshot)).toEqual([
      alarms,
      byDefault,
      publishing({ StringEquals: { 'aws:SourceArn': [TRAIL_ARN] } }),
    ]);
    expect(plan).toMatchObject({ class: 'auto', risk: 'safe', reversible: 'yes', watchDelivery: [TRAIL_ARN] });
  });

  it('drops strangers and keeps other conditions', () => {
    const before = publishing({
      StringEquals: { 'aws:SourceArn': [TRAIL_ARN, foreign] },
      Bool: { 'aws:SecureTransport': 'true' },
    });
    expect(documentOf(topicWith(alarms, before))).toEqual([
      alarms,
      publishing({ Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:SourceArn': [TRAIL_ARN] } }),
    ]);
  });

  it('splits a statement that CloudTrail shares, so that the others keep theirs', () => {
    const both = publishing(undefined, { Principal: { Service: ['cloudtrail.amazonaws.com', 's3.amazonaws.com'] } });
    const { Sid, ...pinned } = publishing({ StringEquals: { 'aws:SourceArn': [TRAIL_ARN] } });
    expect(documentOf(topicWith(both))).toEqual([{ ...both, Principal: { Service: ['s3.amazonaws.com'] } }, pinned]);
    expect(Sid).toBe('Trail');
  });

  it('adds the trail that lacks', () => {
    expect(documentOf(shared())).toEqual([
      alarms,
      publishing({ StringEquals: { 'aws:SourceArn': [TRAIL_ARN, second] } }),
    ]);
    expect(documentOf(topicWith(alarms))).toEqual([alarms, expect.objectContaining({ Principal: CLOUDTRAIL })]);
  });

  it('is told to people where a trail that may use the topic is not known', () => {
    const blind = withPart(topicWith(publishing()), 'trail', foreign, unreachable(STRANGER));
    expect(fixOf(check, blind)).toMatchObject({
      kind: 'manual',
      steps: [{ text: expect.stringContaining(foreign) }, {}],
    });
  });

  it('is told to people where a deny stands in the way, or a principal no longer exists', () => {
    const denying = topicWith(fromTrail, publishing(undefined, { Sid: 'No', Effect: 'Deny' }));
    expect(fixOf(check, denying)).toMatchObject({ kind: 'manual' });
    const dead = { ...alarms, Sid: 'Dead', Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } };
    expect(fixOf(check, topicWith(dead, publishing()))).toMatchObject({ kind: 'manual' });
    expect(findingOf(check, topicWith(dead, publishing()))).toMatchObject({ fix: 'manual' });
  });

  it('passes on what it plans', () => {
    const text = String(onlyChange(planOf(check, topicWith(alarms, publishing()))).input.AttributeValue);
    expect(findingOf(check, topicIs({ Policy: text }))).toMatchObject({ verdict: 'pass' });
  });
});
