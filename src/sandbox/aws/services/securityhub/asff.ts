/** What Security Hub asks of a finding: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html */
import { isRecord, recordsIn, stringIn, stringsIn } from '../../input.ts';
import type { Input } from '../../types.ts';

const MAX_BYTES = 240 * 1024;
const TEXTS: Record<string, number> = {
  AwsAccountId: 12,
  CreatedAt: 64,
  Description: 1024,
  GeneratorId: 512,
  Id: 512,
  ProductArn: 2048,
  SchemaVersion: 10,
  Title: 256,
  UpdatedAt: 64,
};
const TIMES = ['CreatedAt', 'UpdatedAt', 'FirstObservedAt', 'LastObservedAt'];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;
const LABELS = ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
const COMPLIANCE = ['PASSED', 'WARNING', 'FAILED', 'NOT_AVAILABLE'];

/** Why a finding cannot be taken; undefined when it can. */
export function problemOf(finding: Input): string | undefined {
  if (Buffer.byteLength(JSON.stringify(finding)) > MAX_BYTES) return 'The finding is larger than 240 KB.';
  return (
    textProblem(finding) ??
    severityProblem(finding) ??
    resourceProblem(finding) ??
    listProblem(finding) ??
    stateProblem(finding)
  );
}

function textProblem(finding: Input): string | undefined {
  for (const [member, longest] of Object.entries(TEXTS)) {
    const text = stringIn(finding, member);
    if (text === undefined || text === '') return `data should have required property '${member}'`;
    if (text.length > longest) return `data.${member} should NOT be longer than ${longest} characters`;
  }
  if (finding.SchemaVersion !== '2018-10-08') return "data.SchemaVersion should be '2018-10-08'";
  const wrong = TIMES.find((member) => {
    const time = stringIn(finding, member);
    return time !== undefined && !TIME.test(time);
  });
  return wrong && `data.${wrong} should match format "date-time"`;
}

/** Of the finding itself, or of what its provider says of it. */
function severityProblem(finding: Input): string | undefined {
  const provided = isRecord(finding.FindingProviderFields) ? finding.FindingProviderFields.Severity : undefined;
  const severity = isRecord(finding.Severity) ? finding.Severity : provided;
  if (!isRecord(severity)) return "data should have required property 'Severity'";
  if (severity.Label !== undefined && !LABELS.some((label) => label === severity.Label)) {
    return 'data.Severity.Label should be equal to one of the allowed values';
  }
  const given = severity.Label ?? severity.Normalized ?? severity.Product;
  return given === undefined ? 'data.Severity should have Label or Normalized' : undefined;
}

function resourceProblem(finding: Input): string | undefined {
  const resources = recordsIn(finding, 'Resources');
  if (resources.length === 0) return "data should have required property 'Resources'";
  if (resources.length > 32) return 'data.Resources should NOT have more than 32 items';
  const incomplete = resources.some((resource) => !stringIn(resource, 'Type') || !stringIn(resource, 'Id'));
  return incomplete ? "data.Resources should have required properties 'Type' and 'Id'" : undefined;
}

function listProblem(finding: Input): string | undefined {
  if (stringsIn(finding, 'Types').length > 50) return 'data.Types should NOT have more than 50 items';
  if (recordsIn(finding, 'RelatedFindings').length > 10)
    return 'data.RelatedFindings should NOT have more than 10 items';
  for (const [member, longest] of [
    ['ProductFields', 2048],
    ['UserDefinedFields', 1024],
  ] as const) {
    const fields = isRecord(finding[member]) ? Object.entries(finding[member]) : [];
    if (fields.length > 50) return `data.${member} should NOT have more than 50 properties`;
    const wrong = fields.some(
      ([key, value]) => key.length > 128 || typeof value !== 'string' || value.length > longest,
    );
    if (wrong) return `data.${member} should have keys of 128 and values of ${longest} characters at most`;
  }
  return undefined;
}

function stateProblem(finding: Input): string | undefined {
  const compliance = isRecord(finding.Compliance) ? finding.Compliance : {};
  if (compliance.Status !== undefined && !COMPLIANCE.some((status) => status === compliance.Status)) {
    return 'data.Compliance.Status should be equal to one of the allowed values';
  }
  if (stringsIn(compliance, 'RelatedRequirements').length > 32) {
    return 'data.Compliance.RelatedRequirements should NOT have more than 32 items';
  }
  if (finding.RecordState !== undefined && finding.RecordState !== 'ACTIVE' && finding.RecordState !== 'ARCHIVED') {
    return 'data.RecordState should be equal to one of the allowed values';
  }
  const remediation = isRecord(finding.Remediation) ? finding.Remediation.Recommendation : undefined;
  const text = isRecord(remediation) ? stringIn(remediation, 'Text') : undefined;
  if ((text ?? '').length > 512) return 'data.Remediation.Recommendation.Text should NOT be longer than 512 characters';
  return undefined;
}
