import { expect, test } from 'vitest';
import { DEMO_LOG_GROUPS } from '../../src/sandbox/aws/estates/demo.ts';
import {
  aclGrant,
  allow,
  closeRegions,
  DEMO_ACCOUNTS,
  DEMO_ARCHIVE_KEY,
  DEMO_BUCKETS,
  DEMO_TRAILS,
  delegatedAdministrator,
  deliveryChannel,
  eventDataStore,
  insights,
  keyGrant,
  logResourcePolicy,
  policy,
  recorder,
  replication,
  securityHub,
  serviceControlPolicy,
  sharingLink,
  subscriptionFilter,
  user,
  withoutControlPolicies,
} from '../../src/sandbox/aws/index.ts';
import { regionOf } from '../../src/sandbox/aws/region.ts';
import type { Account, Estate, LogGroup, Trail } from '../../src/sandbox/aws/types.ts';
import { refresh } from '../../src/snapshot/refresh.ts';
import { called, demo, NOW } from './support.ts';

const { management, archive, web, data, staging } = DEMO_ACCOUNTS;
const OTHER = '999999999999';

function accountIn(estate: Estate, id: string): Account {
  const account = estate.accounts.get(id);
  if (account === undefined) throw new Error(`the demo has no account ${id}`);
  return account;
}

function trailOf(estate: Estate, id: string, name: string): Trail {
  const trail = regionOf(accountIn(estate, id), 'us-east-1').trails.get(name);
  if (trail === undefined) throw new Error(`the demo has no trail ${name}`);
  return trail;
}

function webLogGroup(estate: Estate): LogGroup {
  const groups = [...regionOf(accountIn(estate, web), 'us-east-1').logGroups.values()];
  const found = groups.find(({ arn }) => arn.startsWith(DEMO_LOG_GROUPS.web));
  if (found === undefined) throw new Error('the demo has no log group of web');
  return found;
}

test('Insights are asked for where a trail says it has them', async () => {
  const { take, newCalls } = await demo({
    change: (estate) => insights(trailOf(estate, web, 'web-alarms'), ['ApiCallRateInsight']),
  });
  const { snapshot } = await take([web], { parts: ['trail.insights'] });
  expect(snapshot['trail.insights'][DEMO_TRAILS.web]).toEqual({
    state: 'read',
    value: [{ InsightType: 'ApiCallRateInsight', EventCategories: ['Management'] }],
  });
  expect(snapshot['trail.insights'][DEMO_TRAILS.organization]).toEqual({
    state: 'absent',
    code: 'InsightNotEnabledException',
  });
  expect(called(newCalls(), 'cloudtrail:GetInsightSelectors')).toHaveLength(1);
});

test('Insights switched on meanwhile are seen, with the trail that says so', async () => {
  const { take, aws, config, estate } = await demo();
  const { snapshot } = await take([web], { parts: ['trail.insights'] });
  insights(trailOf(estate, web, 'web-alarms'));
  const again = await refresh({ aws, snapshot, config, now: NOW, keys: [`trail.insights:${DEMO_TRAILS.web}`] });
  expect(again.snapshot['trail.insights'][DEMO_TRAILS.web]).toMatchObject({ state: 'read' });
  expect(again.snapshot.trail[DEMO_TRAILS.web]).toMatchObject({ value: { HasInsightSelectors: true } });
});

test('event data stores are found in every region, and read at their owner with tags and key', async () => {
  let arn = '';
  const { take, newCalls } = await demo({
    change: (estate) => {
      arn = eventDataStore(estate, accountIn(estate, web), 'lake', {
        region: 'eu-west-1',
        kmsKeyId: DEMO_ARCHIVE_KEY,
        tags: { team: 'security' },
      }).arn;
    },
  });
  const { snapshot } = await take([web], { parts: ['account.eventDataStores', 'eventDataStore', 'key'] });
  expect(snapshot['account.eventDataStores'][`${web}/eu-west-1`]).toEqual({ state: 'read', value: [arn] });
  expect(snapshot['account.eventDataStores'][`${web}/us-east-1`]).toEqual({ state: 'read', value: [] });
  expect(snapshot.eventDataStore[arn]).toMatchObject({
    value: { Name: 'lake', Status: 'ENABLED', KmsKeyId: DEMO_ARCHIVE_KEY, tags: { team: 'security' } },
  });
  expect(snapshot.key[DEMO_ARCHIVE_KEY]).toMatchObject({ state: 'read' });
  expect(called(newCalls(), 'cloudtrail:GetEventDataStore')).toHaveLength(1);
});

