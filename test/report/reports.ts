import { type Finding, findingId } from '../../src/check/finding.ts';
import { loadCatalogue } from '../../src/posture/catalogue.ts';
import type { ScanReport } from '../../src/posture/report.ts';

export const ACCOUNT = '111111111111';

/** A failing finding about a trail; `over` shapes it. The id follows from the rest. */
export function finding(over: Partial<Finding> = {}): Finding {
  const made: Finding = {
    id: '',
    check: 'trail/log-file-validation',
    account: ACCOUNT,
    region: 'eu-central-1',
    resource: `arn:aws:cloudtrail:eu-central-1:${ACCOUNT}:trail/main`,
    verdict: 'fail',
    severity: 'medium',
    title: 'Log file validation is on',
    evidence: { LogFileValidationEnabled: false },
    reason: 'Log file validation is off.',
    missingPermissions: [],
    notes: [],
    controls: { 'cis_5.0': ['3.2'], security_hub: ['CloudTrail.4'], nist_800_53_r5: ['AU-9', 'SI-4'] },
    fix: 'auto',
    risk: 'safe',
    people: 1,
    ...over,
  };
  return { ...made, id: findingId(made.check, made.account, made.region, made.resource) };
}

export function report(findings: Finding[], over: Partial<ScanReport> = {}): ScanReport {
  return {
    schema: 1,
    run: {
      id: 'run-1',
      target: 'prod',
      startedAt: '2026-11-20T10:00:00.000Z',
      finishedAt: '2026-11-20T10:00:05.250Z',
      calls: 12,
      complete: false,
    },
    score: 59,
    acceptedScore: 62,
    accounts: [{ id: ACCOUNT, name: 'payments', status: 'scanned', shared: false }],
    notes: [],
    findings,
    ...over,
  };
}

/** One finding of each verdict. */
export const EACH_VERDICT: Finding[] = [
  finding(),
  finding({ verdict: 'pass', check: 'trail/logging', fix: 'none' }),
  finding({
    verdict: 'unknown',
    check: 'key/usable',
    resource: 'alias/logs',
    region: '',
    severity: 'high',
    reason: 'kms:DescribeKey is denied in account 111111111111.',
    missingPermission: 'kms:DescribeKey',
    missingPermissions: ['kms:DescribeKey'],
    fix: 'none',
  }),
  finding({
    verdict: 'not-applicable',
    check: 'organization/trail',
    resource: `arn:aws:iam::${ACCOUNT}:root`,
    region: '',
    reason: 'The account is in no organization.',
    fix: 'none',
    controls: {},
  }),
  finding({
    verdict: 'exempt',
    check: 'bucket/mfa-delete',
    resource: 'arn:aws:s3:::acme-audit-logs',
    severity: 'critical',
    exemption: { until: '2027-03-31', reason: 'Object Lock is on its way.', underlying: 'fail' },
    fix: 'manual',
  }),
];

const TURNED = '\u202Etxt.exe\u2066';

/** Names and texts as an attacker would choose them. */
export const HOSTILE: Finding[] = [
  finding({
    resource: `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:=HYPERLINK("http://evil","x")`,
    check: 'log-group/retention',
  }),
  finding({ reason: "=cmd|'/c calc'!A1", notes: ['+1', '-2', '@SUM(1)', '\t=3'], check: 'trail/tags' }),
  finding({
    reason: `\u0000\u001B[31mred\u0007 ${TURNED} \uD800 \u2028 end\r\nnext, "quoted"`,
    check: 'trail/multi-region',
  }),
  finding({
    reason: 'see [here](https://evil.example) and {0} {1}',
    title: '</script><b>"\'&',
    check: 'trail/management-events',
  }),
  finding({ resource: `arn:aws:sns:eu-central-1:${ACCOUNT}:${'x'.repeat(5000)}`, check: 'topic/access' }),
  finding({
    title: '長'.repeat(600),
    reason: '🔥'.repeat(4000),
    notes: Array.from({ length: 200 }, (_, at) => `note ${at} ${'n'.repeat(400)}`),
    evidence: { policy: 'p'.repeat(400_000) },
    controls: { nist_800_53_r5: Array.from({ length: 80 }, (_, at) => `AU-${at}`), odd_standard: ['c'.repeat(300)] },
    check: 'bucket/delivery-policy',
    missingPermissions: Array.from({ length: 300 }, (_, at) => `s3:GetThing${at}`),
    verdict: 'unknown',
    fix: 'none',
  }),
  finding({
    title: '',
    reason: '',
    check: 'not/in-the-catalogue',
    resource: 'arn:aws-iso:events:us-iso-east-1:1:rule/x',
    fix: 'none',
  }),
];

export const MANY: Finding[] = Array.from({ length: 5000 }, (_, at) =>
  finding({ resource: `arn:aws:cloudtrail:eu-central-1:${ACCOUNT}:trail/trail-${at}` }),
);

/** Reports that every format has to carry. */
export const REPORTS: [string, ScanReport][] = [
  ['no findings', report([])],
  ['each verdict', report(EACH_VERDICT)],
  [
    'hostile names',
    report(HOSTILE, {
      notes: ['[a](b) {0}'],
      accounts: [
        {
          id: ACCOUNT,
          name: `=1+1 ${TURNED} ${'n'.repeat(200)}`,
          status: 'unreachable',
          shared: false,
          reason: '\u001B',
        },
      ],
    }),
  ],
  ['5,000 findings', report(MANY)],
];

export const context = {
  catalogue: await loadCatalogue(new URL('../../checks', import.meta.url).pathname),
  version: '0.1.0',
  homeRegion: 'us-east-1',
};
