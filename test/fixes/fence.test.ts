import { CloudTrailClient, StopLoggingCommand, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { AttachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { DisableKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fenceFor } from '../../src/fixes/fence.ts';
import { DEMO_WEB_KEY } from '../../src/sandbox/aws/estates/demo.ts';
import { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_BUCKETS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { APPROVER, APPROVER2, type TestFixes, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

let opened: TestStore;
let world: TestFixes;
let id: string;
const { organization, web } = DEMO_TRAILS;
const { management, archive } = DEMO_ACCOUNTS;

/** The fixer role itself may do anything here: what holds is the fence of one fix. */
beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date() });
  world = await testFixes({ store: opened.store, file: { keys: { 'us-east-1': DEMO_ARCHIVE_KEY } } });
  const scanned = await world.scanAndPropose(management, ['trail/kms-encryption']);
  id = scanned.fixFor('trail/kms-encryption', organization);
  await world.approve(id);
  await world.fixes.apply(id);
  expect((await world.find(id)).state).toBe('fixed');
});
afterAll(async () => {
  await world.close();
  await opened.close();
});

const WIDE = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }],
});

/** The keys of the session that carried the fix out in an account, as somebody might have stolen them. */
function stolen(account: string) {
  const session = [...world.estate.credentials.values()].find(
    ({ accountId, arn }) => accountId === account && arn.endsWith(id),
  );
  if (session?.sessionToken === undefined) throw new Error('no such session');
  const { accessKeyId, secretAccessKey, sessionToken } = session;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  return { endpoint: world.endpoint, region: 'us-east-1', credentials, maxAttempts: 1, forcePathStyle: true };
}

describe('a stolen session of a fix', () => {
  const inManagement = () => new CloudTrailClient(stolen(management));
  const inArchive = () => new KMSClient(stolen(archive));
  const ATTEMPTS: [string, () => Promise<unknown>][] = [
    ['stop the trail', () => inManagement().send(new StopLoggingCommand({ Name: organization }))],
    [
      'change another trail',
      () => inManagement().send(new UpdateTrailCommand({ Name: web, IsMultiRegionTrail: false })),
    ],
    [
      'give itself more',
      () =>
        new IAMClient(stolen(management)).send(
          new AttachRolePolicyCommand({
            RoleName: 'trail-check-reader',
            PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
          }),
        ),
    ],
    ['disable the key', () => inArchive().send(new DisableKeyCommand({ KeyId: DEMO_ARCHIVE_KEY }))],
    [
      'change another key',
      () => inArchive().send(new PutKeyPolicyCommand({ KeyId: DEMO_WEB_KEY, PolicyName: 'default', Policy: WIDE })),
    ],
    [
      'open the bucket',
      () => new S3Client(stolen(archive)).send(new DeleteBucketPolicyCommand({ Bucket: DEMO_BUCKETS.archive })),
    ],
    [
      'read the bucket',
      () => new S3Client(stolen(archive)).send(new GetBucketPolicyCommand({ Bucket: DEMO_BUCKETS.archive })),
    ],
  ];

  test.each(ATTEMPTS)('cannot %s', async (_, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ name: expect.stringMatching(/AccessDenied/) });
  });

  test('tells CloudTrail who approved', () => {
    const session = [...world.estate.credentials.values()].find(({ arn }) => arn.endsWith(id));
    expect(session?.sourceIdentity).toBe(APPROVER);
    expect(session?.sessionTags).toMatchObject({
      'trail-check:fix': id,
      'trail-check:approvers': `${APPROVER2}+${APPROVER}`,
    });
  });
});

test('a write that is not in the plan is refused before it is sent', async () => {
  const fix = await world.find(id);
  const snapshot = await world.context.reading.latest(fix.proposal.target);
  if (snapshot === undefined) throw new Error('never read');
  const fence = fenceFor(fix, management, { snapshot, decider: APPROVER, approvers: [APPROVER] });
  const session = world.context.fixer(management, fence);
  const before = world.estate.calls.length;
  await expect(session.send('cloudtrail:DeleteTrail', 'us-east-1', { Name: organization })).rejects.toMatchObject({
    name: 'FenceViolation',
  });
  await expect(session.send('cloudtrail:UpdateTrail', 'us-east-1', { Name: web })).rejects.toMatchObject({
    name: 'FenceViolation',
  });
  expect(world.estate.calls.slice(before)).toEqual([]);
});

test('the reader cannot write', async () => {
  const before = world.estate.calls.length;
  const reader = world.aws.reader(management);
  await expect(reader.send('cloudtrail:StartLogging', 'us-east-1', { Name: organization })).rejects.toMatchObject({
    name: 'ReadOnlyViolation',
  });
  expect(world.estate.calls.slice(before)).toEqual([]);
});

test('what only people may take back is outside the fence of the fix', () => {
  const call = { account: management, region: 'us-east-1', resource: organization, summary: '' };
  const change = {
    ...call,
    operation: 'cloudtrail:CreateTrail',
    input: { Name: 'acme-org-trail' },
    target: `trail:${organization}` as const,
    expect: null,
    result: {},
    undo: { ...call, operation: 'cloudtrail:DeleteTrail', input: { Name: organization }, automatic: false },
  };
  return world.find(id).then(async (fix) => {
    const snapshot = await world.context.reading.latest(fix.proposal.target);
    if (snapshot === undefined) throw new Error('never read');
    const plan = { ...fix.proposal.plan, changes: [change] };
    const fenced = { ...fix, proposal: { ...fix.proposal, plan } };
    const { calls } = fenceFor(fenced, management, { snapshot, decider: APPROVER, approvers: [APPROVER] });
    expect(calls.flat().map(({ action }) => action)).not.toContain('cloudtrail:DeleteTrail');
  });
});
