import { describe, expect, test } from 'vitest';
import { DEMO_LOG_GROUPS, DEMO_WEB_KEY } from '../../src/sandbox/aws/estates/demo.ts';
import {
  addAccount,
  bucket,
  DEMO_ACCOUNTS,
  DEMO_ARCHIVE_KEY,
  DEMO_BUCKETS,
  DEMO_TRAILS,
  key,
  keyAlias,
  trail,
} from '../../src/sandbox/aws/index.ts';
import type { RecordedCall } from '../../src/sandbox/aws/types.ts';
import { PARTS } from '../../src/snapshot/catalogue.ts';
import type { Progress } from '../../src/snapshot/take.ts';
import { called, demo } from './support.ts';

const { management, archive, web, data, staging, sandbox } = DEMO_ACCOUNTS;
const PROD = [web, data];
const EVERYBODY = Object.values(DEMO_ACCOUNTS);

const wordsOf = ({ service, operation, account, region, input }: RecordedCall) =>
  `${service}:${operation} ${account} ${region} ${JSON.stringify(input)}`;

function accountOf(estate: Awaited<ReturnType<typeof demo>>['estate'], id: string) {
  const account = estate.accounts.get(id);
  if (account === undefined) throw new Error(`the demo has no account ${id}`);
  return account;
}

