import { describe, expect, test } from 'vitest';
import { cliLine } from '../../src/check/alternatives/cli.ts';
import type { Call, Change } from '../../src/check/plan.ts';
import { planHash } from '../../src/check/plan.ts';
import { diffOf } from '../../src/fixes/print.ts';

const call = (operation: string, input: Call['input'], region = 'us-east-1'): Call => ({
  account: '111111111111',
  region,
  operation,
  input,
  resource: 'arn:aws:x',
  summary: '',
});

describe('a call as a line for the AWS CLI', () => {
  test.each<[string, Call, string]>([
    [
      'with flags',
      call('cloudtrail:UpdateTrail', {
        Name: 'arn:aws:cloudtrail:us-east-1:111111111111:trail/audit',
        EnableLogFileValidation: true,
        IsMultiRegionTrail: false,
        KmsKeyId: '',
        CloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111111111111:log-group:x:*',
      }),
      "aws cloudtrail update-trail --region us-east-1 --name arn:aws:cloudtrail:us-east-1:111111111111:trail/audit --enable-log-file-validation --no-is-multi-region-trail --kms-key-id '' --cloud-watch-logs-log-group-arn 'arn:aws:logs:us-east-1:111111111111:log-group:x:*'",
    ],
    [
      'with a document',
      call('s3:PutBucketPolicy', {
        Bucket: 'logs',
        ExpectedBucketOwner: '111111111111',
        Policy: '{"Statement":[{"Sid":"it\'s"}]}',
      }),
      `aws s3api put-bucket-policy --region us-east-1 --bucket logs --expected-bucket-owner 111111111111 --policy '{"Statement":[{"Sid":"it'\\''s"}]}'`,
    ],
    [
      'with a structure',
      call('s3:PutBucketLifecycleConfiguration', {
        Bucket: 'logs',
        LifecycleConfiguration: { Rules: [{ ID: 'a b', Status: 'Enabled' }] },
      }),
      `aws s3api put-bucket-lifecycle-configuration --region us-east-1 --bucket logs --lifecycle-configuration '{"Rules":[{"ID":"a b","Status":"Enabled"}]}'`,
    ],
    [
      'under the name of the CLI',
      call('config:DeleteConfigRule', { ConfigRuleName: 'x' }),
      'aws configservice delete-config-rule --region us-east-1 --config-rule-name x',
    ],
    [
      'without a region',
      call('organizations:EnableAWSServiceAccess', { ServicePrincipal: 'cloudtrail.amazonaws.com' }, ''),
      'aws organizations enable-aws-service-access --service-principal cloudtrail.amazonaws.com',
    ],
    [
      'with names that a shell would act on',
      call('cloudwatch:DeleteAlarms', { AlarmNames: ['$(rm -rf /) `x`'] }),
      'aws cloudwatch delete-alarms --region us-east-1 --alarm-names \'["$(rm -rf /) `x`"]\'',
    ],
    [
      'with what an earlier step answers',
      call('sns:Unsubscribe', { SubscriptionArn: { $output: [1, 'SubscriptionArn'] } }),
      "aws sns unsubscribe --region us-east-1 --subscription-arn '<SubscriptionArn of step 2>'",
    ],
  ])('%s', (_, given, line) => {
    expect(cliLine(given)).toBe(line);
  });
});

const change = (expected: Change['expect'], result: Change['result']): Change => ({
  ...call('s3:PutBucketPolicy', {}),
  target: 'bucket.policy:logs',
  expect: expected,
  result,
});
const shown = (one: Change) => diffOf(one).map(({ sign, text }) => `${sign}${text}`);

describe('before and after', () => {
  test('shows what is added and taken away', () => {
    expect(shown(change({ a: 1, b: 2 }, { a: 1, b: 3 }))).toEqual([' {', '   "a": 1,', '-  "b": 2', '+  "b": 3', ' }']);
  });

  test('of something new has nothing before', () => {
    expect(shown(change(null, { a: 1 }))).toEqual(['-(none)', '+{', '+  "a": 1', '+}']);
  });

  test('keeps three lines around a difference', () => {
    const list = Array.from({ length: 40 }, (_, at) => at);
    const lines = shown(change({ list }, { list: list.map((at) => (at === 20 ? 'x' : at)) }));
    expect(lines).toHaveLength(8);
    expect(lines.filter((line) => !line.startsWith(' '))).toEqual(['-    20,', '+    "x",']);
  });
});

describe('the hash of a plan', () => {
  const plan = {
    schema: 1 as const,
    check: 'bucket/x',
    findings: ['a'],
    summary: 'one',
    class: 'auto' as const,
    risk: 'safe' as const,
    reversible: 'yes' as const,
    warnings: [],
    guards: [],
    changes: [change(null, { a: 1 })],
    watchDelivery: [],
  };

  test('does not change with words', () => {
    const [first] = plan.changes;
    const worded = { ...plan, summary: 'two', warnings: ['w'], guards: ['g'], cost: 'c' };
    expect(planHash({ ...worded, changes: first === undefined ? [] : [{ ...first, summary: 'other' }] })).toBe(
      planHash(plan),
    );
  });

  test.each([
    ['what is sent', { ...change(null, { a: 1 }), input: { Bucket: 'other' } }],
    ['what is expected', change({ a: 0 }, { a: 1 })],
    ['the way back', { ...change(null, { a: 1 }), undo: { ...call('s3:DeleteBucketPolicy', {}), automatic: true } }],
  ])('changes with %s', (_, other) => {
    expect(planHash({ ...plan, changes: [other] })).not.toBe(planHash(plan));
  });
});
