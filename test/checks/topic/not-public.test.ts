import { describe, expect, it } from 'vitest';
import check from '../../../checks/topic/not-public.ts';
import { ACCOUNT, absent, healthySnapshot, TOPIC_ARN, TRAIL_ARN, withPart } from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { alarms, byDefault, type Case, fromTrail, STRANGER, topicIs, topicWith, unread } from './support.ts';

const open = (Action: string | string[], Condition?: object) => ({
  Sid: 'Open',
  Effect: 'Allow',
  Principal: '*',
  Action,
  Resource: TOPIC_ARN,
  ...(Condition === undefined ? {} : { Condition: JSON.parse(JSON.stringify(Condition)) }),
});

/** Publish for everybody but one account. */
function allBut(account: string) {
  const { Principal: _, ...rest } = open('SNS:Publish');
  return { ...rest, NotPrincipal: { AWS: account } };
}

const cases: Case[] = [
  ['services alone', healthySnapshot, 'pass'],
  [
    'The default statement of SNS (principal *, condition AWS:SourceOwner equal to the own account): pass',
    () => topicWith(alarms, byDefault),
    'pass',
  ],
  [
    'Principal * limited by aws:SourceArn or aws:PrincipalOrgID: pass (aws:SourceArn)',
    () => topicWith(open('SNS:Publish', { ArnLike: { 'aws:SourceArn': `arn:aws:s3:*:${ACCOUNT}:logs` } })),
    'pass',
  ],
  [
    'Principal * limited by aws:SourceArn or aws:PrincipalOrgID: pass (aws:PrincipalOrgID)',
    () => topicWith(open('SNS:Publish', { StringEquals: { 'aws:PrincipalOrgID': 'o-acme123456' } })),
    'pass',
  ],
  [
    'Subscribe open, Publish closed: fail',
    () => topicWith(alarms, open('SNS:Subscribe')),
    'fail',
    { reason: expect.stringContaining('Open'), severity: 'high', fix: 'auto-second-approver', risk: 'disruptive' },
  ],
  ['Publish open', () => topicWith(open('sns:Publish')), 'fail'],
  ['administration open', () => topicWith(open(['SNS:SetTopicAttributes'])), 'fail'],
  ['everything open', () => topicWith(open('SNS:*')), 'fail'],
  ['only attributes may be looked at', () => topicWith(open('SNS:GetTopicAttributes')), 'pass'],
  [
    'Subscribe open to the addresses of one domain',
    () => topicWith(open('SNS:Subscribe', { StringLike: { 'sns:Endpoint': '*@acme.com' } })),
    'pass',
  ],
  [
    'Subscribe open to any address',
    () => topicWith(open('SNS:Subscribe', { StringLike: { 'sns:Endpoint': '*' } })),
    'fail',
  ],
  [
    'Publish limited by the endpoint, which is none',
    () => topicWith(open('SNS:Publish', { StringLike: { 'sns:Endpoint': '*@acme.com' } })),
    'fail',
  ],
  ['everybody but one', () => topicWith(allBut(STRANGER)), 'fail'],
  ['a deny for everybody', () => topicWith({ ...open('SNS:Publish'), Effect: 'Deny' }), 'pass'],
  ['the topic is gone', () => withPart(healthySnapshot(), 'topic', TOPIC_ARN, absent('NotFound')), 'not-applicable'],
  ['a policy that is none', () => topicIs({ Policy: 'no' }), 'unknown'],
  ...unread,
];

describe('topic/not-public', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });
});

describe('plan of topic/not-public', () => {
  const documentOf = (snapshot: ReturnType<typeof topicWith>) =>
    JSON.parse(String(onlyChange(planOf(check, snapshot)).input.AttributeValue)).Statement;

  it('keeps what was open for the own account, and every other statement as it was read', () => {
    const snapshot = topicWith(alarms, fromTrail, open('SNS:Subscribe'));
    const plan = planOf(check, snapshot);
    expect(documentOf(snapshot)).toEqual([
      alarms,
      fromTrail,
      open('SNS:Subscribe', { StringEquals: { 'AWS:SourceOwner': ACCOUNT } }),
    ]);
    expect(onlyChange(plan)).toMatchObject({
      operation: 'sns:SetTopicAttributes',
      undo: { input: { AttributeName: 'Policy', AttributeValue: expect.stringContaining('"Open"') }, automatic: true },
    });
    expect(plan).toMatchObject({
      class: 'auto-second-approver',
      risk: 'disruptive',
      warnings: [expect.stringContaining('Open')],
    });
  });

  it('never removes the statement of the owner of the topic', () => {
    const { Condition, ...naked } = byDefault;
    expect(documentOf(topicWith(alarms, fromTrail, naked))).toContainEqual({ ...naked, Condition });
  });

  it('keeps other conditions, and puts the owner in the place of whoever was let in', () => {
    const before = open('SNS:Publish', { StringEquals: { 'aws:SourceOwner': '*', 'aws:PrincipalTag/x': 'y' } });
    expect(documentOf(topicWith(alarms, fromTrail, before))).toContainEqual(
      open('SNS:Publish', { StringEquals: { 'aws:PrincipalTag/x': 'y', 'AWS:SourceOwner': ACCOUNT } }),
    );
  });

  it('gives trails and alarms that published by it statements of their own', () => {
    const after = documentOf(topicWith(open('SNS:Publish')));
    expect(after).toHaveLength(3);
    expect(after).toContainEqual(
      expect.objectContaining({
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceArn': [TRAIL_ARN] } },
      }),
    );
    expect(after).toContainEqual(expect.objectContaining({ Principal: { Service: 'cloudwatch.amazonaws.com' } }));
  });

  it('is told to people where a principal no longer exists', () => {
    const dead = { ...alarms, Sid: 'Dead', Principal: { AWS: 'AIDAEXAMPLEEXAMPLE123' } };
    expect(fixOf(check, topicWith(dead, open('SNS:Publish')))).toMatchObject({ kind: 'manual' });
  });
});
