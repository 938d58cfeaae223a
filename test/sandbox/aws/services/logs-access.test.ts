import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteResourcePolicyCommand,
  DeleteSubscriptionFilterCommand,
  DescribeLogGroupsCommand,
  DescribeResourcePoliciesCommand,
  DescribeSubscriptionFiltersCommand,
  DisassociateKmsKeyCommand,
  PutLogGroupDeletionProtectionCommand,
  PutResourcePolicyCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import {
  allow,
  key,
  logEncryptionStatement,
  logGroup,
  logResourcePolicy,
  policy,
  sharingLink,
  subscriptionFilter,
} from '../../../../src/sandbox/aws/builders.ts';
import type { Key } from '../../../../src/sandbox/aws/types.ts';
import { errorOf } from '../core/support.ts';
import { rest } from './signed.ts';
import { ARCHIVE, MEMBER, organization } from './support.ts';

const logGroupName = 'trail';
const ARN = `arn:aws:logs:us-east-1:${MEMBER}:log-group:${logGroupName}`;
const KEY = '0a11ce00-3333-4333-8333-106600000001';

async function withGroup() {
  const parts = await organization();
  const group = logGroup(parts.estate, parts.member, 'us-east-1', logGroupName);
  const client = new CloudWatchLogsClient(parts.as(parts.member));
  const read = async () => (await client.send(new DescribeLogGroupsCommand({}))).logGroups?.[0];
  return { ...parts, group, client, read };
}

describe('a key', () => {
  async function withKey(wanted: Partial<Key> = {}, region = 'us-east-1') {
    const parts = await withGroup();
    const made = key(parts.estate, parts.member, region, KEY, wanted);
    const associate = (kmsKeyId = made.arn) =>
      parts.client.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId }));
    return { ...parts, key: made, associate };
  }

  test('whose policy knows CloudWatch Logs encrypts the group, until it is taken away', async () => {
    const { key: made, associate, client, group, read } = await withKey();
    made.policy.Statement.push(logEncryptionStatement(group));
    await associate();
    expect((await read())?.kmsKeyId).toBe(made.arn);
    await client.send(new DisassociateKmsKeyCommand({ resourceIdentifier: ARN }));
    expect((await read())?.kmsKeyId).toBeUndefined();
    const both = new DisassociateKmsKeyCommand({ logGroupName, resourceIdentifier: ARN });
    expect((await errorOf(client.send(both))).name).toBe('InvalidParameterException');
  });

  test('tied to another group is refused', async () => {
    const { key: made, associate } = await withKey();
    made.policy.Statement.push(logEncryptionStatement({ arn: `${ARN}-other` }));
    expect((await errorOf(associate())).name).toBe('InvalidParameterException');
  });

  test.each<[string, Partial<Key>, string]>([
    [
      'that does not know CloudWatch Logs',
      { policy: policy({ ...allow('kms:*'), Principal: { AWS: MEMBER } }) },
      'us-east-1',
    ],
    ['that is disabled', { state: 'Disabled' }, 'us-east-1'],
    ['that is asymmetric', { spec: 'RSA_2048' }, 'us-east-1'],
    ['of another region', {}, 'eu-west-1'],
  ])('%s is refused', async (_what, wanted, region) => {
    const { key: made, associate, group } = await withKey(wanted, region);
    if (!wanted.policy) made.policy.Statement.push(logEncryptionStatement(group));
    expect((await errorOf(associate())).name).toBe('InvalidParameterException');
  });

  test('of a new group is checked like one of an old', async () => {
    const { client, key: made } = await withKey();
    const create = (name: string) =>
      client.send(
        new CreateLogGroupCommand({ logGroupName: name, kmsKeyId: made.arn, deletionProtectionEnabled: true }),
      );
    expect((await errorOf(create('new'))).name).toBe('InvalidParameterException');
    made.policy.Statement.push(logEncryptionStatement({ arn: ARN.replace(logGroupName, 'new') }));
    await create('new');
  });
});

describe('deletion protection', () => {
  test.each([
    ['name', logGroupName],
    ['ARN', ARN],
  ])('is set by %s, shown, and keeps the group', async (_what, logGroupIdentifier) => {
    const { client, read } = await withGroup();
    expect((await read())?.deletionProtectionEnabled).toBe(false);
    const put = (deletionProtectionEnabled: boolean) =>
      client.send(new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier, deletionProtectionEnabled }));
    await put(true);
    expect((await read())?.deletionProtectionEnabled).toBe(true);
    const remove = new DeleteLogGroupCommand({ logGroupName });
    expect((await errorOf(client.send(remove))).name).toBe('ValidationException');
    await put(false);
    await client.send(remove);
  });

  test('is for a group that exists', async () => {
    const { client } = await withGroup();
    const put = new PutLogGroupDeletionProtectionCommand({
      logGroupIdentifier: 'none',
      deletionProtectionEnabled: true,
    });
    expect((await errorOf(client.send(put))).name).toBe('ResourceNotFoundException');
  });
});

