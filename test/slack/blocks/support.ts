import type { Finding } from '../../../src/check/finding.ts';
import type { Change, Plan } from '../../../src/check/plan.ts';
import type { FixView, Proposal } from '../../../src/fixes/fix.ts';
import type { Powers } from '../../../src/fixes/powers.ts';
import type { RunSummary } from '../../../src/posture/summary.ts';
import type { Entry } from '../../../src/slack/blocks/check.ts';
import type { Fix, Run } from '../../../src/store/database.ts';

/* Data as the demo estate gives it; a test changes the one thing it is about. */

export const AT = new Date('2026-11-20T09:00:00Z');
export const TRAIL = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/acme-org-trail';
export const BUCKET = 'arn:aws:s3:::acme-data-legacy-trail';

export const CONTROLS = {
  'cis_3.0': ['3.2'],
  'cis_7.0': ['4.2'],
  security_hub: ['CloudTrail.4'],
  'pci_4.0': ['10.3.2', '10.3.3', '10.3.4', 'A1.2.1'],
  nist_800_53_r5: ['AU-9', 'SI-4', 'SI-7(1)'],
  iso_27001_2022: ['A.8.15', 'A.8.16'],
  soc2: ['CC7.3'],
  config_rule: ['cloud-trail-log-file-validation-enabled'],
};

export const CHECK = {
  id: 'trail/log-file-validation',
  title: 'Log file validation is on',
  severity: 'medium',
  rationale: 'Without signed digests nobody can show that a log file was not changed or removed.',
  controls: CONTROLS,
} as const;

export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    id: 'f0f0f0f0f0f0f0f0',
    check: CHECK.id,
    account: '111111111111',
    region: 'us-east-1',
    resource: TRAIL,
    verdict: 'fail',
    severity: 'medium',
    title: CHECK.title,
    evidence: { LogFileValidationEnabled: false },
    reason: 'No digest files are made.',
    missingPermissions: [],
    notes: [],
    controls: CONTROLS,
    fix: 'auto',
    ...changes,
  };
}

export function change(changes: Partial<Change> = {}): Change {
  const call = { account: '111111111111', region: 'us-east-1', operation: 'cloudtrail:UpdateTrail', resource: TRAIL };
  return {
    ...call,
    input: { Name: TRAIL, EnableLogFileValidation: true },
    summary: 'Turn on log file validation; nothing else changes.',
    target: `trail:${TRAIL}`,
    expect: { LogFileValidationEnabled: false },
    result: { LogFileValidationEnabled: true },
    undo: {
      ...call,
      input: { Name: TRAIL, EnableLogFileValidation: false },
      summary: 'Turn log file validation off again.',
      automatic: true,
    },
    ...changes,
  };
}

export function plan(changes: Partial<Plan> = {}): Plan {
  return {
    schema: 1,
    check: CHECK.id,
    findings: ['f0f0f0f0f0f0f0f0'],
    summary: 'Turn on log file validation for acme-org-trail.',
    class: 'auto',
    risk: 'safe',
    reversible: 'partly',
    warnings: [],
    guards: ['After: GetTrail shows the flag; the first digest arrives within 2 hours.'],
    changes: [change()],
    watchDelivery: [TRAIL],
    ...changes,
  };
}

export type FixChanges = Partial<Omit<FixView, 'proposal' | 'row'>> & { proposal?: Partial<Proposal> };

export function fixView({ proposal: inner = {}, ...changes }: FixChanges = {}): FixView {
  const proposal: Proposal = {
    plan: plan(),
    target: 'prod',
    finding: finding(),
    environments: {},
    deliveryErrors: {},
    ...inner,
  };
  const view = {
    id: 'fix-4f2c9a1e',
    revision: 1,
    kind: 'fix',
    of: undefined,
    state: 'proposed',
    severity: proposal.finding.severity,
    people: 1,
    requestedBy: undefined,
    reason: undefined,
    expiresAt: undefined,
    error: undefined,
    planHash: 'a'.repeat(64),
    proposal,
    progress: { changes: [] },
    result: undefined,
    ...changes,
  } satisfies Omit<FixView, 'row'>;
  return { ...view, row: rowOf(view) };
}

