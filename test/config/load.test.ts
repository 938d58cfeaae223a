import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configHash } from '../../src/config/hash.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problem.ts';
import { slackConnection } from '../../src/config/slack.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function load(text?: string, env: Record<string, string> = {}) {
  if (text !== undefined) writeFileSync(join(cwd, 'trail-check.yaml'), text);
  return loadConfig({ env, cwd, now: new Date('2026-11-20T00:00:00Z'), commands: ['scan', 'help'] });
}

function config(text?: string, env?: Record<string, string>) {
  const loaded = load(text, env);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
}

function problems(text: string, env?: Record<string, string>): string[] {
  const loaded = load(text, env);
  return loaded.ok ? [] : formatProblems(loaded.problems).split('\n');
}

describe('a good configuration', () => {
  it('needs no file', () => {
    const value = config();
    expect(value.aws).toEqual({ region: 'us-east-1' });
    expect(value.approval).toEqual({
      default: { approve: [], people: 1, requesterCounts: false, expires: 86_400_000, pin: false },
      rules: [],
      freezes: [],
    });
    expect(value.slack).toEqual({ mode: 'socket', port: 3000, command: '/trail-check' });
    expect(value.store.dataDir).toBe(join(cwd, 'data'));
  });

  it('is frozen to the bottom', () => {
    const value = config('environments: { prod: { accounts: ["111111111111"] } }');
    expect(Object.isFrozen(value.environments.prod?.accounts?.[0])).toBe(true);
  });

  it('takes account ids as they are written, without quotes and with a leading zero', () => {
    const value = config('environments: { prod: { accounts: [012345678901, {id: 111111111111}] } }');
    expect(value.environments.prod?.accounts).toEqual([{ id: '012345678901' }, { id: '111111111111' }]);
  });

  it('takes one value for a list of one', () => {
    const value = config('environments: { dev: { organization: { ou: Dev, tag: { env: dev }, name: "d-*" } } }');
    expect(value.environments.dev?.organization).toEqual({ ou: ['Dev'], tag: { env: ['dev'] }, name: ['d-*'] });
  });

  it('takes the region from the file, then from the environment', () => {
    expect(config(undefined, { AWS_DEFAULT_REGION: 'eu-west-1' }).aws.region).toBe('eu-west-1');
    expect(config('aws: { region: eu-central-1 }', { AWS_REGION: 'eu-west-1' }).aws.region).toBe('eu-central-1');
  });

  it('hashes what decides, not secrets, order or log level', () => {
    const one = configHash(config('monitor: siem\nslack: {port: 1, mode: http}', { SLACK_BOT_TOKEN: 'xoxb-1' }));
    const two = configHash(config('slack: {mode: http, port: 1}\nmonitor: siem', { LOG_LEVEL: 'debug' }));
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(two).toBe(one);
    expect(configHash(config('monitor: siem'))).not.toBe(one);
  });
});

