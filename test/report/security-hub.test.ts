import { describe, expect, it } from 'vitest';
import { CannotEnter } from '../../src/aws/errors.ts';
import type { ScanReport } from '../../src/posture/report.ts';
import type { AsffFinding } from '../../src/report/formats/asff.ts';
import type { Hub } from '../../src/report/hub.ts';
import { importFindings, importText } from '../../src/report/security-hub.ts';
import { ACCOUNT, context, EACH_VERDICT, finding, HOSTILE, MANY, report } from './reports.ts';
import { validator } from './validate.ts';

const problems = validator('asff.json');
const DAY_MS = 86_400_000;
const START = Date.parse('2026-11-20T12:00:00Z');

/** Security Hub as its documents say: 100 findings and 6 MB a call, updates by Id, fields of its own added. */
function securityHub({
  refuses = () => false,
  off = [],
}: {
  refuses?: (finding: AsffFinding) => boolean;
  off?: string[];
} = {}) {
  const kept = new Map<string, AsffFinding>();
  const calls: number[] = [];
  const hub = (account: string, region: string, productArn: string): Hub => {
    const guard = () => {
      if (off.includes(region)) throw Object.assign(new Error('not subscribed'), { name: 'InvalidAccessException' });
    };
    return {
      async ours() {
        guard();
        return [...kept.values()].filter((each) => each.ProductArn === productArn && each.RecordState === 'ACTIVE');
      },
      async take(findings) {
        guard();
        calls.push(findings.length);
        expect(findings.length).toBeLessThanOrEqual(100);
        expect(Buffer.byteLength(JSON.stringify(findings))).toBeLessThan(6_000_000);
        const refused = findings.filter(
          (each) => problems(JSON.parse(JSON.stringify(each))).length > 0 || refuses(each),
        );
        for (const each of findings.filter((one) => !refused.includes(one))) {
          expect(each).toMatchObject({ AwsAccountId: account, ProductArn: productArn });
          kept.set(each.Id ?? '', { ...each, Region: region, Workflow: { Status: 'NEW' }, CompanyName: 'Personal' });
        }
        return refused.map(({ Id = '' }) => ({ id: Id, code: 'InvalidInput', message: 'Invalid Input' }));
      },
    };
  };
  return { kept, calls, hub };
}

type Fake = ReturnType<typeof securityHub>;
const run = (of: ScanReport, { hub }: Pick<Fake, 'hub'>, now = START, catalogue = context.catalogue) =>
  importFindings(of, { ...context, catalogue, hub, now: new Date(now) });
const states = ({ kept }: Fake) => [...kept.values()].map(({ GeneratorId, RecordState }) => [GeneratorId, RecordState]);