test('a store of the organization that a delegated administrator sees is asked of its owner', async () => {
  let arn = '';
  const { take, newCalls } = await demo({
    change: (estate) => {
      delegatedAdministrator(estate, accountIn(estate, archive));
      arn = eventDataStore(estate, accountIn(estate, management), 'org-lake', { organization: true }).arn;
    },
  });
  const { snapshot } = await take([archive], { parts: ['eventDataStore'] });
  expect(snapshot['account.eventDataStores'][`${archive}/us-east-1`]).toEqual({ state: 'read', value: [arn] });
  expect(snapshot.eventDataStore[arn]).toMatchObject({ value: { OrganizationEnabled: true } });
  expect(called(newCalls(), 'cloudtrail:GetEventDataStore').map(({ account }) => account)).toEqual([management]);
  expect(snapshot.accounts[management]).toMatchObject({ inScope: false });
});

test('a store that is being deleted is read without its tags', async () => {
  let arn = '';
  const { take } = await demo({
    change: (estate) => {
      arn = eventDataStore(estate, accountIn(estate, web), 'gone', { status: 'PENDING_DELETION' }).arn;
    },
  });
  const { snapshot } = await take([web], { parts: ['eventDataStore'] });
  expect(snapshot.eventDataStore[arn]).toMatchObject({ value: { Status: 'PENDING_DELETION', tags: {} } });
});

test('a bucket is read with its ACL, its ownership and its replica, wherever that lies', async () => {
  const { take } = await demo({
    change: (estate) => {
      const [logs, legacy] = [DEMO_BUCKETS.archive, DEMO_BUCKETS.legacy].map((name) => estate.buckets.get(name));
      if (logs === undefined || legacy === undefined) throw new Error('the demo has no buckets');
      aclGrant(logs, OTHER);
      replication(logs, legacy, `arn:aws:iam::${archive}:role/replicate`);
    },
  });
  const { snapshot } = await take([web]);
  const acl = snapshot['bucket.acl'][DEMO_BUCKETS.archive];
  expect(acl).toMatchObject({ value: { Grants: [{ Permission: 'FULL_CONTROL' }, { Permission: 'READ' }] } });
  expect(snapshot['bucket.ownership'][DEMO_BUCKETS.archive]).toEqual({
    state: 'read',
    value: { ObjectOwnership: 'ObjectWriter' },
  });
  expect(snapshot['bucket.replication'][DEMO_BUCKETS.archive]).toMatchObject({
    value: { Role: `arn:aws:iam::${archive}:role/replicate`, Rules: [{ Status: 'Enabled' }] },
  });
  expect(snapshot.bucket[DEMO_BUCKETS.legacy]).toMatchObject({ value: { owner: data } });
});

test('a bucket without ownership controls and replication says so', async () => {
  const { take } = await demo({
    change: (estate) => {
      const logs = estate.buckets.get(DEMO_BUCKETS.archive);
      if (logs !== undefined) logs.ownership = undefined;
    },
  });
  const { snapshot } = await take([web], { parts: ['bucket.ownership', 'bucket.replication'] });
  expect(snapshot['bucket.ownership'][DEMO_BUCKETS.archive]).toEqual({
    state: 'absent',
    code: 'OwnershipControlsNotFoundError',
  });
  expect(snapshot['bucket.replication'][DEMO_BUCKETS.archive]).toEqual({
    state: 'absent',
    code: 'ReplicationConfigurationNotFoundError',
  });
});

test('the key of trails is read with its rotation and its grants', async () => {
  const { take } = await demo({
    change: (estate) => {
      for (const { keys } of accountIn(estate, web).regional.values()) {
        for (const key of keys.values()) keyGrant(key, `arn:aws:iam::${OTHER}:role/reader`);
      }
    },
  });
  const { snapshot } = await take([web], { parts: ['key.rotation', 'key.grants', 'trail'] });
  const reference = Object.keys(snapshot['key.grants'])[0] ?? '';
  expect(snapshot['key.grants'][reference]).toMatchObject({
    value: [{ GranteePrincipal: `arn:aws:iam::${OTHER}:role/reader`, Operations: ['Decrypt'] }],
  });
  expect(snapshot['key.rotation'][reference]).toMatchObject({ value: { KeyRotationEnabled: expect.any(Boolean) } });
});

