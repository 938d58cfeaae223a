import { readFile } from 'node:fs/promises';
import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { IAMClient, ListEntitiesForPolicyCommand } from '@aws-sdk/client-iam';
import { GetBucketPolicyStatusCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { DEMO_ACCOUNTS, DEMO_BUCKETS, DEMO_TRAILS, demoEstate } from '../../../../src/sandbox/aws/estates/demo.ts';
import {
  DEMO_EXTERNAL_ID,
  DEMO_FIXER,
  DEMO_READER,
  demoAdministrators,
} from '../../../../src/sandbox/aws/estates/demo-access.ts';
import { demoExpectations } from '../../../../src/sandbox/aws/estates/demo-expectations.ts';
import { clientConfig, errorOf, serve } from './support.ts';

async function entered(account: string) {
  const { estate, hub } = demoEstate();
  const aws = await serve(estate);
  const sts = new STSClient(clientConfig(aws, hub));
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${account}:role/${DEMO_READER}`,
      RoleSessionName: 'tc-test',
      ExternalId: DEMO_EXTERNAL_ID,
    }),
  );
  return { aws, sts, as: (region?: string) => clientConfig(aws, Credentials ?? {}, region) };
}

test('a reader sees its own trail, the stopped one in another region, and the shadow of the organization trail', async () => {
  const { as } = await entered(DEMO_ACCOUNTS.data);
  const { trailList } = await new CloudTrailClient(as('eu-west-1')).send(new DescribeTrailsCommand());
  expect(trailList?.map((trail) => trail.TrailARN).sort()).toEqual(
    [DEMO_TRAILS.legacy, DEMO_TRAILS.organization].sort(),
  );
});

test('the organization trail delivers, the one whose bucket is gone says so', async () => {
  const management = await entered(DEMO_ACCOUNTS.management);
  const healthy = await new CloudTrailClient(management.as()).send(
    new GetTrailStatusCommand({ Name: DEMO_TRAILS.organization }),
  );
  expect(healthy).toMatchObject({ IsLogging: true, LatestDeliveryTime: expect.any(Date) });
  expect(healthy.LatestDeliveryError).toBeUndefined();
  const sandbox = await entered(DEMO_ACCOUNTS.sandbox);
  const broken = await new CloudTrailClient(sandbox.as()).send(
    new GetTrailStatusCommand({ Name: DEMO_TRAILS.sandbox }),
  );
  expect(broken).toMatchObject({ IsLogging: true, LatestDeliveryError: 'NoSuchBucket' });
});

test('the old bucket is public, the archive is not', async () => {
  const data = await entered(DEMO_ACCOUNTS.data);
  const legacy = await new S3Client(data.as('eu-west-1')).send(
    new GetBucketPolicyStatusCommand({ Bucket: DEMO_BUCKETS.legacy }),
  );
  expect(legacy.PolicyStatus).toEqual({ IsPublic: true });
  const archive = await entered(DEMO_ACCOUNTS.archive);
  const logs = await new S3Client(archive.as()).send(
    new GetBucketPolicyStatusCommand({ Bucket: DEMO_BUCKETS.archive }),
  );
  expect(logs.PolicyStatus).toEqual({ IsPublic: false });
});

test('the sandbox hides who holds a policy by a service control policy', async () => {
  const { as } = await entered(DEMO_ACCOUNTS.sandbox);
  const refused = await errorOf(
    new IAMClient(as()).send(
      new ListEntitiesForPolicyCommand({ PolicyArn: 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess' }),
    ),
  );
  expect(refused).toMatchObject({ name: 'AccessDenied', status: 403 });
  expect(refused.message).toContain('with an explicit deny in a service control policy');
});

test.each([
  ['without an external id', { ExternalId: undefined }],
  ['under a session name of its own', { RoleSessionName: 'admin' }],
  ['without saying who decided', { SourceIdentity: undefined }],
  ['without tags', { Tags: undefined }],
])('the fixer cannot be entered %s', async (_how, change) => {
  const { sts } = await entered(DEMO_ACCOUNTS.web);
  const proper = {
    RoleArn: `arn:aws:iam::${DEMO_ACCOUNTS.web}:role/${DEMO_FIXER}`,
    RoleSessionName: 'tc-fix-1',
    ExternalId: DEMO_EXTERNAL_ID,
    SourceIdentity: 'U0APPROVER',
    Tags: [{ Key: 'finding', Value: 'abc' }],
  };
  expect((await sts.send(new AssumeRoleCommand(proper))).SourceIdentity).toBe('U0APPROVER');
  expect((await errorOf(sts.send(new AssumeRoleCommand({ ...proper, ...change })))).name).toBe('AccessDenied');
});

test('each account has an administrator whose key works', async () => {
  const { estate } = demoEstate();
  const aws = await serve(estate);
  const administrators = demoAdministrators(estate);
  const identities = await Promise.all(
    administrators.map((key) => new STSClient(clientConfig(aws, key)).send(new GetCallerIdentityCommand())),
  );
  expect(identities.map(({ Account }) => Account)).toEqual(Object.values(DEMO_ACCOUNTS));
});

test('the expectations speak of every check of the catalogue, and prod has its share of each', async () => {
  const text = await readFile(new URL('../../../checks/catalogue.yaml', import.meta.url), 'utf8');
  const { checks } = z.object({ checks: z.array(z.object({ id: z.string() })) }).parse(parse(text));
  expect(Object.keys(demoExpectations.estate).sort()).toEqual(checks.map(({ id }) => id).sort());
  for (const verdicts of Object.values(demoExpectations.prod)) expect(Object.keys(verdicts).length).toBeGreaterThan(0);
});