describe('subscription filters', () => {
  const destinationArn = `arn:aws:logs:us-east-1:${ARCHIVE}:destination:siem`;

  test('are listed and removed', async () => {
    const { client, group } = await withGroup();
    subscriptionFilter(group, 'to-siem', destinationArn);
    const read = new DescribeSubscriptionFiltersCommand({ logGroupName });
    expect((await client.send(read)).subscriptionFilters).toEqual([
      expect.objectContaining({ filterName: 'to-siem', logGroupName, destinationArn, filterPattern: '' }),
    ]);
    const remove = new DeleteSubscriptionFilterCommand({ logGroupName, filterName: 'to-siem' });
    await client.send(remove);
    expect((await client.send(read)).subscriptionFilters).toEqual([]);
    expect((await errorOf(client.send(remove))).name).toBe('ResourceNotFoundException');
  });

  test('are two at most', async () => {
    const { client } = await withGroup();
    const put = (filterName: string) =>
      client.send(new PutSubscriptionFilterCommand({ logGroupName, filterName, filterPattern: '', destinationArn }));
    await put('one');
    await put('two');
    expect((await errorOf(put('three'))).name).toBe('LimitExceededException');
  });

  test('are asked of a group that exists', async () => {
    const { client } = await withGroup();
    const read = new DescribeSubscriptionFiltersCommand({ logGroupName: 'none' });
    expect((await errorOf(client.send(read))).name).toBe('ResourceNotFoundException');
  });
});

describe('resource policies', () => {
  const open = policy({ ...allow('logs:PutLogEvents'), Principal: '*' });

  test('of the region are listed apart from those of a group', async () => {
    const { client, member, group } = await withGroup();
    logResourcePolicy(member, 'us-east-1', 'delivery', open);
    logResourcePolicy(member, 'us-east-1', 'of-group', open, group);
    const list = async (resourceArn?: string) =>
      (await client.send(new DescribeResourcePoliciesCommand({ resourceArn }))).resourcePolicies;
    expect(await list()).toEqual([
      {
        policyName: 'delivery',
        policyDocument: JSON.stringify(open),
        lastUpdatedTime: expect.any(Number),
        policyScope: 'ACCOUNT',
      },
    ]);
    expect(await list(`${ARN}:*`)).toMatchObject([{ policyScope: 'RESOURCE', resourceArn: ARN }]);
    const nowhere = new DescribeResourcePoliciesCommand({ policyScope: 'RESOURCE' });
    expect((await errorOf(client.send(nowhere))).name).toBe('InvalidParameterException');
  });

  test('are put and removed, ten of a region', async () => {
    const { client } = await withGroup();
    const put = (policyName: string, policyDocument = JSON.stringify(open)) =>
      client.send(new PutResourcePolicyCommand({ policyName, policyDocument }));
    for (let index = 0; index < 10; index += 1) await put(`p${index}`);
    expect((await put('p0')).resourcePolicy?.policyName).toBe('p0');
    expect((await errorOf(put('p10'))).name).toBe('LimitExceededException');
    expect((await errorOf(put('p0', '{'))).name).toBe('InvalidParameterException');
    const remove = new DeleteResourcePolicyCommand({ policyName: 'p0' });
    await client.send(remove);
    expect((await errorOf(client.send(remove))).name).toBe('ResourceNotFoundException');
  });
});

describe('links to monitoring accounts', () => {
  test('are listed five to a page, read whole, and cut', async () => {
    const { estate, member, as } = await withGroup();
    const made = Array.from({ length: 6 }, () =>
      sharingLink(estate, member, 'us-east-1', ARCHIVE, { logGroupFilter: `LogGroupName = 'trail'` }),
    );
    const oam = (path: string, body: object = {}) => rest(as(member), 'oam', 'POST', path, body);
    const first = await oam('/ListLinks');
    expect(first.body.Items).toHaveLength(5);
    expect(first.body.Items).toContainEqual({
      Arn: made[0]?.arn,
      Id: made[0]?.id,
      Label: 'web',
      ResourceTypes: ['AWS::Logs::LogGroup'],
      SinkArn: expect.stringContaining(`:${ARCHIVE}:sink/`),
    });
    const rest2 = await oam('/ListLinks', { NextToken: first.body.NextToken });
    expect([rest2.body.Items?.length, rest2.body.NextToken]).toEqual([1, undefined]);
    const Identifier = made[0]?.arn;
    expect((await oam('/GetLink', { Identifier })).body.LinkConfiguration).toEqual({
      LogGroupConfiguration: { Filter: "LogGroupName = 'trail'" },
    });
    await oam('/DeleteLink', { Identifier });
    expect(await oam('/GetLink', { Identifier })).toMatchObject({ status: 404, error: 'ResourceNotFoundException' });
  });

  test('are not for everybody', async () => {
    const { member, as } = await withGroup();
    const nobody = as(member, 'us-east-1', policy(allow('logs:*')));
    expect(await rest(nobody, 'oam', 'POST', '/ListLinks')).toMatchObject({
      status: 403,
      error: 'AccessDeniedException',
    });
  });
});
