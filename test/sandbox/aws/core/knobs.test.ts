import { CloudTrailClient, DescribeTrailsCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { IAMClient, ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { bucket, trail } from '../../../../src/sandbox/aws/builders.ts';
import { createThrottle } from '../../../../src/sandbox/aws/throttle.ts';
import { errorOf, MEMBER, type Small, smallEstate } from './support.ts';

async function turn({ aws }: Small, knobs: object): Promise<Response> {
  return fetch(`${aws.endpoint}/_control/knobs`, { method: 'POST', body: JSON.stringify(knobs) });
}

test('a denied action is refused in the words of the policy that denies it', async () => {
  const small = await smallEstate();
  const cloudtrail = new CloudTrailClient(small.as(small.admin));
  await turn(small, { denied: [{ account: '*', action: 'cloudtrail:Describe*' }] });
  const refused = await errorOf(cloudtrail.send(new DescribeTrailsCommand()));
  expect(refused).toMatchObject({ name: 'AccessDeniedException', status: 400 });
  expect(refused.message).toContain('because no identity-based policy allows the cloudtrail:DescribeTrails action');
  await turn(small, { denied: [{ account: '*', action: 'cloudtrail:*', scp: true, region: 'us-east-1' }] });
  expect((await errorOf(cloudtrail.send(new DescribeTrailsCommand()))).message).toContain(
    'with an explicit deny in a service control policy',
  );
  const elsewhere = new CloudTrailClient(small.as(small.admin, 'eu-west-1'));
  expect((await elsewhere.send(new DescribeTrailsCommand())).trailList).toEqual([]);
});

test('an account can be closed to everybody who would enter it', async () => {
  const small = await smallEstate();
  await turn(small, { denied: [{ account: MEMBER, action: 'sts:AssumeRole' }] });
  const enter = new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${MEMBER}:role/worker`, RoleSessionName: 'tc-1' });
  expect((await errorOf(new STSClient(small.as(small.admin)).send(enter))).name).toBe('AccessDenied');
});

test('faults strike as often as they were asked for, then all is well', async () => {
  const small = await smallEstate();
  const sts = new STSClient(small.as(small.admin));
  const ask = () => sts.send(new GetCallerIdentityCommand());
  await turn(small, {
    faults: [
      { service: 'iam', kind: 'http503', remaining: 9 },
      { service: 'sts', kind: 'http503', remaining: 1 },
      { operation: 'GetCallerIdentity', kind: 'drop', remaining: 1 },
    ],
  });
  expect((await errorOf(ask())).status).toBe(503);
  expect(await errorOf(ask())).toMatchObject({ status: undefined });
  expect((await ask()).Account).toBeDefined();
  expect(small.estate.calls.map((call) => call.error)).toEqual(['ServiceUnavailable', 'dropped', undefined]);
});

test('a dropped answer leaves the change done', async () => {
  const small = await smallEstate();
  bucket(small.estate, small.management, 'logs');
  const { arn } = trail(small.estate, small.management, { name: 'audit', bucket: 'logs' });
  await turn(small, { faults: [{ operation: 'StopLogging', kind: 'drop-answer', remaining: 1 }] });
  await errorOf(new CloudTrailClient(small.as(small.admin)).send(new StopLoggingCommand({ Name: arn })));
  expect(small.management.regional.get('us-east-1')?.trails.get('audit')?.logging).toBe(false);
});

test('over the quota of its class a call is throttled', async () => {
  const small = await smallEstate();
  await turn(small, { throttling: true });
  const iam = new IAMClient(small.as(small.admin));
  const outcomes = await Promise.all(
    Array.from({ length: 60 }, () =>
      iam.send(new ListAccountAliasesCommand()).then(
        () => 'answered',
        (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
      ),
    ),
  );
  expect(new Set(outcomes)).toEqual(new Set(['answered', 'Throttling']));
});

test('a bucket of tokens refills with time, and keeps each key apart', () => {
  let now = 0;
  const throttle = createThrottle(() => now);
  const ask = (key: string) => throttle.admits(key, 2);
  expect([ask('a'), ask('a'), ask('a'), ask('b')]).toEqual([true, true, false, true]);
  now = 500;
  expect([ask('a'), ask('a')]).toEqual([true, false]);
});

test('the control interface tells what it does not know', async () => {
  const small = await smallEstate();
  expect(await (await turn(small, { latency: 40 })).json()).toEqual({
    error: 'latency is no knob, or its value has the wrong type',
  });
  await new STSClient(small.as(small.admin)).send(new GetCallerIdentityCommand());
  const calls = await (await fetch(`${small.aws.endpoint}/_control/calls`)).json();
  expect(calls).toMatchObject([{ service: 'sts', operation: 'GetCallerIdentity', region: 'us-east-1' }]);
  expect((await fetch(`${small.aws.endpoint}/_control/nothing`)).status).toBe(404);
});
