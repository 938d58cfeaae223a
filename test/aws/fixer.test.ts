import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { classify } from '../../src/aws/classify.ts';
import { FenceViolation } from '../../src/aws/errors.ts';
import type { Fence } from '../../src/aws/fence.ts';
import { actionsOf } from '../../src/aws/permissions.ts';
import { bucket, trail } from '../../src/sandbox/aws/builders.ts';
import { connect, estateWith, failureOf, MEMBER } from './support.ts';

const WHERE = { account: MEMBER, region: 'us-east-1', partition: 'aws' };
const FENCE: Omit<Fence, 'calls'> = {
  sessionName: 'tc-fix-1',
  sourceIdentity: 'U0APPROVER',
  tags: { finding: 'f1', approvals: 'U0APPROVER' },
  durationSeconds: 900,
};

const startLogging = (name: string) => actionsOf('cloudtrail:StartLogging', { Name: name }, WHERE);

it('runs the calls of the plan under the name of who approved', async () => {
  const { aws, calls, estate, member } = await estateWith();
  bucket(estate, member, 'logs');
  const { arn } = trail(estate, member, { name: 'main', bucket: 'logs', logging: false });
  const fixer = aws.fixer(MEMBER, { ...FENCE, calls: [startLogging(arn)] });
  const answer = await fixer.send('cloudtrail:StartLogging', 'us-east-1', { Name: arn });
  expect(answer).toHaveProperty('$metadata.requestId');
  expect(member.regional.get('us-east-1')?.trails.get('main')?.logging).toBe(true);
  expect(estate.calls.at(-1)).toMatchObject({
    operation: 'StartLogging',
    caller: `arn:aws:sts::${MEMBER}:assumed-role/Fixer/tc-fix-1`,
    sourceIdentity: 'U0APPROVER',
  });
  expect(calls.at(-1)).toMatchObject({ identity: 'fixer', account: MEMBER });
});

it('refuses an operation or a resource that is not in the plan before it is sent', async () => {
  const { aws, estate, member } = await estateWith();
  bucket(estate, member, 'logs');
  const main = trail(estate, member, { name: 'main', bucket: 'logs' });
  const other = trail(estate, member, { name: 'other', bucket: 'logs', logging: false });
  const fixer = aws.fixer(MEMBER, { ...FENCE, calls: [startLogging(main.arn)] });
  for (const [operation, Name] of [
    ['cloudtrail:DeleteTrail', main.arn],
    ['cloudtrail:StartLogging', other.arn],
  ] as const) {
    expect(await failureOf(fixer.send(operation, 'us-east-1', { Name }))).toBeInstanceOf(FenceViolation);
  }
  expect(estate.calls.filter(({ service }) => service === 'cloudtrail')).toEqual([]);
});

it('is held by AWS itself, although the role is an administrator', async () => {
  const { aws, estate, member } = await estateWith();
  bucket(estate, member, 'logs');
  const condition = { StringEquals: { 'aws:SourceIdentity': 'U0SOMEONEELSE' } };
  // Our own guard knows no conditions, so this call is sent.
  const fixer = aws.fixer(MEMBER, {
    ...FENCE,
    calls: [[{ action: 's3:PutBucketVersioning', resource: 'arn:aws:s3:::logs', condition }]],
  });
  const input = { Bucket: 'logs', VersioningConfiguration: { Status: 'Enabled' } };
  const error = await failureOf(fixer.send('s3:PutBucketVersioning', 'us-east-1', input));
  expect(classify(error)).toMatchObject({ kind: 'denied', action: 's3:PutBucketVersioning' });
  expect(estate.buckets.get('logs')?.versioning).toBeUndefined();
});

it('enters with several sessions where one policy cannot hold all calls', async () => {
  const { aws, estate, member } = await estateWith();
  const names = Array.from({ length: 60 }, (_, index) => `logs-${index}-of-the-production-organization-${index}`);
  for (const name of names) bucket(estate, member, name);
  const fixer = aws.fixer(MEMBER, {
    ...FENCE,
    calls: names.map((Bucket) => actionsOf('s3:PutBucketVersioning', { Bucket }, WHERE)),
  });
  for (const Bucket of [names[0], names[59]]) {
    await fixer.send('s3:PutBucketVersioning', 'us-east-1', { Bucket, VersioningConfiguration: { Status: 'Enabled' } });
  }
  const assumed = estate.calls.filter(({ operation }) => operation === 'AssumeRole');
  expect(assumed.length).toBe(2);
  expect(assumed.every(({ input }) => String(input.Policy).length <= 2048)).toBe(true);
});

it('splits further when STS finds a session too large once packed', async () => {
  const { aws, estate, member } = await estateWith();
  const random = (seed: number) => createHash('sha256').update(String(seed)).digest('hex').slice(0, 50);
  const names = Array.from({ length: 25 }, (_, index) => `${random(index + 1)}${index}`);
  for (const name of names) bucket(estate, member, name);
  const filler = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, random(i + 100)]));
  const fixer = aws.fixer(MEMBER, {
    ...FENCE,
    tags: filler,
    calls: names.map((Bucket) => actionsOf('s3:PutBucketVersioning', { Bucket }, WHERE)),
  });
  const input = { Bucket: names[0], VersioningConfiguration: { Status: 'Enabled' } };
  await fixer.send('s3:PutBucketVersioning', 'us-east-1', input);
  const assumed = estate.calls.filter(({ operation }) => operation === 'AssumeRole');
  expect(assumed.map(({ error }) => error)).toContain('PackedPolicyTooLarge');
  expect(assumed.at(-1)?.error).toBeUndefined();
});

it('does not exist in an installation that only watches', async () => {
  const { endpoint, estate } = await estateWith();
  const { aws } = connect(endpoint, {}, [...estate.credentials.values()][0]);
  expect(aws.canFix()).toBe(false);
  const fixer = aws.fixer(MEMBER, { ...FENCE, calls: [startLogging('main')] });
  const error = await failureOf(fixer.send('cloudtrail:StartLogging', 'us-east-1', { Name: 'main' }));
  expect(classify(error)).toMatchObject({ kind: 'unreachable', account: MEMBER });
});