test('a log group is read with where it streams to, who may reach it and who it is shared with', async () => {
  const { take } = await demo({
    change: (estate) => {
      const owner = accountIn(estate, web);
      const group = webLogGroup(estate);
      subscriptionFilter(group, 'to-siem', `arn:aws:logs:us-east-1:${OTHER}:destination:siem`);
      logResourcePolicy(owner, 'us-east-1', 'dns', policy(allow('logs:PutLogEvents')));
      logResourcePolicy(owner, 'us-east-1', 'of-group', policy(allow('logs:GetLogEvents')), group);
      sharingLink(estate, owner, 'us-east-1', OTHER, { logGroupFilter: 'LogGroupName LIKE "aws/%"' });
      sharingLink(estate, owner, 'us-east-1', OTHER, { resourceTypes: ['AWS::CloudWatch::Metric'] });
    },
  });
  const { snapshot } = await take([web]);
  const place = `${web}/us-east-1`;
  expect(snapshot['logGroup.subscriptions'][DEMO_LOG_GROUPS.web]).toEqual({
    state: 'read',
    value: [{ filterName: 'to-siem', destinationArn: `arn:aws:logs:us-east-1:${OTHER}:destination:siem` }],
  });
  const policies = snapshot['logs.resourcePolicies'][place];
  const names =
    policies?.state === 'read'
      ? policies.value.map(({ policyName, resourceArn }) => [policyName, resourceArn !== undefined])
      : [];
  expect(names).toEqual([
    ['dns', false],
    [expect.any(String), true],
  ]);
  const links = snapshot['oam.links'][place];
  const shared =
    links?.state === 'read'
      ? links.value.map(({ ResourceTypes, logGroupFilter }) => [ResourceTypes[0], logGroupFilter])
      : [];
  expect(shared).toEqual([
    ['AWS::Logs::LogGroup', 'LogGroupName LIKE "aws/%"'],
    ['AWS::CloudWatch::Metric', undefined],
  ]);
});

test('authorization keeps who holds something that is judged, and leaves the rest out', async () => {
  const { take } = await demo({
    change: (estate) => {
      const account = accountIn(estate, staging);
      user(account, 'stopper', { inline: { stop: policy(allow('cloudtrail:Stop*')) } });
      user(account, 'renderer', { inline: { render: policy(allow('ec2:DescribeInstances')) } });
      user(account, 'nearly-all', { inline: { rest: policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }) } });
      user(account, 'auditor', { attached: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
    },
  });
  const { snapshot } = await take([staging], { parts: ['iam.authorization'] });
  const authorization = snapshot['iam.authorization'][staging];
  if (authorization?.state !== 'read') throw new Error(`authorization is ${authorization?.state}`);
  const { principals, managed } = authorization.value;
  const names = principals.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['stopper', 'nearly-all']));
  expect(names).not.toContain('renderer');
  const stopper = principals.find(({ name }) => name === 'stopper');
  expect(stopper).toMatchObject({ kind: 'user', groups: [] });
  expect(JSON.parse(stopper?.inline.stop ?? '')).toMatchObject({ Statement: [{ Action: 'cloudtrail:Stop*' }] });
  for (const { text } of Object.values(managed)) expect(JSON.parse(text)).toHaveProperty('Statement');
});

test('recorders and delivery channels are looked for in every region', async () => {
  const { take } = await demo({
    change: (estate) => {
      const account = accountIn(estate, data);
      for (const state of account.regional.values()) {
        state.recorders.clear();
        state.deliveryChannels.clear();
      }
      recorder(account, 'eu-west-1', { recording: false, lastStatus: 'Failure', lastErrorCode: 'AccessDenied' });
      recorder(account, 'eu-west-1', { name: 'linked', servicePrincipal: 'securityhub.amazonaws.com' });
      recorder(account, 'eu-central-1', { name: 'linked', servicePrincipal: 'securityhub.amazonaws.com' });
      deliveryChannel(account, 'eu-west-1', 'acme-config', { prefix: 'config' });
    },
  });
  const { snapshot } = await take([data], { parts: ['config.recorder', 'config.deliveryChannel'] });
  expect(snapshot['config.recorder'][`${data}/eu-west-1`]).toMatchObject({
    value: { name: 'default', recording: false, lastStatus: 'Failure', lastErrorCode: 'AccessDenied' },
  });
  expect(snapshot['config.recorder'][`${data}/eu-central-1`]).toEqual({
    state: 'absent',
    code: 'NoSuchConfigurationRecorderException',
  });
  expect(snapshot['config.recorder'][`${data}/us-west-2`]).toEqual({
    state: 'absent',
    code: 'NoSuchConfigurationRecorderException',
  });
  expect(snapshot['config.deliveryChannel'][`${data}/eu-west-1`]).toMatchObject({
    value: { s3BucketName: 'acme-config', s3KeyPrefix: 'config' },
  });
  expect(snapshot['config.deliveryChannel'][`${data}/us-west-2`]).toMatchObject({ state: 'absent' });
});

