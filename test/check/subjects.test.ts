import { describe, expect, it } from 'vitest';
import { resourceOf, subjectsOf } from '../../src/check/subject.ts';
import type { Snapshot } from '../../src/snapshot/types.ts';
import {
  ACCOUNT,
  denied,
  emptySnapshot,
  healthySnapshot,
  LOG_GROUP_ARN,
  metricAlarm,
  REGION,
  STORE_ARN,
  TOPIC_ARN,
  TRAIL_ARN,
  unsupported,
  withAccount,
  withEventDataStore,
  withLogGroup,
  withTrail,
} from '../support/snapshot.ts';

const OTHER = `arn:aws:sns:${REGION}:${ACCOUNT}:operations`;
const root = { kind: 'event-data-store', arn: undefined, account: ACCOUNT, region: '' };
const store = { kind: 'event-data-store', arn: STORE_ARN, account: ACCOUNT, region: REGION };

describe('topics', () => {
  const alarmed = withLogGroup(withTrail(emptySnapshot()), { topic: OTHER });
  const composite = {
    ...metricAlarm('all', { actions: [TOPIC_ARN] }),
    kind: 'composite' as const,
    members: { AlarmName: 'all', AlarmRule: 'ALARM("cloudtrail-changes")' },
  };

  it.each<[string, Snapshot, object[]]>([
    [
      'a topic of a trail and of alarms on its log group is one',
      healthySnapshot(),
      [{ arn: TOPIC_ARN, trails: [TRAIL_ARN], logGroups: [LOG_GROUP_ARN] }],
    ],
    ['a topic of alarms only', alarmed, [{ arn: OTHER, trails: [], logGroups: [LOG_GROUP_ARN] }]],
    [
      'a topic of a trail that cannot be read',
      withTrail(emptySnapshot(), { SnsTopicARN: OTHER }),
      [{ arn: OTHER, trails: [TRAIL_ARN], logGroups: [] }],
    ],
    [
      'a topic that a composite alarm leads to',
      withLogGroup(withTrail(emptySnapshot()), {
        alarms: { all: composite, 'cloudtrail-changes': metricAlarm('cloudtrail-changes', { actions: [] }) },
      }),
      [{ arn: TOPIC_ARN, trails: [], logGroups: [LOG_GROUP_ARN] }],
    ],
    ['no topic at all', withTrail(emptySnapshot()), []],
  ])('%s', (_, snapshot, expected) => {
    const topics = expected.map((topic) => ({ kind: 'topic', account: ACCOUNT, region: REGION, ...topic }));
    expect(subjectsOf('topic', snapshot)).toEqual(topics);
  });

  it('stand for themselves in findings', () => {
    const [subject] = subjectsOf('topic', healthySnapshot());
    expect(subject && resourceOf(subject, 'aws')).toBe(TOPIC_ARN);
  });
});

describe('event data stores', () => {
  const none = { id: ACCOUNT };
  const refused = denied('cloudtrail:ListEventDataStores', ACCOUNT);

  it.each<[string, Snapshot, object[]]>([
    ['an account without a store is one by itself', emptySnapshot(), [root]],
    ['a store', withEventDataStore(emptySnapshot()), [store]],
    [
      'a store, and a region that could not be looked into',
      withEventDataStore(withAccount(emptySnapshot(), { ...none, eventDataStores: { 'eu-west-1': refused } })),
      [store, root],
    ],
    [
      'a store, and a region where there can be none',
      withEventDataStore(
        withAccount(emptySnapshot(), {
          ...none,
          eventDataStores: { 'eu-west-1': unsupported('cloudtrail:ListEventDataStores') },
        }),
      ),
      [store],
    ],
    ['an account out of scope', emptySnapshot({ accounts: [{ id: ACCOUNT, inScope: false }] }), []],
  ])('%s', (_, snapshot, expected) => {
    expect(subjectsOf('event-data-store', snapshot)).toEqual(expected);
  });

  it('stand for themselves in findings, an account without one by its root', () => {
    const resources = [withEventDataStore(emptySnapshot()), emptySnapshot()]
      .flatMap((snapshot) => subjectsOf('event-data-store', snapshot))
      .map((subject) => resourceOf(subject, 'aws'));
    expect(resources).toEqual([STORE_ARN, `arn:aws:iam::${ACCOUNT}:root`]);
  });
});
