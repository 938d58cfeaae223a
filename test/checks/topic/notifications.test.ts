import { describe, expect, it } from 'vitest';
import check from '../../../checks/topic/notifications.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  denied,
  healthySnapshot,
  MANAGEMENT,
  read,
  TOPIC_ARN,
  TRAIL_ARN,
  unreachable,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, memberUnder, ORGANIZATION_TRAIL } from '../trail/support.ts';
import { alarms, byDefault, fromTrail, publishing, STRANGER, topicWith } from './support.ts';

const without = () => accountWith({});
const failing = (snapshot: Snapshot) =>
  withTrail(snapshot, { SnsTopicARN: TOPIC_ARN, status: { LatestNotificationError: 'AuthorizationError' } });
const gone = (arn = TOPIC_ARN) => withPart(accountWith({ SnsTopicARN: arn }), 'topic', arn, absent('NotFound'));
const elsewhere = `arn:aws:sns:us-east-1:${ARCHIVE}:trails`;
const topicAt = (TopicArn: string, statement: JsonObject = fromTrail) =>
  read({
    TopicArn,
    owner: TopicArn.split(':')[4] ?? '',
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  });

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  ['a topic that is told', healthySnapshot, 'pass'],
  [
    'required false and no topic: not-applicable; a topic that is set is judged all the same (none)',
    without,
    'not-applicable',
  ],
  [
    'required false and no topic: not-applicable; a topic that is set is judged all the same (set)',
    () => failing(healthySnapshot()),
    'fail',
    { reason: expect.stringContaining('AuthorizationError') },
  ],
  ['required and no topic', without, 'fail', { fix: 'auto', risk: 'cost' }, { required: true }],
  ['Topic deleted: fail', () => gone(), 'fail', { severity: 'low' }],
  [
    'Topic in another account of the estate: looked for there',
    () => withPart(accountWith({ SnsTopicARN: elsewhere }), 'topic', elsewhere, topicAt(elsewhere)),
    'pass',
    { evidence: expect.objectContaining({ SnsTopicARN: elsewhere }) },
  ],
  [
    'topic out of reach',
    () => withPart(accountWith({ SnsTopicARN: elsewhere }), 'topic', elsewhere, unreachable(ARCHIVE)),
    'unknown',
  ],
  [
    'No delivery since the topic was set: unknown, too young',
    () => withTrail(healthySnapshot(), { SnsTopicARN: TOPIC_ARN, status: { LatestNotificationTime: undefined } }),
    'unknown',
    { reason: expect.stringContaining('too young') },
  ],
  [
    'Stopped trail: still judged; the finding says that it is stopped',
    () => withTrail(healthySnapshot(), { SnsTopicARN: TOPIC_ARN, status: { IsLogging: false } }),
    'pass',
    { notes: ['The trail is stopped.'] },
  ],
  [
    'AccessDenied on GetTopicAttributes: unknown, naming sns:GetTopicAttributes',
    () => withPart(healthySnapshot(), 'topic', TOPIC_ARN, denied('sns:GetTopicAttributes', ACCOUNT)),
    'unknown',
    { missingPermission: 'sns:GetTopicAttributes' },
  ],
  [
    'AccessDenied on GetTrailStatus',
    () =>
      withTrail(healthySnapshot(), { SnsTopicARN: TOPIC_ARN, status: denied('cloudtrail:GetTrailStatus', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetTrailStatus' },
  ],
];

describe('topic/notifications', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    expect(findingsOf(check, healthySnapshot())).toMatchObject([{ resource: TRAIL_ARN, region: 'us-east-1' }]);
  });

  it('Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member', () => {
    // One finding, at the owner: the member has none of its own that a fix could hang on.
    expect(findingsOf(check, memberUnder({}), { settings: { required: true } })).toMatchObject([
      { resource: ORGANIZATION_TRAIL, account: MANAGEMENT, verdict: 'fail' },
    ]);
  });
});

