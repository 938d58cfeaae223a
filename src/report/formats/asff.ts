import type { InputOf } from '../../aws/operations/table.ts';
import type { Finding, Severity, Verdict } from '../../check/finding.ts';
import type { ScanReport } from '../../posture/report.ts';
import { requirementsOf } from '../standards.ts';
import { clip, printable } from '../text.ts';
import { accountNames, type FormatContext, kindOf, partitionOf, remedyOf } from './lookup.ts';

/** A finding of the AWS Security Finding Format, as BatchImportFindings takes it. */
export type AsffFinding = NonNullable<InputOf<'securityhub:BatchImportFindings'>['Findings']>[number];

/** Begins the GeneratorId and the Id of everything that is ours in Security Hub. */
export const ASFF_PREFIX = 'trail-check/';

const LABELS = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
  info: 'INFORMATIONAL',
} as const satisfies { [severity in Severity]: string };

const STATUS = {
  pass: 'PASSED',
  fail: 'FAILED',
  unknown: 'NOT_AVAILABLE',
  'not-applicable': 'NOT_AVAILABLE',
  exempt: 'FAILED',
} as const satisfies { [verdict in Verdict]: string };

/** Partitions that the service model of Security Hub names; for any other the member stays away. */
const PARTITIONS: { readonly [partition: string]: 'aws' | 'aws-cn' | 'aws-us-gov' } = {
  aws: 'aws',
  'aws-cn': 'aws-cn',
  'aws-us-gov': 'aws-us-gov',
};

const TYPES: { readonly [kind: string]: string } = {
  trail: 'AwsCloudTrailTrail',
  bucket: 'AwsS3Bucket',
  key: 'AwsKmsKey',
  topic: 'AwsSnsTopic',
  account: 'AwsAccount',
};

/**
 * The findings of a report for Security Hub, one by one, within the limits of the API reference: texts are cut, lists
 * end at what is allowed. What is settled (passes, does not apply) is ARCHIVED, everything else ACTIVE.
 */
export function* asffFindings(report: ScanReport, context: FormatContext): Generator<AsffFinding> {
  const names = accountNames(report);
  const partition = partitionOf(report);
  for (const finding of report.findings) {
    yield asffFinding(finding, {
      ...context,
      partition,
      accountName: names.get(finding.account) ?? '',
      run: report.run,
    });
  }
}

interface AsffContext extends FormatContext {
  partition: string;
  accountName: string;
  run: ScanReport['run'];
}

function asffFinding(finding: Finding, context: AsffContext): AsffFinding {
  const { account, check, severity, verdict } = finding;
  const { partition, homeRegion, run } = context;
  const region = finding.region === '' ? homeRegion : finding.region;
  const remedy = remedyOf(finding);
  const accountName = clip(printable(context.accountName), 50);
  const settled = verdict === 'pass' || verdict === 'not-applicable';
  return {
    SchemaVersion: '2018-10-08',
    Id: `${ASFF_PREFIX}${check}/${account}/${finding.region || 'global'}/${finding.id}`,
    ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: 'trail-check',
    GeneratorId: `${ASFF_PREFIX}${check}`,
    AwsAccountId: account,
    ...(accountName === '' ? {} : { AwsAccountName: accountName }),
    CreatedAt: run.finishedAt,
    UpdatedAt: run.finishedAt,
    LastObservedAt: run.finishedAt,
    Title: clip(printable(finding.title.trim() || check), 256),
    Description: clip(printable(descriptionOf(finding, context)), 1024),
    FindingProviderFields: {
      Severity: { Label: settled ? 'INFORMATIONAL' : LABELS[severity], Original: severity },
      Types: ['Software and Configuration Checks/AWS Security Best Practices'],
    },
    Resources: [resourceOf(finding, region, partition)],
    Compliance: complianceOf(finding),
    ...(remedy === undefined ? {} : { Remediation: { Recommendation: { Text: clip(remedy, 512) } } }),
    ProductFields: productFields(finding, context),
    RecordState: settled ? 'ARCHIVED' : 'ACTIVE',
  };
}

function descriptionOf({ reason, check, title }: Finding, { catalogue }: AsffContext): string {
  return [reason?.trim() || title.trim() || check, catalogue.get(check)?.rationale ?? ''].join(' ').trimEnd();
}

function resourceOf(
  finding: Finding,
  region: string,
  partition: string,
): NonNullable<AsffFinding['Resources']>[number] {
  const kind = kindOf(finding);
  const Partition = PARTITIONS[partition];
  return {
    Type: TYPES[kind] ?? 'Other',
    Id: kind === 'account' ? `AWS::::Account:${finding.account}` : clip(printable(finding.resource), 2048),
    Region: region,
    ...(Partition === undefined ? {} : { Partition }),
  };
}

function complianceOf(finding: Finding): NonNullable<AsffFinding['Compliance']> {
  const { verdict, exemption, controls } = finding;
  const requirements = requirementsOf(controls).slice(0, 32);
  const reason = statusReason(finding);
  return {
    Status: STATUS[exemption?.underlying ?? verdict],
    ...(requirements.length === 0 ? {} : { RelatedRequirements: requirements.map((text) => clip(text, 64)) }),
    ...(reason === undefined
      ? {}
      : { StatusReasons: [{ ...reason, Description: clip(printable(reason.Description), 1024) }] }),
  };
}

function statusReason({ verdict, reason, missingPermissions, exemption }: Finding) {
  const why = reason?.trim() || 'No reason was given.';
  if (exemption !== undefined) {
    return { ReasonCode: 'RISK_ACCEPTED', Description: `Accepted until ${exemption.until}: ${exemption.reason}` };
  }
  if (verdict === 'not-applicable') return { ReasonCode: 'NOT_APPLICABLE', Description: why };
  if (verdict !== 'unknown') return undefined;
  if (missingPermissions.length === 0) return { ReasonCode: 'COULD_NOT_BE_READ', Description: why };
  return { ReasonCode: 'ACCESS_DENIED', Description: `${why} Grant ${missingPermissions.join(', ')}.` };
}

function productFields(finding: Finding, { run }: AsffContext): { [field: string]: string } {
  const fields = {
    finding: finding.id,
    check: finding.check,
    verdict: finding.verdict,
    target: run.target,
    fix: finding.fix,
    missingPermissions: finding.missingPermissions.join(' '),
    inheritedFrom: finding.inheritedFrom ?? '',
    cause: finding.cause ?? '',
    notes: finding.notes.join(' '),
    exemptUntil: finding.exemption?.until ?? '',
    evidence: JSON.stringify(finding.evidence),
  };
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [`${ASFF_PREFIX}${name}`, clip(printable(value), 2048)]),
  );
}
