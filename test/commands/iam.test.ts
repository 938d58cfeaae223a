import { describe, expect, it, test } from 'vitest';
import iam from '../../commands/iam.ts';
import { parseWords } from '../../src/command/parse.ts';
import { trailCheck } from './cli.ts';

describe('what iam takes', () => {
  test.each<[string, string]>([
    ['', 'takes reader or fixer'],
    ['writer', 'takes reader or fixer'],
    ['reader --format yaml', '--format takes json, cloudformation, terraform'],
    ['reader --bucket logs', '--bucket is for the fixer only'],
    ['reader --family trail', '--family is for the fixer only'],
    ['fixer --family trails', '--family takes trail, bucket, logs, key, config, iam'],
    ['fixer --key alias/logs', '--key takes the ARN of a key'],
    ['fixer --bucket Not_A_Bucket', '--bucket takes the name or ARN of a bucket'],
    ['fixer --hub trail-check/Bot', '--hub takes the ARN of who enters'],
    ['fixer --account acme', '--account takes an account id of twelve digits'],
    ['fixer --hub arn:aws:iam::999999999999:role/x', 'takes both --hub and --external-id'],
  ])('"%s": %s', (words, problem) => {
    const parsed = parseWords(iam, words.split(' ').filter(Boolean));
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('has no face in Slack', () => {
    expect(iam.slack).toBeUndefined();
  });
});

test('a check or pack that does not exist is told, and a pack is the checks of it with those before them', async () => {
  const [check, pack, one] = await Promise.all([
    trailCheck(['iam', 'reader', '--check', 'trail/loging']),
    trailCheck(['iam', 'reader', '--pack', 'cis-5']),
    trailCheck(['iam', 'fixer', '--pack', 'config-cloudtrail', '--format', 'json']),
  ]);
  expect(check).toMatchObject({ status: 2, error: expect.stringContaining('There is no check "trail/loging"') });
  expect(pack).toMatchObject({ status: 2, error: expect.stringContaining('There is no pack "cis-5"') });
  expect(JSON.parse(one.out).permissions.Statement[0].Action).toContain('cloudtrail:UpdateTrail');
});