describe('importFindings', () => {
  it('brings in what is open, and nothing that is settled', async () => {
    const fake = securityHub();
    expect(await run(report(EACH_VERDICT), fake)).toEqual({ sent: 3, unchanged: 0, archived: 0, problems: [] });
    expect(states(fake).sort()).toEqual([
      ['trail-check/bucket/mfa-delete', 'ACTIVE'],
      ['trail-check/key/usable', 'ACTIVE'],
      ['trail-check/trail/log-file-validation', 'ACTIVE'],
    ]);
  });

  it('sends nothing twice, what has changed again, and what lasts every 30 days', async () => {
    const fake = securityHub();
    await run(report([finding()]), fake);
    expect(await run(report([finding()]), fake, START + DAY_MS)).toMatchObject({ sent: 0, unchanged: 1 });
    const changed = report([finding({ reason: 'It was switched off.' })]);
    expect(await run(changed, fake, START + 2 * DAY_MS)).toMatchObject({ sent: 1, unchanged: 0 });
    expect(fake.kept.size).toBe(1);
    const [kept] = fake.kept.values();
    expect(kept).toMatchObject({ CreatedAt: report([]).run.finishedAt, UpdatedAt: '2026-11-22T12:00:00.000Z' });
    expect(await run(changed, fake, START + 33 * DAY_MS)).toMatchObject({ sent: 1, unchanged: 0 });
  });

  it('archives what passes now, with its verdict', async () => {
    const fake = securityHub();
    await run(report([finding()]), fake);
    const passes = report([finding({ verdict: 'pass', fix: 'none' })]);
    expect(await run(passes, fake)).toMatchObject({ sent: 0, archived: 1, problems: [] });
    expect([...fake.kept.values()]).toMatchObject([{ RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' } }]);
    expect(await run(passes, fake)).toMatchObject({ archived: 0 });
  });

  it('archives what is gone, also where nothing else was found in its region', async () => {
    const fake = securityHub();
    const other = finding({ region: 'us-east-1', resource: 'arn:aws:s3:::logs', check: 'bucket/tls-only' });
    await run(report([finding(), other]), fake);
    expect(await run(report([other]), fake)).toMatchObject({ unchanged: 1, archived: 0 });
    const elsewhere = finding({ account: '222222222222', check: 'trail/logging' });
    expect(await run(report([other, elsewhere]), fake)).toMatchObject({ sent: 1, archived: 1, problems: [] });
    expect(states(fake)).toContainEqual(['trail-check/trail/log-file-validation', 'ARCHIVED']);
  });

  const CASES: [string, (of: ScanReport) => ScanReport, typeof context.catalogue?][] = [
    ['another target brought it in', (of) => ({ ...of, run: { ...of.run, target: 'staging' } })],
    ['its check did not run', (of) => of, new Map()],
    [
      'its account was not read in full',
      (of) => ({ ...of, accounts: of.accounts.map((it) => ({ ...it, status: 'partly' })) }),
    ],
    ['its account is only shared', (of) => ({ ...of, accounts: of.accounts.map((it) => ({ ...it, shared: true })) })],
  ];
  it.each(CASES)('leaves alone what may be there still: %s', async (_, other, catalogue) => {
    const fake = securityHub();
    const beside = finding({ check: 'trail/logging' });
    await run(report([finding(), beside]), fake);
    expect(await run(other(report([beside])), fake, START, catalogue)).toMatchObject({ archived: 0 });
    expect(states(fake)).toContainEqual(['trail-check/trail/log-file-validation', 'ACTIVE']);
  });

  it('leaves alone what other programs imported under the default product', async () => {
    const fake = securityHub();
    await run(report([finding()]), fake);
    for (const kept of fake.kept.values())
      fake.kept.set('prowler', { ...kept, Id: 'prowler', GeneratorId: 'prowler-x' });
    await run(report([finding()]), fake);
    expect(fake.kept.get('prowler')?.RecordState).toBe('ACTIVE');
  });

  it('keeps to the limits of a call', async () => {
    const fake = securityHub();
    expect(await run(report(MANY), fake)).toMatchObject({ sent: 5000, problems: [] });
    expect(fake.calls).toEqual(Array.from({ length: 50 }, () => 100));
    expect(await run(report(HOSTILE), fake)).toMatchObject({ sent: HOSTILE.length, problems: [] });
  });

  it('tells which findings were refused, and counts the others', async () => {
    const fake = securityHub({
      refuses: ({ GeneratorId }: AsffFinding) => GeneratorId === 'trail-check/trail/logging',
    });
    const result = await run(report([finding(), finding({ check: 'trail/logging' })]), fake);
    expect(result).toMatchObject({ sent: 1, problems: [expect.stringMatching(/refused 1 findings \(InvalidInput: /)] });
  });

  it('says where Security Hub is off, unless there is nothing to tell there, and goes on', async () => {
    const fake = securityHub({ off: ['eu-central-1', 'eu-west-1'] });
    const passing = finding({ verdict: 'pass', region: 'eu-west-1' });
    const result = await run(report([finding(), passing, finding({ region: 'us-east-1' })]), fake);
    expect(result).toEqual({
      sent: 1,
      unchanged: 0,
      archived: 0,
      problems: [
        expect.stringMatching(/^Security Hub is off in account 111111111111 in eu-central-1: 1 findings were not/),
      ],
    });
  });

  it('says once which account it cannot enter, and goes on with the others', async () => {
    const fake = securityHub();
    const hub = (account: string, region: string, arn: string): Hub => {
      if (account === ACCOUNT) throw new CannotEnter({ account, role: 'r', reason: 'no way in', next: 'Look.' });
      return fake.hub(account, region, arn);
    };
    const findings = [finding(), finding({ region: 'us-east-1' }), finding({ account: '222222222222' })];
    const result = await run(report(findings), { hub });
    expect(result).toMatchObject({
      sent: 1,
      problems: [expect.stringMatching(/^Account 1{12} cannot be entered: no way in/)],
    });
    const passing = report([finding({ verdict: 'pass' })], {
      accounts: [{ id: ACCOUNT, name: '', status: 'scanned', shared: true }],
    });
    expect(await run(passing, { hub })).toMatchObject({ problems: [] });
    expect(importText(result)).toBe(`Security Hub: 1 sent, 0 unchanged, 0 archived.\n${result.problems[0]}\n`);
  });

  it('says once what many accounts have in common', () => {
    const problems = ['111111111111', '222222222222', '333333333333'].map((id) => `Account ${id} cannot be entered.`);
    expect(importText({ sent: 0, unchanged: 0, archived: 0, problems: [...problems, 'Else.'] })).toBe(
      'Security Hub: 0 sent, 0 unchanged, 0 archived.\nAccount 111111111111 cannot be entered. The same 2 times more, for other accounts.\nElse.\n',
    );
  });
});
