import { describe, expect, it } from 'vitest';
import { formatted } from '../../src/report/formats/format.ts';
import { ocsfEvents } from '../../src/report/formats/ocsf.ts';
import { ACCOUNT, context, EACH_VERDICT, REPORTS, report } from './reports.ts';
import { validator } from './validate.ts';

const problems = validator('ocsf-compliance-finding.json');

describe('OCSF', () => {
  it.each(REPORTS)('is a Compliance Finding by the schema, one a line: %s', (_, of) => {
    const text = [...formatted(of, 'ocsf', { ...context, screen: { interactive: false } })].join('');
    const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).slice(0, -1);
    expect(lines.length).toBe(of.findings.length);
    expect(lines.flatMap((line) => problems(JSON.parse(line)))).toEqual([]);
  });

  it('maps verdicts, and closes what is settled', () => {
    const events = [...ocsfEvents(report(EACH_VERDICT), context)];
    expect(events).toMatchObject([
      { compliance: { status_id: 3, status: 'Fail' }, status_id: 1, activity_id: 1, type_uid: 200301, severity_id: 3 },
      { compliance: { status_id: 1, status: 'Pass' }, status_id: 4, activity_id: 3, type_uid: 200303 },
      { compliance: { status_id: 0, status: 'Unknown' }, status_id: 1, severity_id: 4 },
      { compliance: { status_id: 99, status: 'Not Applicable' }, status_id: 4 },
      { compliance: { status_id: 3, status: 'Fail' }, status_id: 3, status: 'Suppressed', severity_id: 5 },
    ]);
  });

  it('tells the time in milliseconds, the account as cloud, and every control as a check', () => {
    expect([...ocsfEvents(report(EACH_VERDICT), context)][0]).toMatchObject({
      time: Date.parse('2026-11-20T10:00:05.250Z'),
      metadata: { profiles: ['cloud'] },
      cloud: { provider: 'AWS', region: 'eu-central-1', account: { uid: ACCOUNT, name: 'payments', type_id: 10 } },
      resources: [{ cloud_partition: 'aws', owner: { account: { uid: ACCOUNT } }, type: 'trail' }],
      compliance: {
        standards: ['CIS AWS Foundations Benchmark v5.0.0', 'AWS Security Hub', 'NIST SP 800-53 Rev. 5'],
        checks: [
          { uid: 'trail/log-file-validation' },
          { uid: '3.2', standards: ['CIS AWS Foundations Benchmark v5.0.0'], status_id: 3 },
          { uid: 'CloudTrail.4', standards: ['AWS Security Hub'] },
          { uid: 'AU-9' },
          { uid: 'SI-4' },
        ],
      },
    });
  });
});
