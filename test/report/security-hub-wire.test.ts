import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Aws, createAws } from '../../src/aws/aws.ts';
import { createLogger } from '../../src/ops/logger.ts';
import type { ScanReport } from '../../src/posture/report.ts';
import { hubOf } from '../../src/report/hub.ts';
import { importFindings } from '../../src/report/security-hub.ts';
import {
  accessKey,
  addAccount,
  addOrganization,
  allow,
  emptyEstate,
  policy,
  type RunningAws,
  role,
  securityHub,
  startAws,
  trust,
  user,
} from '../../src/sandbox/aws/index.ts';
import { ACCOUNT, context, EACH_VERDICT, finding, HOSTILE, MANY, report } from './reports.ts';

const HOME = '999999999999';
const OTHER = '222222222222';
const REGION = 'eu-central-1';
const OPEN = ['fail', 'unknown', 'exempt'];
const EXPORTER = { role: 'trail-check/Exporter', externalId: 'tell-me' };

/** The real client over HTTP against the simulated Security Hub, under the exporter's own identity. */
describe('the import over the wire', () => {
  let running: RunningAws;
  let aws: Aws;
  let findings: Map<string, unknown>;
  beforeAll(async () => {
    const estate = emptyEstate();
    addOrganization(estate, { id: 'o-test123456', managementAccountId: HOME });
    const home = addAccount(estate, { id: HOME, name: 'home', unit: 'Root' });
    const { accessKeyId, secretAccessKey } = accessKey(
      estate,
      home,
      user(home, 'bot', { inline: { all: policy(allow('sts:AssumeRole')) } }),
    );
    for (const id of [ACCOUNT, OTHER]) {
      const account = addAccount(estate, { id, name: `account-${id}`, unit: 'Root' });
      role(account, 'Exporter', {
        path: '/trail-check/',
        trust: trust(`arn:aws:iam::${HOME}:root`, { StringEquals: { 'sts:ExternalId': 'tell-me' } }),
        attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      });
      if (id === ACCOUNT) ({ findings } = securityHub(estate, account, REGION));
    }
    running = await startAws(estate);
    aws = createAws({
      config: { region: 'us-east-1' },
      now: () => new Date(),
      logger: createLogger({ level: 'silent' }),
      env: {},
      endpoint: running.endpoint,
      credentials: () => Promise.resolve({ accessKeyId, secretAccessKey }),
    });
  });
  afterAll(async () => {
    aws.close();
    await running.close();
  });

  const run = (of: ScanReport) =>
    importFindings(of, {
      ...context,
      homeRegion: REGION,
      hub: (account, region, productArn) => hubOf(aws.exporter(account, EXPORTER), { region, productArn }),
      now: new Date(),
    });

  it('brings in every finding, hostile names and all, and nothing twice', async () => {
    const here = (of: typeof MANY) => of.map((each) => ({ ...each, region: REGION }));
    const of = report(here([...EACH_VERDICT, ...HOSTILE, ...MANY.slice(0, 130)]));
    const open = of.findings.filter(({ verdict }) => OPEN.includes(verdict)).length;
    expect(await run(of)).toEqual({ sent: open, unchanged: 0, archived: 0, problems: [] });
    expect(findings.size).toBe(open);
    expect(await run(of)).toEqual({ sent: 0, unchanged: open, archived: 0, problems: [] });
    const known = of.findings.filter(
      ({ verdict, check }) => OPEN.includes(verdict) && context.catalogue.has(check),
    ).length;
    expect(await run(report([finding()]))).toEqual({ sent: 0, unchanged: 1, archived: known - 1, problems: [] });
  });

  it('tells of an account where Security Hub is off, and of one that it cannot enter', async () => {
    const { problems } = await run(report([finding({ account: OTHER }), finding({ account: '333333333333' })]));
    expect(problems).toEqual([
      expect.stringMatching(/^Security Hub is off in account 222222222222 in eu-central-1: 1 findings were not/),
      expect.stringMatching(/^Account 333333333333 cannot be entered: /),
    ]);
  });

  it('does nothing else, whatever its role may do', async () => {
    const exporter = aws.exporter(ACCOUNT, EXPORTER);
    const before = running.estate.calls.length;
    await expect(exporter.call('securityhub:DisableSecurityHub', REGION, {})).rejects.toThrow(/not on the list/);
    await expect(exporter.call('cloudtrail:UpdateTrail', REGION, { Name: 'main' })).rejects.toThrow(/not on the list/);
    expect(running.estate.calls.length).toBe(before);
    const sessions = [...running.estate.credentials.values()].filter(({ principal }) => principal.kind === 'role');
    const actions = sessions.flatMap(({ sessionPolicies }) => sessionPolicies.flatMap(({ Statement }) => Statement));
    expect(actions.length).toBeGreaterThan(0);
    expect(new Set(actions.flatMap(({ Action }) => Action))).toEqual(
      new Set(['securityhub:BatchImportFindings', 'securityhub:GetFindings']),
    );
  });
});
