import { describe, expect, it } from 'vitest';
import type { ScanReport } from '../../src/posture/report.ts';
import { asffFindings } from '../../src/report/formats/asff.ts';
import { formatted } from '../../src/report/formats/format.ts';
import { ACCOUNT, context, EACH_VERDICT, finding, REPORTS, report } from './reports.ts';
import { validator } from './validate.ts';

const problems = validator('asff.json');
const findingsOf = (of: ScanReport) => [...asffFindings(of, context)];
const one = (of: Parameters<typeof finding>[0]) => findingsOf(report([finding(of)]))[0];

describe('ASFF', () => {
  it.each(REPORTS)('keeps to every documented limit: %s', (_, of) => {
    const findings = findingsOf(of);
    expect(findings.length).toBe(of.findings.length);
    expect(findings.flatMap((each) => problems(each))).toEqual([]);
    expect(Math.max(0, ...findings.map((each) => Buffer.byteLength(JSON.stringify(each))))).toBeLessThan(240 * 1024);
  });

  it.each(REPORTS)('prints one JSON array: %s', (_, of) => {
    const text = [...formatted(of, 'asff', { ...context, screen: { interactive: false } })].join('');
    expect(JSON.parse(text)).toHaveLength(of.findings.length);
  });

  it('maps verdicts: what could not be read is NOT_AVAILABLE and says what to grant', () => {
    const states = findingsOf(report(EACH_VERDICT)).map(({ Compliance, RecordState, FindingProviderFields }) => [
      Compliance?.Status,
      Compliance?.StatusReasons?.[0]?.ReasonCode,
      FindingProviderFields?.Severity?.Label,
      RecordState,
    ]);
    expect(states).toEqual([
      ['FAILED', undefined, 'MEDIUM', 'ACTIVE'],
      ['PASSED', undefined, 'INFORMATIONAL', 'ARCHIVED'],
      ['NOT_AVAILABLE', 'ACCESS_DENIED', 'HIGH', 'ACTIVE'],
      ['NOT_AVAILABLE', 'NOT_APPLICABLE', 'INFORMATIONAL', 'ARCHIVED'],
      ['FAILED', 'RISK_ACCEPTED', 'CRITICAL', 'ACTIVE'],
    ]);
    expect(findingsOf(report(EACH_VERDICT))[2]?.Compliance?.StatusReasons?.[0]?.Description).toContain(
      'Grant kms:DescribeKey.',
    );
  });

  it('gives the same finding the same Id in every run', () => {
    const { Id } = one({}) ?? {};
    expect(Id).toBe(`trail-check/trail/log-file-validation/${ACCOUNT}/eu-central-1/${finding().id}`);
    const later = report([finding({ verdict: 'pass', reason: 'else' })]);
    expect(findingsOf({ ...later, run: { ...later.run, id: 'run-2' } })[0]?.Id).toBe(Id);
  });

  it('names the product of the account in its own partition and region', () => {
    const govcloud = { resource: `arn:aws-us-gov:s3:::logs`, region: 'us-gov-west-1' };
    expect(one(govcloud)).toMatchObject({
      ProductArn: `arn:aws-us-gov:securityhub:us-gov-west-1:${ACCOUNT}:product/${ACCOUNT}/default`,
      Resources: [{ Type: 'AwsS3Bucket', Partition: 'aws-us-gov', Region: 'us-gov-west-1' }],
    });
    expect(one({ resource: 'arn:aws-iso:s3:::logs' })?.Resources?.[0]).not.toHaveProperty('Partition');
    expect(one({ resource: 'arn:aws:s3:::logs', region: '' })?.ProductArn).toContain(':us-east-1:');
  });

  it.each([
    ['arn:aws:cloudtrail:eu-central-1:111111111111:trail/main', 'AwsCloudTrailTrail'],
    ['arn:aws:cloudtrail:eu-central-1:111111111111:eventdatastore/1', 'Other'],
    ['arn:aws:s3:::logs', 'AwsS3Bucket'],
    ['arn:aws:kms:eu-central-1:111111111111:key/1', 'AwsKmsKey'],
    ['alias/logs', 'AwsKmsKey'],
    ['arn:aws:sns:eu-central-1:111111111111:alarms', 'AwsSnsTopic'],
    ['arn:aws:logs:eu-central-1:111111111111:log-group:x', 'Other'],
    ['arn:aws:organizations::111111111111:organization/o-1', 'Other'],
  ])('%s is of type %s', (resource, Type) => {
    expect(one({ resource })?.Resources).toMatchObject([{ Type, Id: resource }]);
  });

  it('an account has the id that Security Hub gives accounts', () => {
    expect(one({ resource: `arn:aws:iam::${ACCOUNT}:root` })?.Resources).toMatchObject([
      { Type: 'AwsAccount', Id: `AWS::::Account:${ACCOUNT}` },
    ]);
  });
});