describe('plan of topic/notifications', () => {
  const required = { settings: { required: true } };

  it('makes a topic for this trail where none is declared, and tells the trail by its ARN', () => {
    const plan = planOf(check, without(), required);
    const [create, policy, update] = plan.changes;
    const arn = String(create?.resource);
    expect(create).toMatchObject({ operation: 'sns:CreateTopic', account: ACCOUNT, region: 'us-east-1', expect: null });
    expect(JSON.parse(String(policy?.input.AttributeValue)).Statement).toMatchObject([
      {
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Resource: arn,
        Condition: { StringEquals: { 'aws:SourceArn': [TRAIL_ARN] } },
      },
    ]);
    expect(update).toMatchObject({
      operation: 'cloudtrail:UpdateTrail',
      input: { Name: TRAIL_ARN, SnsTopicName: arn },
      expect: { SnsTopicARN: null },
      result: { SnsTopicARN: arn },
      undo: { input: { Name: TRAIL_ARN, SnsTopicName: '' } },
    });
    expect(Object.keys(update?.input ?? {})).toEqual(['Name', 'SnsTopicName']);
    expect(plan).toMatchObject({ class: 'auto', risk: 'cost', reversible: 'partly', watchDelivery: [TRAIL_ARN] });
  });

  it('never deletes a topic as an undo', () => {
    for (const { undo } of planOf(check, without(), required).changes) {
      expect(undo?.operation ?? 'none').not.toContain('Delete');
    }
  });

  it('takes the declared topic, its policy first, everything in it kept', () => {
    const declared = withPart(without(), 'topic', elsewhere, topicAt(elsewhere, alarms));
    const [policy, update] = planOf(check, declared, { settings: { required: true, topic_arn: elsewhere } }).changes;
    expect(JSON.parse(String(policy?.input.AttributeValue)).Statement).toEqual([
      alarms,
      expect.objectContaining({ Resource: elsewhere }),
    ]);
    expect(policy).toMatchObject({ account: ARCHIVE, undo: { automatic: true } });
    expect(update?.input).toEqual({ Name: TRAIL_ARN, SnsTopicName: elsewhere });
  });

  it('is told to people where the declared topic is in another region or could not be read', () => {
    const away = `arn:aws:sns:eu-west-1:${ACCOUNT}:trails`;
    const settings = { required: true, topic_arn: away };
    expect(fixOf(check, withPart(without(), 'topic', away, topicAt(away)), { settings })).toMatchObject({
      kind: 'manual',
    });
    expect(fixOf(check, without(), { settings })).toMatchObject({ kind: 'manual' });
  });

  it('makes a topic that is gone again under its name; the trail names it already', () => {
    const plan = planOf(check, gone());
    expect(plan.changes.map(({ operation }) => operation)).toEqual(['sns:CreateTopic', 'sns:SetTopicAttributes']);
    expect(plan.changes[0]).toMatchObject({ resource: TOPIC_ARN });
  });

  it('makes one of its own where the lost one belonged to others', () => {
    const plan = planOf(check, gone(`arn:aws:sns:us-east-1:${STRANGER}:theirs`));
    expect(plan.changes.at(-1)).toMatchObject({
      operation: 'cloudtrail:UpdateTrail',
      result: { SnsTopicARN: expect.stringContaining(ACCOUNT) },
    });
  });

  it('adds the statement that lacks, and changes nothing else', () => {
    const change = onlyChange(planOf(check, failing(topicWith(alarms, byDefault))));
    expect(change.operation).toBe('sns:SetTopicAttributes');
    expect(JSON.parse(String(change.input.AttributeValue)).Statement).toEqual([
      alarms,
      byDefault,
      expect.objectContaining({ Effect: 'Allow' }),
    ]);
  });

  it('points to the key where the policy is not at fault, and to people where a deny is', () => {
    expect(fixOf(check, failing(topicWith(alarms, fromTrail)))).toMatchObject({
      kind: 'manual',
      steps: [{ text: expect.stringContaining('topic/encryption') }, {}].slice(0, 2),
    });
    const denying = failing(topicWith(publishing(undefined, { Effect: 'Deny' })));
    expect(fixOf(check, denying)).toMatchObject({
      kind: 'manual',
      steps: [{ text: expect.stringContaining('denied') }],
    });
  });
});
