import { expect, test } from 'vitest';
import { DEMO_LOG_GROUPS } from '../../src/sandbox/aws/estates/demo.ts';
import {
  DEMO_ACCOUNTS,
  DEMO_ARCHIVE_KEY,
  DEMO_BUCKETS,
  DEMO_TRAILS,
  logGroup,
  policy,
  role,
  trail,
} from '../../src/sandbox/aws/index.ts';
import { regionOf } from '../../src/sandbox/aws/region.ts';
import type { Estate } from '../../src/sandbox/aws/types.ts';
import { refresh } from '../../src/snapshot/refresh.ts';
import type { PartKey } from '../../src/snapshot/types.ts';
import { demo, NOW } from './support.ts';

const { archive, web, data } = DEMO_ACCOUNTS;
const LATER = new Date(NOW.getTime() + 60_000);

function accountIn(estate: Estate, id: string) {
  const account = estate.accounts.get(id);
  if (account === undefined) throw new Error(`the demo has no account ${id}`);
  return account;
}

async function demoRead() {
  const { take, aws, config, estate, newCalls } = await demo();
  const { snapshot } = await take([web, data]);
  newCalls();
  return {
    snapshot,
    estate,
    newCalls,
    again: (...keys: PartKey[]) => refresh({ aws, snapshot, keys, config, now: LATER }),
  };
}

test('one part is read again, and everything else stays', async () => {
  const { snapshot, estate, newCalls, again } = await demoRead();
  const legacy = estate.buckets.get(DEMO_BUCKETS.legacy);
  if (legacy !== undefined) legacy.versioning = 'Enabled';
  const { snapshot: next, calls } = await again(`bucket.versioning:${DEMO_BUCKETS.legacy}`);
  expect(newCalls().map(({ operation }) => operation)).toEqual(['GetBucketVersioning']);
  expect(calls).toBe(1);
  expect(next).toEqual({
    ...snapshot,
    takenAt: LATER.toISOString(),
    'bucket.versioning': {
      ...snapshot['bucket.versioning'],
      [DEMO_BUCKETS.legacy]: { state: 'read', value: { Status: 'Enabled' } },
    },
  });
});

test('trails keep one order whichever was read last, so that a plan made again is the same', async () => {
  const { snapshot, again } = await demoRead();
  const inOrder = Object.keys(snapshot.trail).sort();
  expect(Object.keys(snapshot.trail)).toEqual(inOrder);
  const { snapshot: next } = await again(`trail:${DEMO_TRAILS.organization}`);
  expect(Object.keys(next.trail)).toEqual(inOrder);
});

test('a bucket policy is read with what AWS makes of it', async () => {
  const { estate, again } = await demoRead();
  const legacy = estate.buckets.get(DEMO_BUCKETS.legacy);
  if (legacy !== undefined) legacy.policy = undefined;
  const { snapshot } = await again(`bucket.policy:${DEMO_BUCKETS.legacy}`);
  expect(snapshot['bucket.policy'][DEMO_BUCKETS.legacy]).toEqual({ state: 'absent', code: 'NoSuchBucketPolicy' });
  expect(snapshot['bucket.policyStatus'][DEMO_BUCKETS.legacy]).toEqual({ state: 'absent', code: 'NoSuchBucketPolicy' });
});

test('a trail that names another key now brings that key along', async () => {
  const { estate, again } = await demoRead();
  const changed = regionOf(accountIn(estate, web), 'us-east-1').trails.get('web-alarms');
  if (changed !== undefined) changed.kmsKeyId = DEMO_ARCHIVE_KEY;
  const { snapshot } = await again(`trail:${DEMO_TRAILS.web}`);
  expect(snapshot.trail[DEMO_TRAILS.web]).toMatchObject({ value: { KmsKeyId: DEMO_ARCHIVE_KEY } });
  expect(snapshot.key[DEMO_ARCHIVE_KEY]).toMatchObject({ value: { AWSAccountId: archive } });
  expect(snapshot['key.policy'][DEMO_ARCHIVE_KEY]?.state).toBe('read');
});