describe('the demo estate', () => {
  test('is read without asking for anything twice', async () => {
    const { take, newCalls, estate } = await demo();
    const { calls } = await take(EVERYBODY);
    const made = newCalls().map(wordsOf);
    expect(made.filter((call, index) => made.indexOf(call) !== index)).toEqual([]);
    expect(estate.calls.filter(({ operation }) => operation !== 'GetCallerIdentity')).toHaveLength(calls);
  });

  test('is read by declared operations only, and all of them can be told as IAM actions', async () => {
    const { take, newCalls } = await demo();
    await take(EVERYBODY, { sweep: true });
    const declared = new Set<string>(Object.values(PARTS).flatMap(({ operations }) => operations));
    const signing: { [name: string]: string } = { monitoring: 'cloudwatch' };
    const made = newCalls()
      .filter(({ operation, input }) => !(operation === 'GetPublicAccessBlock' && 'AccountId' in input))
      .map(({ service, operation }) => `${signing[service] ?? service}:${operation}`);
    expect([...new Set(made)].filter((operation) => !declared.has(operation))).toEqual([]);
  });

  test('gives the organization trail once, asked of its owner in its home region alone', async () => {
    const { take, newCalls } = await demo();
    const { snapshot } = await take(PROD);
    const calls = newCalls();
    const askers = (operation: string) =>
      called(calls, operation).filter(({ input }) => JSON.stringify(input).includes(DEMO_TRAILS.organization));
    expect(askers('cloudtrail:DescribeTrails').map(({ account, region }) => ({ account, region }))).toEqual([
      { account: management, region: 'us-east-1' },
    ]);
    expect(new Set(askers('cloudtrail:GetTrailStatus').map(({ account }) => account))).toEqual(new Set([management]));
    expect(snapshot.trail[DEMO_TRAILS.organization]).toMatchObject({
      state: 'read',
      value: { owner: management, IsOrganizationTrail: true, IsMultiRegionTrail: true },
    });
  });

  test('shows shadows in the listing of each member, and no trail of others', async () => {
    const { take } = await demo();
    const { snapshot } = await take(PROD);
    expect(snapshot['account.trails'][web]).toEqual({
      state: 'read',
      value: expect.arrayContaining([
        expect.objectContaining({ TrailARN: DEMO_TRAILS.web, IsOrganizationTrail: false }),
        expect.objectContaining({ TrailARN: DEMO_TRAILS.organization, IsOrganizationTrail: true }),
      ]),
    });
    expect(Object.keys(snapshot.trail).sort()).toEqual(
      [DEMO_TRAILS.organization, DEMO_TRAILS.web, DEMO_TRAILS.legacy].sort(),
    );
  });

  test('knows the accounts that own what prod shares, outside its scope', async () => {
    const { take } = await demo();
    const { snapshot } = await take(PROD);
    const facts = Object.values(snapshot.accounts).map(({ id, inScope, status, name }) => ({
      id,
      inScope,
      status,
      name,
    }));
    expect(facts.sort((a, b) => a.id.localeCompare(b.id))).toEqual([
      { id: management, inScope: false, status: 'scanned', name: 'acme-management' },
      { id: archive, inScope: false, status: 'scanned', name: 'acme-log-archive' },
      { id: web, inScope: true, status: 'scanned', name: web },
      // A policy of the organization hides its people.
      { id: data, inScope: true, status: 'partly', name: data },
    ]);
  });

  test('samples a multi-region trail in every other enabled region, a single-region trail nowhere', async () => {
    const { take } = await demo();
    const { snapshot } = await take(PROD);
    const sampled = snapshot['trail.regionalStatus'][DEMO_TRAILS.web] ?? {};
    expect(Object.keys(sampled)).toHaveLength(16);
    expect(sampled).not.toHaveProperty('us-east-1');
    expect(sampled['eu-west-1']).toMatchObject({ state: 'read', value: { IsLogging: true } });
    expect(snapshot['trail.regionalStatus'][DEMO_TRAILS.legacy]).toEqual({});
  });

  test('holds selectors, tags, key, log group, alarm and topic of a trail', async () => {
    const { take } = await demo();
    const { snapshot } = await take(EVERYBODY);
    expect(snapshot['trail.selectors'][DEMO_TRAILS.organization]).toMatchObject({
      value: { EventSelectors: [{ ReadWriteType: 'WriteOnly' }] },
    });
    expect(snapshot['trail.selectors'][DEMO_TRAILS.staging]).toMatchObject({
      value: { AdvancedEventSelectors: [{ Name: 'Management events' }, { Name: 'S3 objects but the logs' }] },
    });
    expect(snapshot['trail.tags'][DEMO_TRAILS.web]).toMatchObject({ value: { team: 'web' } });
    expect(snapshot.key[DEMO_WEB_KEY]).toMatchObject({ value: { KeyManager: 'CUSTOMER', AWSAccountId: web } });
    expect(snapshot['key.policy'][DEMO_WEB_KEY]).toMatchObject({
      value: { text: expect.stringContaining('GenerateDataKey') },
    });
    expect(snapshot.logGroup[DEMO_LOG_GROUPS.web]).toMatchObject({ value: { logGroupClass: 'STANDARD' } });
    expect(snapshot['logGroup.filters'][DEMO_LOG_GROUPS.staging]).toMatchObject({
      value: { 'cloudtrail-changes': { metricTransformations: [{ metricName: 'CloudTrailChanges' }] } },
    });
    expect(snapshot.alarms[`${staging}/us-east-1`]).toMatchObject({
      value: { 'cloudtrail-changes': { kind: 'metric' } },
    });
    const topic = `arn:aws:sns:us-east-1:${web}:web-alerts`;
    expect(snapshot.topic[topic]).toMatchObject({ value: { owner: web } });
    expect(snapshot['topic.subscriptions'][topic]).toMatchObject({
      value: [{ SubscriptionArn: 'PendingConfirmation', Protocol: 'email' }],
    });
    expect(snapshot['iam.role'][`${web}/CloudTrailToCloudWatchLogs`]).toMatchObject({
      value: { AssumeRolePolicyDocument: expect.stringContaining('cloudtrail.amazonaws.com') },
    });
    expect(snapshot['iam.role'][`${data}/AWSServiceRoleForCloudTrail`]?.state).toBe('read');
    expect(snapshot['config.rules'][`${staging}/us-east-1`]).toMatchObject({ state: 'read' });
    expect(snapshot['config.recorder'][`${web}/us-east-1`]).toMatchObject({ value: { recording: true } });
  });

  test('holds the organization, asked of the management account', async () => {
    const { take, newCalls } = await demo();
    const { snapshot } = await take(PROD);
    expect(snapshot.organization.organization).toMatchObject({ value: { MasterAccountId: management } });
    expect(snapshot['organization.accounts'].organization).toMatchObject({
      value: { [sandbox]: { State: 'ACTIVE', JoinedTimestamp: '2024-03-01T09:00:00.000Z' } },
    });
    expect(snapshot['organization.serviceAccess'].organization).toEqual({
      state: 'read',
      value: { 'cloudtrail.amazonaws.com': true },
    });
    expect(called(newCalls(), 'organizations:ListAccounts').map(({ account }) => account)).toEqual([management]);
  });

  test('tells holders of the full-access policy with path and group size', async () => {
    const { take } = await demo();
    const { snapshot } = await take([web]);
    expect(snapshot['iam.fullAccess'][web]).toMatchObject({
      value: {
        roles: {
          'deploy-bot': { path: '/' },
          AWSReservedSSO_PlatformAdmin_0123456789abcdef: { path: '/aws-reserved/sso.amazonaws.com/' },
        },
        policies: { 'role/deploy-bot': 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess' },
      },
    });
  });

  test('takes over what an interrupted run had read', async () => {
    const { take, newCalls } = await demo();
    const { snapshot } = await take(PROD);
    newCalls();
    const again = await take(PROD, { previous: snapshot });
    expect(newCalls()).toEqual([]);
    expect(again.snapshot).toEqual(snapshot);
  });

  test('reads no more than the parts asked for and what they are found by', async () => {
    const { take, newCalls } = await demo();
    const { snapshot } = await take(PROD, { parts: ['trail.status'] });
    expect(new Set(newCalls().map(({ operation }) => operation))).toEqual(
      new Set(['ListTrails', 'DescribeTrails', 'GetTrailStatus']),
    );
    expect(snapshot.bucket).toEqual({});
  });

  test('tells how far it is', async () => {
    const { take } = await demo();
    const told: Progress[] = [];
    await take(PROD, { onProgress: (progress) => told.push(progress) });
    const last = told.at(-1);
    expect(last?.done).toBe(last?.total);
    expect(last?.accounts).toEqual({ done: 2, total: 2 });
    expect(told.every(({ done, total }, index) => done <= total && done >= (told[index - 1]?.done ?? 0))).toBe(true);
  });
});

describe('buckets', () => {
  test('are read once, in the account that owns them', async () => {
    const { take, newCalls } = await demo();
    const { snapshot } = await take(PROD);
    expect(snapshot.bucket[DEMO_BUCKETS.archive]).toMatchObject({ value: { owner: archive, region: 'us-east-1' } });
    expect(called(newCalls(), 's3:GetBucketPolicy').map(({ account, input }) => [account, input.Bucket])).toEqual(
      expect.arrayContaining([[archive, DEMO_BUCKETS.archive]]),
    );
    expect(snapshot['account.publicAccessBlock']).toEqual({
      [archive]: { state: 'absent', code: 'NoSuchPublicAccessBlockConfiguration' },
      [data]: { state: 'absent', code: 'NoSuchPublicAccessBlockConfiguration' },
    });
  });

  test('in the configured archive are found there with one call', async () => {
    const { take, newCalls } = await demo({ config: { archive: { bucket: DEMO_BUCKETS.archive, account: archive } } });
    await take([web]);
    const calls = newCalls();
    expect(called(calls, 's3:HeadBucket').map(({ account }) => account)).toEqual([archive]);
    expect(called(calls, 's3:ListBuckets')).toEqual([]);
  });

  test('in another region than their trail are read there', async () => {
    const { take, newCalls } = await demo({
      change(estate) {
        const owner = accountOf(estate, data);
        bucket(estate, owner, 'far-away', { region: 'ap-south-1' });
        trail(estate, owner, { name: 'far', bucket: 'far-away' });
      },
    });
    const { snapshot } = await take([data]);
    expect(snapshot.bucket['far-away']).toMatchObject({ value: { owner: data, region: 'ap-south-1' } });
    const policies = called(newCalls(), 's3:GetBucketPolicy').filter(({ input }) => input.Bucket === 'far-away');
    expect(policies.map(({ region }) => region)).toEqual(['ap-south-1']);
  });

  test('that do not exist are absent, with all that would be said of them', async () => {
    const { take } = await demo();
    const { snapshot } = await take([sandbox]);
    expect(snapshot.bucket[DEMO_BUCKETS.gone]).toEqual({ state: 'absent', code: 'NoSuchBucket' });
    expect(snapshot['bucket.policy'][DEMO_BUCKETS.gone]).toBeUndefined();
  });

  test('of strangers have no owner, once every active account was listed', async () => {
    const { take } = await demo({
      change(estate) {
        const stranger = addAccount(estate, { id: '888888888888', name: 'stranger' });
        bucket(estate, stranger, DEMO_BUCKETS.gone);
      },
    });
    const { snapshot } = await take([sandbox]);
    expect(snapshot.bucket[DEMO_BUCKETS.gone]).toEqual({
      state: 'read',
      value: { Name: DEMO_BUCKETS.gone, region: 'us-east-1', everyAccountListed: true },
    });
  });

  test('of which nobody tells are unreadable while one account could not be listed', async () => {
    const { take } = await demo({
      change(estate) {
        const stranger = addAccount(estate, { id: '888888888888', name: 'stranger' });
        bucket(estate, stranger, DEMO_BUCKETS.gone);
        estate.knobs.denied.push({ account: staging, action: 's3:ListAllMyBuckets' });
      },
    });
    const { snapshot } = await take([sandbox]);
    expect(snapshot.bucket[DEMO_BUCKETS.gone]).toMatchObject({
      state: 'denied',
      action: 's3:ListAllMyBuckets',
      account: staging,
    });
  });

  test('bring the bucket of their access logs along', async () => {
    const { take } = await demo();
    const { snapshot } = await take([staging]);
    expect(snapshot.bucket[DEMO_BUCKETS.accessLogs]).toMatchObject({ value: { owner: archive } });
    expect(snapshot['bucket.policy'][DEMO_BUCKETS.accessLogs]?.state).toBe('read');
    expect(snapshot['bucket.objectLock'][DEMO_BUCKETS.accessLogs]?.state).toBe('absent');
    expect(snapshot['bucket.versioning'][DEMO_BUCKETS.accessLogs]).toBeUndefined();
  });
});

describe('what the configuration names', () => {
  test('is read though no trail uses it', async () => {
    const topic = `arn:aws:sns:us-east-1:${staging}:staging-alerts`;
    const { take } = await demo({
      config: {
        keys: { 'us-east-1': DEMO_ARCHIVE_KEY },
        checks: {
          'bucket/access-logging': { target_by_region: { 'us-east-1': DEMO_BUCKETS.accessLogs } },
          'alarm/cloudtrail-changes': { topic_arn: topic },
        },
      },
    });
    const { snapshot } = await take([data]);
    expect(snapshot['key.policy'][DEMO_ARCHIVE_KEY]?.state).toBe('read');
    expect(snapshot.bucket[DEMO_BUCKETS.accessLogs]).toMatchObject({ value: { owner: archive } });
    expect(snapshot['topic.subscriptions'][topic]?.state).toBe('read');
  });
});

describe('a key named by an alias', () => {
  test('is looked up in the account of the trail and the region of the bucket', async () => {
    const { take } = await demo({
      change(estate) {
        const owner = accountOf(estate, data);
        bucket(estate, owner, 'aliased', { region: 'eu-west-1' });
        key(estate, owner, 'eu-west-1', '0a11ce00-4444-4444-8444-a11a5ed00000');
        keyAlias(owner, 'eu-west-1', 'trails', '0a11ce00-4444-4444-8444-a11a5ed00000');
        trail(estate, owner, { name: 'aliased', bucket: 'aliased', kmsKeyId: 'alias/trails' });
      },
    });
    const { snapshot } = await take([data]);
    expect(snapshot.key['alias/trails']).toMatchObject({ value: { region: 'eu-west-1', KeyState: 'Enabled' } });
    expect(snapshot['key.policy']['alias/trails']?.state).toBe('read');
  });
});

describe('lists of many pages', () => {
  test('are read to the end', async () => {
    const { take } = await demo({
      change(estate) {
        const owner = accountOf(estate, data);
        for (let index = 0; index < 60; index += 1) {
          trail(estate, owner, { name: `trail-${index}`, bucket: DEMO_BUCKETS.legacy, multiRegion: false });
        }
      },
    });
    const { snapshot } = await take([data], { parts: ['trail.tags'] });
    expect(Object.keys(snapshot.trail)).toHaveLength(62);
    expect(Object.values(snapshot['trail.tags']).every(({ state }) => state === 'read')).toBe(true);
  });
});
