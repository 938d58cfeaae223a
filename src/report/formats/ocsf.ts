import type { Controls, Finding, Severity, Verdict } from '../../check/finding.ts';
import type { ScanReport } from '../../posture/report.ts';
import { requirementsOf, standardTitle } from '../standards.ts';
import { accountNames, type FormatContext, type JsonObject, kindOf, partitionOf, remedyOf } from './lookup.ts';

/** Version of the OCSF schema whose attributes are used. */
const OCSF_VERSION = '1.6.0';
const CLASS = 2003;

const SEVERITY = {
  critical: [5, 'Critical'],
  high: [4, 'High'],
  medium: [3, 'Medium'],
  low: [2, 'Low'],
  info: [1, 'Informational'],
} as const satisfies { [severity in Severity]: readonly [number, string] };

/** `compliance.status_id`. What could not be read has no verdict; Warning would be one. */
const COMPLIANCE = {
  pass: [1, 'Pass'],
  fail: [3, 'Fail'],
  unknown: [0, 'Unknown'],
  'not-applicable': [99, 'Not Applicable'],
  exempt: [3, 'Fail'],
} as const satisfies { [verdict in Verdict]: readonly [number, string] };

/** `status_id` of the finding: what someone still has to do about it. */
const LIFE = {
  pass: [4, 'Resolved'],
  fail: [1, 'New'],
  unknown: [1, 'New'],
  'not-applicable': [4, 'Resolved'],
  exempt: [3, 'Suppressed'],
} as const satisfies { [verdict in Verdict]: readonly [number, string] };

/** Compliance Findings (class 2003) of OCSF with the cloud profile, one a finding. Times are milliseconds since 1970. */
export function* ocsfEvents(report: ScanReport, context: FormatContext): Generator<JsonObject> {
  const names = accountNames(report);
  const partition = partitionOf(report);
  for (const finding of report.findings) {
    const name = names.get(finding.account) ?? finding.account;
    yield event(finding, report, { ...context, partition, account: accountOf(finding.account, name) });
  }
}

interface EventContext extends FormatContext {
  partition: string;
  account: JsonObject;
}

function event(finding: Finding, { run }: ScanReport, context: EventContext): JsonObject {
  const { check, region, verdict, reason, notes } = finding;
  const { account, partition, catalogue, version } = context;
  const open = LIFE[verdict][0] !== 4;
  const [activity, activityName] = open ? [1, 'Create'] : [3, 'Close'];
  const [status, statusName] = LIFE[verdict];
  const [severity, severityName] = SEVERITY[finding.severity];
  const time = Date.parse(run.finishedAt);
  const rationale = catalogue.get(check)?.rationale;
  const remedy = remedyOf(finding);
  return {
    activity_id: activity,
    activity_name: activityName,
    category_uid: 2,
    category_name: 'Findings',
    class_uid: CLASS,
    class_name: 'Compliance Finding',
    type_uid: CLASS * 100 + activity,
    type_name: `Compliance Finding: ${activityName}`,
    time,
    start_time: Date.parse(run.startedAt),
    end_time: time,
    severity_id: severity,
    severity: severityName,
    status_id: status,
    status: statusName,
    message: reason ?? finding.title,
    metadata: {
      version: OCSF_VERSION,
      profiles: ['cloud'],
      product: { name: 'trail-check', vendor_name: 'trail-check', version, feature: { name: check } },
      event_code: check,
      correlation_uid: run.id,
    },
    finding_info: {
      uid: finding.id,
      title: finding.title,
      ...(rationale === undefined ? {} : { desc: rationale }),
      types: [check],
      last_seen_time: time,
    },
    compliance: {
      control: check,
      standards: Object.keys(finding.controls).map(standardTitle),
      requirements: requirementsOf(finding.controls),
      ...verdictOf(finding),
      status_details: [...(reason === undefined ? [] : [reason]), ...notes],
      checks: checksOf(finding),
    },
    resources: [
      {
        uid: finding.resource,
        type: kindOf(finding),
        cloud_partition: partition,
        ...(region === '' ? {} : { region }),
        owner: { account },
        data: finding.evidence,
      },
    ],
    cloud: { provider: 'AWS', account, ...(region === '' ? {} : { region }) },
    ...(remedy === undefined ? {} : { remediation: { desc: remedy } }),
    unmapped: {
      verdict,
      fix: finding.fix,
      missing_permissions: finding.missingPermissions,
      ...(finding.inheritedFrom === undefined ? {} : { inherited_from: finding.inheritedFrom }),
      ...(finding.cause === undefined ? {} : { cause: finding.cause }),
      ...(finding.exemption === undefined ? {} : { exemption: { ...finding.exemption } }),
    },
  };
}

function accountOf(uid: string, name: string): JsonObject {
  return { uid, name, type_id: 10, type: 'AWS Account' };
}

function verdictOf({ verdict, exemption }: Finding) {
  const [status_id, status] = COMPLIANCE[exemption?.underlying ?? verdict];
  return { status_id, status };
}

/** The check itself, and what it stands for in each published standard. */
function checksOf(finding: Finding): JsonObject[] {
  const common = { ...verdictOf(finding), severity_id: SEVERITY[finding.severity][0] };
  const standards = ([standard, ids]: [string, Controls[string]]) =>
    ids.map((uid) => ({ uid, standards: [standardTitle(standard)], ...common }));
  return [
    { uid: finding.check, name: finding.title, ...common },
    ...Object.entries(finding.controls).flatMap(standards),
  ];
}
