import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanSchema } from '../../src/report/scan-schema.ts';
import {
  accessKey,
  addAccount,
  demoEstate,
  demoExpectations,
  emptyEstate,
  type RunningAws,
  securityHub,
  startAws,
} from '../../src/sandbox/aws/index.ts';
import { trailCheck } from './cli.ts';

describe('scan', () => {
  it.each([
    ['prod', demoExpectations.prod],
    ['everything', demoExpectations.estate],
  ])('reads %s of the simulated estate without configuration and finds what is in it', async (target, expectations) => {
    const { status, out, error } = await trailCheck(['scan', target, '--sandbox', '--format', 'json']);
    expect(error).toBe('');
    expect(status).toBe(1);
    const { findings } = scanSchema.parse(JSON.parse(out));
    const found = Object.keys(expectations).map((check) => {
      const verdicts = findings
        .filter((finding) => finding.check === check)
        // Those on accounts are expected under the account's id.
        .map(({ resource, account, verdict }) => [resource.endsWith(':root') ? account : resource, verdict] as const);
      return [check, Object.fromEntries(verdicts)] as const;
    });
    expect(Object.fromEntries(found)).toEqual(expectations);
  });

  it('prints a table for people, with no control characters of others', async () => {
    const { status, out } = await trailCheck(['scan', 'everything', '--sandbox']);
    expect(status).toBe(1);
    expect(out).toContain('everything  score');
    expect(out).toContain('Could not be read');
    expect(out).not.toContain('\u001b');
    expect(out).not.toContain('\u202e');
  });

  it.each([
    ['ndjson', /^\{"schema":1,.*\}\n$/s],
    ['csv', /^id,verdict,severity,.*\r\n$/s],
    ['asff', /^\[\n\{"SchemaVersion":"2018-10-08".*\n\]\n$/s],
    ['ocsf', /^\{"activity_id":1,.*"class_uid":2003.*\}\n$/s],
    ['sarif', /^\{\n {2}"\$schema":.*"version": "2.1.0".*\}\n$/s],
  ])('prints %s and nothing else', async (format, looks) => {
    const words = ['scan', 'prod', '--sandbox', '--check', 'trail/logging', '--check', 'bucket/lifecycle'];
    const { status, out, error } = await trailCheck([...words, '--format', format]);
    expect({ status, error }).toEqual({ status: 1, error: '' });
    expect(out).toMatch(looks);
  });

  it('keeps the table to the width of the terminal', async () => {
    const { out } = await trailCheck(['scan', 'prod', '--sandbox'], { COLUMNS: '80' });
    expect(out.split('\n').filter((line) => line.length > 80 && line.trim().includes(' '))).toEqual([]);
  });

  it.each([
    { words: ['scna', 'prod'], says: /no command "scna".*Did you mean "scan"/ },
    { words: ['scan', 'prod', '--sandbox', '--fromat', 'json'], says: /no option --fromat.*Did you mean --format/ },
    { words: ['scan', 'prdo', '--sandbox'], says: /no environment or account called "prdo".*Did you mean "prod"/ },
    {
      words: ['scan', 'prod', '--sandbox', '--format', 'xml'],
      says: /--format takes table, json, ndjson, csv, asff, ocsf or sarif/,
    },
    { words: ['scan', '--accounts', '12'], says: /--accounts takes account ids of twelve digits/ },
    { words: ['scan', 'prod', '--sandbox', '--check', 'bucket/life'], says: /no check "bucket\/life"/ },
  ])('answers $words with what to do next, and status 2', async ({ words, says }) => {
    const { status, out, error } = await trailCheck(words);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(error).toMatch(says);
  });
});

describe('scan against an endpoint', () => {
  let aws: RunningAws;
  let env: { [name: string]: string };
  beforeAll(async () => {
    const { estate, hub } = demoEstate();
    aws = await startAws(estate);
    const { accessKeyId, secretAccessKey } = hub;
    env = {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: 'us-east-1',
    };
  });
  afterAll(() => aws.close());

  const role = ['--role', 'trail-check-reader', '--external-id', 'trail-check-demo', '--format', 'json'];

  it('needs no file when told accounts and role', async () => {
    const { out } = await trailCheck(['scan', '--accounts', '333333333333,555555555555', ...role], env);
    const report = scanSchema.parse(JSON.parse(out));
    expect(report.accounts.filter(({ shared }) => !shared).map(({ id, status }) => [id, status])).toEqual([
      ['333333333333', 'scanned'],
      ['555555555555', 'scanned'],
    ]);
  });

  it('says in one line which account it could not enter, and goes on with the others', async () => {
    const words = ['scan', '--accounts', '333333333333,999999999999', ...role];
    const { status, out } = await trailCheck(words, env);
    const report = scanSchema.parse(JSON.parse(out));
    const lost = report.accounts.find(({ id }) => id === '999999999999');
    expect(lost?.status).toBe('unreachable');
    expect(lost?.reason).toMatch(/role does not exist or does not trust us/);
    expect(report.accounts.find(({ id }) => id === '333333333333')?.status).toBe('scanned');
    // What the settings alone decide needs no read.
    const judged = report.findings.filter(
      ({ account, verdict }) => account === '999999999999' && verdict !== 'not-applicable',
    );
    expect(new Set(judged.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
    expect(status).toBe(1);
  });

  it('ends with status 2 when no account could be read', async () => {
    const { status } = await trailCheck(['scan', '--accounts', '999999999999', ...role], env);
    expect(status).toBe(2);
  });
});

describe('scan where every read is denied', () => {
  it('gives nothing but unknown, each naming the missing IAM action', async () => {
    const { estate, hub } = demoEstate();
    estate.knobs.denied.push(
      { account: '*', action: '*:Get*' },
      { account: '*', action: '*:List*' },
      { account: '*', action: '*:Describe*' },
    );
    const aws = await startAws(estate);
    const env = {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: hub.accessKeyId,
      AWS_SECRET_ACCESS_KEY: hub.secretAccessKey,
      AWS_REGION: 'us-east-1',
    };
    const words = [
      'scan',
      '--accounts',
      '333333333333',
      '--role',
      'trail-check-reader',
      '--external-id',
      'trail-check-demo',
    ];
    const { status, out } = await trailCheck([...words, '--format', 'json'], env);
    await aws.close();
    const { findings } = scanSchema.parse(JSON.parse(out));
    expect(status).toBe(2);
    expect(findings.length).toBeGreaterThan(5);
    // What the settings alone decide needs no read.
    const judged = findings.filter(({ verdict }) => verdict !== 'not-applicable');
    expect(judged.filter(({ verdict }) => verdict !== 'unknown')).toEqual([]);
    expect(judged.filter(({ missingPermissions }) => missingPermissions.length === 0)).toEqual([]);
  });
});

describe('scan of the account of the default credentials', () => {
  it('needs neither configuration nor role', async () => {
    const estate = emptyEstate();
    const account = addAccount(estate, { id: '777777777777', name: 'startup' });
    const admin = accessKey(estate, account, 'root');
    const aws = await startAws(estate);
    const { status, out } = await trailCheck(['scan', '--format', 'json'], {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: admin.accessKeyId,
      AWS_SECRET_ACCESS_KEY: admin.secretAccessKey,
      AWS_REGION: 'us-east-1',
    });
    await aws.close();
    const { run, findings } = scanSchema.parse(JSON.parse(out));
    expect(status).toBe(1);
    expect(run.target).toBe('777777777777');
    expect(findings.find(({ check }) => check === 'trail/account-covered')?.verdict).toBe('fail');
  });
});

describe('scan --security-hub', () => {
  it('imports what it found, tells the result beside the data, and leaves the exit status as it is', async () => {
    const { estate } = demoEstate();
    const account = estate.accounts.get('444444444444');
    if (account === undefined) throw new Error('the demo has no such account');
    const { findings } = securityHub(estate, account, 'eu-west-1');
    const aws = await startAws(estate);
    const file = join(await mkdtemp(join(tmpdir(), 'scan-')), 'trail-check.yaml');
    await writeFile(file, 'securityHub: { role: OrganizationAccountAccessRole }\n');
    const env = {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: 'AKIADEMO111111111111',
      AWS_SECRET_ACCESS_KEY: 'demo-secret-of-111111111111',
      AWS_REGION: 'us-east-1',
    };
    const words = [
      'scan',
      '--accounts',
      account.id,
      '--check',
      'trail/logging',
      '--role',
      'OrganizationAccountAccessRole',
    ];
    const first = await trailCheck([...words, '--security-hub', '--format', 'json'], {
      ...env,
      TRAIL_CHECK_CONFIG: file,
    });
    const without = await trailCheck([...words, '--security-hub'], env);
    await aws.close();
    expect(scanSchema.parse(JSON.parse(first.out)).findings.map(({ check }) => check)).toContain('trail/logging');
    expect(first).toMatchObject({ status: 1, error: 'Security Hub: 1 sent, 0 unchanged, 0 archived.\n' });
    expect([...findings.values()]).toMatchObject([
      { GeneratorId: 'trail-check/trail/logging', AwsAccountId: account.id, Compliance: { Status: 'FAILED' } },
    ]);
    expect(without.status).toBe(1);
    expect(without.error).toMatch(/no role for the import into Security Hub is configured.*Set securityHub\.role/);
  });
});