function rowOf(view: Omit<FixView, 'row'>): Fix {
  const { id, revision, kind, proposal, planHash, state, people } = view;
  return {
    ...{ id, revision, kind, planHash, state, people },
    key: proposal.finding.id,
    of: view.of ?? null,
    findings: proposal.plan.findings,
    check: proposal.plan.check,
    accounts: [...new Set(proposal.plan.changes.map(({ account }) => account))],
    plan: proposal,
    class: proposal.plan.class,
    risk: proposal.plan.risk,
    requestedBy: view.requestedBy ?? null,
    requestedAt: null,
    reason: view.reason ?? null,
    approvedAt: null,
    startsAt: null,
    expiresAt: view.expiresAt ?? null,
    policyHash: null,
    configHash: null,
    owner: null,
    leaseUntil: null,
    progress: view.progress,
    result: view.result ?? null,
    error: view.error ?? null,
    ...{ batch: null, breakGlass: false, signedOffAt: null, reminders: 0, nextReminderAt: null },
    createdAt: AT,
    updatedAt: AT,
  };
}

export const PENDING = {
  state: 'pending',
  requestedBy: 'U0REQUESTER',
  reason: 'The auditors ask for digests by the end of the quarter.',
  expiresAt: new Date('2026-11-21T09:00:00Z'),
} as const satisfies FixChanges;

export const FIXED = {
  ...PENDING,
  state: 'fixed',
  progress: { changes: [{ state: 'done', requestId: '7d1c0a52-6f0e-4c8e-9e39-0f3a5b1e2d44' }] },
  result: {
    verdict: 'pass',
    before: { LogFileValidationEnabled: false },
    after: { LogFileValidationEnabled: true },
  },
} satisfies FixChanges;

export const PEOPLE = { approvals: [], approvers: ['U0APPROVER1', 'S0TRAILAPPR'], needed: 1 };

export function powers(changes: Partial<Powers> = {}): Powers {
  const policy: Powers['policies'][number] = {
    environment: 'prod',
    request: undefined,
    approve: ['U0APPROVER1', 'S0TRAILAPPR'],
    people: 1,
    direct: true,
    requesterCounts: false,
    expires: 86_400_000,
    pin: false,
    reason: false,
    remind: [],
    windows: [],
    freezes: [],
    stepUp: 'none',
    breakGlass: [],
  };
  return { approveAlone: false, approve: false, request: true, policies: [policy], people: 1, ...changes };
}

export function entry(changes: Partial<Entry> = {}): Entry {
  return { finding: finding(), offer: { kind: 'fix', fixId: 'fix-4f2c9a1e' }, fix: fixView(), ...changes };
}

export function summary(changes: Partial<RunSummary> = {}): RunSummary {
  return {
    accounts: [
      { id: '111111111111', name: 'acme-management', inScope: false, status: 'scanned' },
      { id: '222222222222', name: 'acme-log-archive', inScope: false, status: 'scanned' },
      { id: '333333333333', name: 'acme-prod-web', inScope: true, status: 'scanned' },
      { id: '444444444444', name: 'acme-prod-data', inScope: true, status: 'scanned' },
    ],
    verdicts: { pass: 23, fail: 27, unknown: 0, 'not-applicable': 1, exempt: 0 },
    failures: { critical: 1, high: 9, medium: 12, low: 5, info: 0 },
    score: 51,
    accepted: 51,
    before: 47,
    raise: [
      { check: 'alarm/cloudtrail-changes', points: 8 },
      { check: 'bucket/policy-not-public', points: 6 },
      { check: 'bucket/public-access-block', points: 4 },
    ],
    failing: [
      ['bucket/policy-not-public', 'The bucket policy is not public', 'critical', 1],
      ['bucket/public-access-block', 'Block Public Access is on in full', 'high', 1],
      ['trail/management-events', 'One trail records all management events, read and write', 'high', 1],
      ['alarm/cloudtrail-changes', 'Changes of trails raise an alarm', 'high', 2],
      ['iam/full-access-policy', 'AWSCloudTrail_FullAccess is held by few', 'high', 1],
      ['trail/log-file-validation', 'Log file validation is on', 'medium', 1],
      ['trail/kms-encryption', 'Log files are encrypted with a customer managed key', 'medium', 2],
    ].map(([check, title, severity, count]) => ({
      check: String(check),
      title: String(title),
      severity: severity === 'critical' ? 'critical' : severity === 'high' ? 'high' : 'medium',
      findings: Array.from({ length: Number(count) }, (_, at) => `${check}-${at}`),
    })),
    missing: [],
    notes: [],
    took: 2_340,
    ...changes,
  };
}

export function run(changes: Partial<Run> = {}): Run {
  return {
    id: 'run-6b0f',
    target: 'prod',
    requestedBy: 'U0REQUESTER',
    trigger: 'asked',
    state: 'done',
    createdAt: AT,
    startedAt: AT,
    finishedAt: AT,
    counts: { summary: summary() },
    score: 51,
    complete: true,
    changed: [],
    calls: 128,
    error: null,
    owner: null,
    leaseUntil: null,
    ...changes,
  };
}
