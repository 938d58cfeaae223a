import { parse } from '@cdktf/hcl2json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { demoEstate, type RunningAws, startAws } from '../../src/sandbox/aws/index.ts';
import { type Ended, trailCheck } from './cli.ts';

const CHECKS = ['trail/logging', 'bucket/public-access-block', 'bucket/policy-not-public', 'bucket/mfa-delete'];
const WORDS = ['plan', '--accounts', '444444444444', ...CHECKS.flatMap((id) => ['--check', id])];
const ROLE = ['--role', 'trail-check-reader', '--external-id', 'trail-check-demo'];

const planSchema = z.strictObject({
  schema: z.literal(1),
  target: z.string(),
  readAt: z.iso.datetime(),
  fixes: z.array(
    z.looseObject({
      kind: z.enum(['plan', 'manual', 'blocked']),
      hash: z.string().optional(),
      finding: z.looseObject({ id: z.string(), check: z.string() }),
      plan: z.looseObject({ changes: z.array(z.looseObject({ operation: z.string() })) }).optional(),
    }),
  ),
});

describe('plan', () => {
  let aws: RunningAws;
  let env: { [name: string]: string };
  beforeAll(async () => {
    const { estate, hub } = demoEstate();
    aws = await startAws(estate);
    env = {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: hub.accessKeyId,
      AWS_SECRET_ACCESS_KEY: hub.secretAccessKey,
      AWS_REGION: 'us-east-1',
    };
  });
  afterAll(() => aws.close());

  const plan = (...words: string[]): Promise<Ended> => trailCheck([...WORDS, ...ROLE, ...words], env);

  it('prints the calls for what fails, and changes nothing', async () => {
    const { out } = await plan();
    const commands = out.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((line) => !line.startsWith('aws '))).toEqual([]);
    expect(out).toContain('aws cloudtrail start-logging --region eu-west-1');
    expect(aws.estate.calls.length).toBeGreaterThan(0);
    const written = aws.estate.calls.filter(({ operation }) => !/^(Get|List|Describe|Head|AssumeRole)/.test(operation));
    expect(written.map(({ operation }) => operation)).toEqual([]);
  });

  it('prints Terraform', async () => {
    const { resource } = await parse('plan.tf', (await plan('--format', 'terraform')).out);
    expect(Object.keys(resource ?? {})).toContain('aws_s3_bucket_public_access_block');
  });

  it('prints the plans with their hashes, for the checks asked for alone', async () => {
    const { fixes } = planSchema.parse(JSON.parse((await plan('--format', 'json')).out));
    expect(fixes.filter(({ finding }) => !CHECKS.includes(finding.check))).toEqual([]);
    const plans = fixes.filter(({ kind }) => kind === 'plan');
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.filter(({ hash = '' }) => !/^[0-9a-f]{64}$/.test(hash))).toEqual([]);
  });

  it('says which account could not be read, and ends with status 2', async () => {
    const words = ['plan', '--accounts', '999999999999', '--check', 'trail/logging', ...ROLE];
    const { status, error } = await trailCheck(words, env);
    expect(status).toBe(2);
    expect(error).toMatch(/^Account 999999999999 is unreachable: .+\n$/);
  });

  it.each([
    { words: ['plan', '--format', 'yaml'], says: /--format takes cli, terraform or json/ },
    { words: ['plan', '--check', 'bucket/nothing'], says: /no check "bucket\/nothing"/ },
    { words: ['plan', 'a', 'b'], says: /takes one target/ },
  ])('answers $words with what to do next, and status 2', async ({ words, says }) => {
    const { status, out, error } = await trailCheck(words, env);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toMatch(says);
  });
});
