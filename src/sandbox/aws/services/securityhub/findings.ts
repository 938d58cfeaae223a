/** Importing findings and looking them up again. */
import { isRecord, recordsIn, stringIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { AwsError, type Hub, type Input, type Operation, type Output, type RequestContext } from '../../types.ts';
import { problemOf } from './asff.ts';
import { neededHub } from './hub.ts';

const MOST = 100;
const MOST_VALUES = 20;

/** What belongs to those who work on findings: an import sets it once and never again. */
const OF_ANALYSTS = ['Note', 'UserDefinedFields', 'VerificationState', 'Workflow'];

function defaultProduct({ estate, account, region }: RequestContext): string {
  return `arn:${estate.partition}:securityhub:${region}:${account.id}:product/${account.id}/default`;
}

export const batchImportFindings: Operation = {
  quota: { class: 'BatchImportFindings', perSecond: 10 },
  permissions(context, input) {
    const findings = recordsIn(input, 'Findings');
    const products = new Map(
      findings.map((finding) => [
        stringIn(finding, 'ProductArn') ?? defaultProduct(context),
        stringIn(finding, 'AwsAccountId') ?? context.account.id,
      ]),
    );
    if (products.size === 0) products.set(defaultProduct(context), context.account.id);
    return [...products].map(([resource, account]) => ({
      action: 'securityhub:BatchImportFindings',
      resource,
      context: { 'securityhub:TargetAccount': account },
    }));
  },
  handle(context, input) {
    const hub = neededHub(context);
    const findings = recordsIn(input, 'Findings');
    if (findings.length === 0 || findings.length > MOST) {
      throw new AwsError('InvalidInputException', `Invalid parameter: Findings has 1 to ${MOST} items.`);
    }
    const failed: Output[] = [];
    for (const finding of findings) {
      const problem = problemOf(finding) ?? ownerProblem(context, finding);
      if (problem === undefined) keep(context, hub, finding);
      else failed.push({ Id: stringIn(finding, 'Id') ?? '', ErrorCode: 'InvalidInput', ErrorMessage: problem });
    }
    return { SuccessCount: findings.length - failed.length, FailedCount: failed.length, FailedFindings: failed };
  },
};

/** One's own findings come under the default product of the own account in this region. */
function ownerProblem(context: RequestContext, finding: Input): string | undefined {
  if (finding.AwsAccountId !== context.account.id) {
    return `AwsAccountId ${String(finding.AwsAccountId)} is not the account of the caller.`;
  }
  return finding.ProductArn === defaultProduct(context)
    ? undefined
    : `ProductArn ${String(finding.ProductArn)} is not a product of this account and region.`;
}

function keep({ region, estate }: RequestContext, hub: Hub, finding: Input): void {
  const key = `${String(finding.ProductArn)} ${String(finding.Id)}`;
  const known = hub.findings.get(key);
  const kept = known && Object.fromEntries(OF_ANALYSTS.map((member) => [member, known[member]]));
  hub.findings.set(key, {
    CompanyName: 'Personal',
    ProductName: 'Default',
    RecordState: 'ACTIVE',
    WorkflowState: 'NEW',
    Workflow: { Status: 'NEW' },
    ...finding,
    Severity: severityOf(finding),
    ...kept,
    Region: region,
    ProcessedAt: estate.now().toISOString(),
  });
}

/** The value in the middle of a label's span: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Severity.html */
const NORMALIZED: Record<string, number> = { INFORMATIONAL: 0, LOW: 1, MEDIUM: 40, HIGH: 70, CRITICAL: 90 };

function severityOf(finding: Input): unknown {
  const provided = isRecord(finding.FindingProviderFields) ? finding.FindingProviderFields.Severity : undefined;
  const severity = isRecord(finding.Severity) ? finding.Severity : provided;
  if (!isRecord(severity)) return severity;
  const label = stringIn(severity, 'Label');
  return label === undefined ? severity : { Normalized: NORMALIZED[label], ...severity };
}

/** Filters on text, by where a finding has what they ask for. */
const FILTERS: Record<string, (finding: Input) => unknown[]> = {
  AwsAccountId: (finding) => [finding.AwsAccountId],
  ComplianceStatus: (finding) => [inner(finding, 'Compliance', 'Status')],
  GeneratorId: (finding) => [finding.GeneratorId],
  Id: (finding) => [finding.Id],
  ProductArn: (finding) => [finding.ProductArn],
  ProductName: (finding) => [finding.ProductName],
  RecordState: (finding) => [finding.RecordState],
  ResourceId: (finding) => recordsIn(finding, 'Resources').map((resource) => resource.Id),
  SeverityLabel: (finding) => [inner(finding, 'Severity', 'Label')],
  Title: (finding) => [finding.Title],
  WorkflowStatus: (finding) => [inner(finding, 'Workflow', 'Status')],
};

function inner(finding: Input, member: string, name: string): unknown {
  const structure = finding[member];
  return isRecord(structure) ? structure[name] : undefined;
}

export const getFindings: Operation = {
  quota: { class: 'GetFindings', perSecond: 3 },
  permissions: () => [{ action: 'securityhub:GetFindings', resource: '*' }],
  handle(context, input) {
    const filters = Object.entries(isRecord(input.Filters) ? input.Filters : {});
    const found = [...neededHub(context).findings.values()].filter((finding) =>
      filters.every(([name, asked]) => matches(finding, name, asked)),
    );
    const invalid = new AwsError('InvalidInputException', 'Invalid parameter: NextToken');
    const { items, next } = pageOf(found, input.NextToken, sizeOf(input.MaxResults, MOST), invalid);
    return { Findings: items, NextToken: next };
  },
};

function matches(finding: Input, name: string, asked: unknown): boolean {
  const values = Object.hasOwn(FILTERS, name) ? FILTERS[name]?.(finding) : undefined;
  const filters = recordsIn({ asked }, 'asked');
  if (!values || filters.length > MOST_VALUES) {
    throw new AwsError('InvalidInputException', `Invalid parameter: Filters.${name}`);
  }
  const holds = (filter: Input) => values.some((value) => compares(String(value ?? ''), filter));
  // What must be is joined by OR, what must not be by AND.
  const [without, within] = [filters.filter(isNegative), filters.filter((filter) => !isNegative(filter))];
  return without.every(holds) && (within.length === 0 || within.some(holds));
}

function isNegative(filter: Input): boolean {
  return String(filter.Comparison).includes('NOT_');
}

function compares(value: string, filter: Input): boolean {
  const wanted = stringIn(filter, 'Value') ?? '';
  switch (filter.Comparison) {
    case 'EQUALS':
      return value === wanted;
    case 'PREFIX':
      return value.startsWith(wanted);
    case 'CONTAINS':
      return value.includes(wanted);
    case 'NOT_EQUALS':
      return value !== wanted;
    case 'PREFIX_NOT_EQUALS':
      return !value.startsWith(wanted);
    default:
      throw new AwsError('InvalidInputException', `Invalid parameter: Comparison ${String(filter.Comparison)}`);
  }
}