test('a region closed by policy is a refusal by policy, and nothing is missing for it', async () => {
  const { take } = await demo({
    change: (estate) => closeRegions(estate, accountIn(estate, data), ['us-east-1', 'eu-west-1']),
  });
  const parts = ['account.eventDataStores', 'config.recorder', 'securityHub.hub'] as const;
  const { snapshot } = await take([data], { parts });
  for (const name of parts) {
    expect(snapshot[name][`${data}/us-west-2`]).toMatchObject({ state: 'denied', scp: true });
    expect(snapshot[name][`${data}/eu-west-1`]?.state).not.toBe('denied');
  }
  expect(snapshot.accounts[data]).toMatchObject({ status: 'scanned' });
});

test('delegated administrators and policies are asked of the management account', async () => {
  let id = '';
  const { take, newCalls } = await demo({
    change: (estate) => {
      delegatedAdministrator(estate, accountIn(estate, archive));
      id = serviceControlPolicy(
        estate,
        'Root',
        'keep-trails',
        policy({ Effect: 'Deny', Action: 'cloudtrail:StopLogging', Resource: '*' }),
      ).id;
    },
  });
  const { snapshot } = await take([web], { parts: ['organization.delegatedAdministrators', 'organization.policies'] });
  expect(snapshot['organization.delegatedAdministrators'].organization).toMatchObject({
    value: { [archive]: { Name: 'acme-log-archive' } },
  });
  const tree = snapshot['organization.policies'].organization;
  if (tree?.state !== 'read') throw new Error(`the tree is ${tree?.state}`);
  const { enabled, roots, parents, policies } = tree.value;
  expect(enabled).toBe(true);
  expect(policies[id]).toMatchObject({ Name: 'keep-trails', AwsManaged: false, targets: roots });
  expect(policies[id]?.Content).toContain('cloudtrail:StopLogging');
  let above = web;
  while (parents[above] !== undefined) above = parents[above] ?? '';
  expect(roots).toContain(above);
  const asked = newCalls().filter(({ operation }) => /Polic|Parent|Roots|Administrators/.test(operation));
  expect(new Set(asked.map(({ account }) => account))).toEqual(new Set([management]));
});

test('an organization without service control policies has none in force', async () => {
  const { take } = await demo({ change: withoutControlPolicies });
  const { snapshot } = await take([web], { parts: ['organization.policies'] });
  expect(snapshot['organization.policies'].organization).toMatchObject({ value: { enabled: false, policies: {} } });
});

test('a refusal anywhere in the tree leaves it unread', async () => {
  const { take } = await demo({
    change: ({ knobs }) => knobs.denied.push({ account: management, action: 'organizations:ListPolicies' }),
  });
  const { snapshot } = await take([web], { parts: ['organization.policies'] });
  expect(snapshot['organization.policies'].organization).toMatchObject({
    state: 'denied',
    action: 'organizations:ListPolicies',
  });
});

test('Security Hub is told with its standards, and off where the account is not subscribed', async () => {
  const { take, newCalls } = await demo({
    change: (estate) => {
      for (const state of accountIn(estate, data).regional.values()) state.hub = undefined;
      securityHub(estate, accountIn(estate, data), 'eu-west-1', ['cis-aws-foundations-benchmark/v/3.0.0']);
    },
  });
  const { snapshot } = await take([data], { parts: ['securityHub.hub'] });
  expect(snapshot['securityHub.hub'][`${data}/eu-west-1`]).toEqual({
    state: 'read',
    value: {
      HubArn: `arn:aws:securityhub:eu-west-1:${data}:hub/default`,
      standards: [expect.stringContaining('cis-aws-foundations-benchmark/v/3.0.0')],
    },
  });
  expect(snapshot['securityHub.hub'][`${data}/us-west-2`]).toEqual({ state: 'absent', code: 'InvalidAccessException' });
  expect(called(newCalls(), 'securityhub:GetEnabledStandards')).toHaveLength(1);
});

test('a refusal to look at Security Hub is no word on whether it is on', async () => {
  const { take } = await demo({
    change: ({ knobs }) => knobs.denied.push({ account: data, action: 'securityhub:DescribeHub' }),
  });
  const { snapshot } = await take([data], { parts: ['securityHub.hub'] });
  expect(snapshot['securityHub.hub'][`${data}/eu-west-1`]).toMatchObject({
    state: 'denied',
    action: 'securityhub:DescribeHub',
    scp: false,
  });
});