test('a trail that was made meanwhile is listed and read in full', async () => {
  const { estate, again } = await demoRead();
  const made = trail(estate, accountIn(estate, data), { name: 'new', bucket: DEMO_BUCKETS.legacy });
  const { snapshot } = await again(`trail:${made.arn}`);
  expect(snapshot['account.trails'][data]).toMatchObject({
    value: expect.arrayContaining([expect.objectContaining({ TrailARN: made.arn })]),
  });
  expect(snapshot['trail.status'][made.arn]).toMatchObject({ value: { IsLogging: true } });
  expect(snapshot['trail.selectors'][made.arn]?.state).toBe('read');
});

test('a trail that was deleted is absent and no longer listed', async () => {
  const { estate, again } = await demoRead();
  regionOf(accountIn(estate, data), 'eu-west-1').trails.delete('legacy-data-trail');
  const { snapshot } = await again(`trail:${DEMO_TRAILS.legacy}`);
  expect(snapshot.trail[DEMO_TRAILS.legacy]).toEqual({ state: 'absent', code: 'TrailNotFoundException' });
  expect(JSON.stringify(snapshot['account.trails'][data])).not.toContain(DEMO_TRAILS.legacy);
});

test('what the snapshot never held can be read by its key', async () => {
  const { estate, again } = await demoRead();
  const owner = accountIn(estate, data);
  const group = logGroup(estate, owner, 'eu-west-1', 'cloudtrail/new');
  role(owner, 'trail-check-delivery', { path: '/trail-check/', trust: policy(), inline: { deliver: policy() } });
  const arn = group.arn.replace(/:\*$/, '');
  const { snapshot } = await again(
    `logGroup:${arn}`,
    `iam.role:${data}/trail-check-delivery`,
    `alarms:${data}/eu-west-1`,
    `config.rules:${data}/eu-west-1`,
    `logGroup:arn:aws:logs:eu-west-1:${data}:log-group:not-made`,
  );
  expect(snapshot.logGroup[arn]).toMatchObject({ value: { logGroupName: 'cloudtrail/new' } });
  expect(snapshot['logGroup.filters'][arn]).toEqual({ state: 'read', value: {} });
  expect(snapshot['iam.role'][`${data}/trail-check-delivery`]).toMatchObject({
    value: { inline: { deliver: expect.any(String) } },
  });
  expect(snapshot.alarms[`${data}/eu-west-1`]).toEqual({ state: 'read', value: {} });
  expect(snapshot['config.rules'][`${data}/eu-west-1`]).toEqual({ state: 'read', value: {} });
  expect(snapshot.logGroup[`arn:aws:logs:eu-west-1:${data}:log-group:not-made`]).toEqual({
    state: 'absent',
    code: 'ResourceNotFoundException',
  });
});

test('a new filter leads to the topics of its alarms', async () => {
  const { snapshot, again } = await demoRead();
  const { snapshot: next } = await again(`logGroup.filters:${DEMO_LOG_GROUPS.web}`, `alarms:${web}/us-east-1`);
  expect(next.topic).toEqual(snapshot.topic);
  expect(next.alarms).toEqual(snapshot.alarms);
});

test('a refusal takes the place of what was known', async () => {
  const { estate, again } = await demoRead();
  estate.knobs.denied.push({ account: web, action: 'cloudtrail:GetTrailStatus' });
  const { snapshot } = await again(`trail.status:${DEMO_TRAILS.web}`);
  expect(snapshot['trail.status'][DEMO_TRAILS.web]).toMatchObject({ state: 'denied' });
  expect(snapshot.accounts[web]).toMatchObject({ status: 'partly' });
});

test('a key that names no part is refused with the names there are', async () => {
  const { again } = await demoRead();
  // Keys come out of stored plans, where the type cannot help.
  const stale = JSON.parse('"bucket.colour:x"');
  await expect(again(stale)).rejects.toMatchObject({ message: 'bucket.colour:x names no part of a snapshot' });
});