describe('problems', () => {
  it('are all reported at once, in the order of the file, with place and what is allowed', () => {
    expect(
      problems(
        [
          'enviroments: {}',
          'environments:',
          '  scan: { accounts: ["111111111111"] }',
          '  prod:',
          '    accounts: ["12", { id: "222222222222", nmae: x }]',
          '  dev: {}',
          'monitor: cloudwach',
          'approval:',
          '  default: { expires: soon, people: 0, approve: [bob] }',
          '  rules: [{ when: { environment: prd }, people: 2 }]',
          'schedules: { scan: "every day", timezone: Mars/Base }',
        ].join('\n'),
      ),
    ).toEqual([
      expect.stringMatching(
        /^trail-check\.yaml:1:1: enviroments: unknown key "enviroments"; did you mean "environments"\? Allowed: /,
      ),
      'trail-check.yaml:3:3: environments.scan: must not be named like a command (scan, help)',
      'trail-check.yaml:5:16: environments.prod.accounts[0].id: must be an AWS account id, twelve digits (in quotes)',
      'trail-check.yaml:5:44: environments.prod.accounts[1].nmae: unknown key "nmae"; did you mean "name"? Allowed: id, name',
      'trail-check.yaml:6:8: environments.dev: must say which accounts it holds: accounts, organization, or both',
      'trail-check.yaml:7:10: monitor: must be "cloudwatch" or "siem" or "eventbridge"',
      expect.stringMatching(/^trail-check\.yaml:9:23: approval\.default\.expires: must be a duration/),
      expect.stringMatching(/^trail-check\.yaml:9:37: approval\.default\.people: /),
      expect.stringMatching(/^trail-check\.yaml:9:50: approval\.default\.approve\[0\]: must be a Slack user id/),
      expect.stringMatching(/^trail-check\.yaml:11:20: schedules\.scan: must be a cron expression/),
      expect.stringMatching(/^trail-check\.yaml:11:43: schedules\.timezone: must be an IANA time zone/),
    ]);
  });

  it('name environments that do not exist', () => {
    expect(problems('approval: { rules: [{ when: { environment: prd }, people: 2 }] }')).toEqual([
      'trail-check.yaml:1:44: approval.rules[0].when.environment[0]: is not an environment of this file; there are none',
    ]);
  });

  it('name an environment without accounts, and an account that is listed twice', () => {
    expect(
      problems(
        [
          'environments:',
          '  empty: { accounts: [] }',
          '  double:',
          '    accounts:',
          '      - "111111111111"',
          '      - "222222222222"',
          '      - { id: "111111111111", name: payments }',
          '  other: { accounts: ["111111111111"] }',
        ].join('\n'),
      ),
    ).toEqual([
      expect.stringMatching(/^trail-check\.yaml:2:22: environments\.empty\.accounts: must not be an empty list/),
      'trail-check.yaml:7:9: environments.double.accounts[2]: account 111111111111 is listed twice',
    ]);
  });

  it('name the environment of a freeze or a standing approval that does not exist', () => {
    const text = [
      'environments: { prod: { accounts: ["111111111111"] } }',
      'approval: { freezes: [{ from: 2026-12-20T00:00:00Z, to: 2027-01-04T00:00:00Z, environment: prd, reason: quiet }] }',
      'auto:',
      '  - { environment: prd, checks: [trail/tags], approvedBy: [U0AAAAAAAAA, U0BBBBBBBBB], reason: "cheap and safe", end: 2026-11-30 }',
    ].join('\n');
    const not = 'is not an environment of this file; there are prod';
    expect(problems(text)).toEqual([
      expect.stringMatching(`^trail-check.yaml:2:\\d+: approval.freezes\\[0\\].environment\\[0\\]: ${not}$`),
      `trail-check.yaml:4:20: auto[0].environment: ${not}`,
    ]);
  });

  it('name the environment of an exemption that does not exist', () => {
    const text = [
      'environments: { prod: { accounts: ["111111111111"] } }',
      'exemptions:',
      '  - { check: bucket/*, environment: prd, owner: U1, reason: "accepted for now", end: 2026-12-31 }',
    ].join('\n');
    expect(problems(text)).toEqual([
      'trail-check.yaml:3:37: exemptions[0].environment: is not an environment of this file; there are prod',
    ]);
  });

  it.each([
    ['slack: { auditChannel: "#log" }', 'slack.auditChannel: unknown key'],
    ['aws: { organization: { account: "111111111111", actFrom: "111111111111" } }', 'actFrom: unknown key'],
  ])('refuse what nothing would honour: %s', (text, expected) => {
    expect(problems(text).join('\n')).toContain(expected);
  });

  it.each([
    ['slack:\n  botToken: xoxb-111-hunter2', 'slack.botToken'],
    ['slack: { channel: "xapp-1-hunter2" }', 'slack.channel'],
    ['store: { dataDir: "postgres://u:hunter2@h/d" }', 'store.dataDir'],
    ['aws: { secretAccessKey: hunter2 }', 'aws.secretAccessKey'],
  ])('never echo a secret found in the file: %s', (text, path) => {
    const found = problems(text).join('\n');
    expect(found).toContain(`${path}: holds a secret`);
    expect(found).not.toContain('hunter2');
  });

  it('come from the environment too, without the value', () => {
    const found = problems('', { SLACK_BOT_TOKEN: 'hunter2', LOG_LEVEL: 'loud', TRAIL_CHECK_CONFIG: 'gone.yaml' });
    expect(found).toEqual([
      expect.stringMatching(/^environment: TRAIL_CHECK_CONFIG: names a file that is not there/),
      'environment: SLACK_BOT_TOKEN: must be a bot token, it begins with xoxb-',
      'environment: LOG_LEVEL: must be debug, info, warn, error or silent',
    ]);
  });

  it('tell where YAML is broken or a key is given twice', () => {
    expect(problems('slack: [1')[0]).toMatch(/^trail-check\.yaml:1:\d+: /);
    expect(problems('slack: {}\nslack: {}')).toEqual([expect.stringMatching(/^trail-check\.yaml:2:1: .*unique/)]);
  });

  it.each([
    ['2027-11-20', true],
    ['2027-11-21', false],
  ])('an exemption may end on %s: %s', (end, fine) => {
    const text = `exemptions: [{ check: bucket/mfa-delete, resource: x, owner: U1, reason: "accepted for now", end: ${end} }]`;
    expect(problems(text).length === 0).toBe(fine);
  });

  it('of check settings can be reported at their place', () => {
    const loaded = load('checks:\n  bucket/lifecycle:\n    retention_days: many\n');
    if (!loaded.ok) throw new Error('must load');
    expect(loaded.source.problemAt(['checks', 'bucket/lifecycle', 'retention_days'], 'x')).toEqual({
      file: 'trail-check.yaml',
      line: 3,
      column: 21,
      path: 'checks.bucket/lifecycle.retention_days',
      message: 'x',
    });
  });
});

describe('the Slack connection', () => {
  it('names what is missing for the mode', () => {
    const found = slackConnection(config('slack: { mode: http }', { SLACK_BOT_TOKEN: 'xoxb-1' }));
    expect(found.ok ? [] : found.problems.map(({ path }) => path)).toEqual(['SLACK_SIGNING_SECRET']);
  });

  it('holds what the mode needs', () => {
    const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
    expect(slackConnection(config('', env))).toEqual({
      ok: true,
      slack: { mode: 'socket', botToken: 'xoxb-1', appToken: 'xapp-1' },
    });
  });
});
