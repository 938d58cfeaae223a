import { CloudTrailClient, DescribeTrailsCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { IAMClient, ListAccountAliasesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { bucket, policy, trail, trust } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf, MANAGEMENT, MEMBER, type Small, smallEstate } from './support.ts';

const WORKER = `arn:aws:iam::${MEMBER}:role/worker`;

async function assume(small: Small, change: Partial<AssumeRoleCommandInput> = {}) {
  const sts = new STSClient(small.as(small.admin));
  return sts.send(new AssumeRoleCommand({ RoleArn: WORKER, RoleSessionName: 'tc-1', ...change }));
}

test('a session speaks for the role in its account', async () => {
  const small = await smallEstate();
  const session = await assume(small, { DurationSeconds: 900 });
  expect(session.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${MEMBER}:assumed-role/worker/tc-1`);
  const identity = await new STSClient(small.as(session.Credentials ?? {})).send(new GetCallerIdentityCommand());
  expect(identity).toMatchObject({ Account: MEMBER, Arn: session.AssumedRoleUser?.Arn });
  expect(small.estate.calls.map((call) => [call.operation, call.account, call.error])).toEqual([
    ['AssumeRole', MANAGEMENT, undefined],
    ['GetCallerIdentity', MEMBER, undefined],
  ]);
});

test('a session policy leaves only what it names, and says so', async () => {
  const small = await smallEstate();
  const onlyAliases = policy({ Effect: 'Allow', Action: 'iam:ListAccountAliases', Resource: '*' });
  const { Credentials, PackedPolicySize } = await assume(small, { Policy: JSON.stringify(onlyAliases) });
  expect(PackedPolicySize).toBeGreaterThan(0);
  const iam = new IAMClient(small.as(Credentials ?? {}));
  expect((await iam.send(new ListAccountAliasesCommand())).AccountAliases).toEqual([]);
  const refused = await errorOf(iam.send(new ListRolesCommand()));
  expect(refused).toMatchObject({ name: 'AccessDenied', status: 403 });
  expect(refused.message).toBe(
    `User: arn:aws:sts::${MEMBER}:assumed-role/worker/tc-1 is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::${MEMBER}:role/ because no session policy allows the iam:ListRoles action`,
  );
});

test('managed session policies narrow too: a read-only session cannot stop a trail', async () => {
  const small = await smallEstate();
  bucket(small.estate, small.member, 'logs');
  const { arn } = trail(small.estate, small.member, { name: 'audit', bucket: 'logs' });
  const { Credentials } = await assume(small, { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] });
  const cloudtrail = new CloudTrailClient(small.as(Credentials ?? {}));
  expect((await cloudtrail.send(new DescribeTrailsCommand())).trailList).toHaveLength(1);
  const refused = await errorOf(cloudtrail.send(new StopLoggingCommand({ Name: arn })));
  expect(refused).toMatchObject({ name: 'AccessDeniedException', status: 400 });
  expect(refused.message).toContain('because no session policy allows the cloudtrail:StopLogging action');
});

test.each<[string, Partial<AssumeRoleCommandInput>, string]>([
  ['a role that does not exist', { RoleArn: `arn:aws:iam::${MEMBER}:role/nobody` }, 'AccessDenied'],
  ['an account that does not exist', { RoleArn: 'arn:aws:iam::999999999999:role/worker' }, 'AccessDenied'],
  ['a session name with a space', { RoleSessionName: 'tc 1' }, 'ValidationError'],
  ['a session of ten minutes', { DurationSeconds: 600 }, 'ValidationError'],
  ['a session policy over 2,048 characters', { Policy: JSON.stringify(policy()).padEnd(2049) }, 'ValidationError'],
  ['a session policy that is no JSON', { Policy: 'no JSON' }, 'MalformedPolicyDocumentException'],
  ['a source identity of AWS itself', { SourceIdentity: 'aws:me' }, 'ValidationError'],
  ['a tag key that is too long', { Tags: [{ Key: 'k'.repeat(129), Value: 'v' }] }, 'ValidationError'],
  ['tags beyond the packed size', { Tags: manyTags() }, 'PackedPolicyTooLargeException'],
])('%s is refused', async (_what, change, name) => {
  expect((await errorOf(assume(await smallEstate(), change))).name).toBe(name);
});

test('a chained session lasts an hour at most, and keeps its source identity and transitive tags', async () => {
  const small = await smallEstate();
  const worker = small.member.roles.get('worker');
  if (worker) worker.trust = trust([`arn:aws:iam::${MANAGEMENT}:root`, `arn:aws:iam::${MEMBER}:root`]);
  const first = await assume(small, {
    SourceIdentity: 'U0ANNA',
    Tags: [{ Key: 'fix', Value: '1' }],
    TransitiveTagKeys: ['fix'],
  });
  const chained = new STSClient(small.as(first.Credentials ?? {}));
  const next = (change: Partial<AssumeRoleCommandInput>) =>
    chained.send(new AssumeRoleCommand({ RoleArn: WORKER, RoleSessionName: 'tc-2', ...change }));
  expect((await next({})).SourceIdentity).toBe('U0ANNA');
  expect((await errorOf(next({ DurationSeconds: 3601 }))).name).toBe('ValidationError');
  expect((await errorOf(next({ SourceIdentity: 'U0BERT' }))).name).toBe('AccessDenied');
  expect(small.estate.credentials.values().toArray().at(-1)?.sessionTags).toEqual({ fix: '1' });
});

test('tags and source identity need their own grants in the trust policy', async () => {
  const small = await smallEstate();
  const worker = small.member.roles.get('worker');
  if (worker) {
    worker.trust = policy({
      Effect: 'Allow',
      Principal: { AWS: MANAGEMENT },
      Action: 'sts:AssumeRole',
    });
  }
  await assume(small);
  const tagged = await errorOf(assume(small, { Tags: [{ Key: 'a', Value: 'b' }] }));
  expect(tagged.message).toContain('not authorized to perform: sts:TagSession');
  const named = await errorOf(assume(small, { SourceIdentity: 'U0ANNA' }));
  expect(named.message).toContain('not authorized to perform: sts:SetSourceIdentity');
});

test('an expired session is refused as such', async () => {
  const small = await smallEstate();
  const { Credentials } = await assume(small);
  for (const credential of small.estate.credentials.values()) {
    if (credential.sessionToken) credential.expiresAt = new Date(0);
  }
  const config = small.as(Credentials ?? {});
  expect((await errorOf(new STSClient(config).send(new GetCallerIdentityCommand()))).name).toBe('ExpiredToken');
  expect((await errorOf(new CloudTrailClient(config).send(new DescribeTrailsCommand()))).name).toBe(
    'ExpiredTokenException',
  );
});

/** Tags that do not compress. */
function manyTags() {
  return Array.from({ length: 50 }, (_, index) => ({
    Key: `key-${index}-${(index * 7919).toString(36)}`,
    Value: Array.from({ length: 60 }, (_, digit) => ((index + 1) * (digit + 3) * 104729).toString(36).slice(-2)).join(
      '',
    ),
  }));
}
