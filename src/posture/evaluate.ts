import type { EstateSettings, Evaluation, Judgement, Scope } from '../check/check.ts';
import { type Finding, findingId, type Risk } from '../check/finding.ts';
import { resourceOf, type Subject, subjectsOf } from '../check/subject.ts';
import type { PartName, Snapshot } from '../snapshot/types.ts';
import type { AnyCheck } from './catalogue.ts';

/** Settings of a check for one account: one value per environment that holds the account, at least one. */
export type SettingsFor = (check: AnyCheck, account: string) => unknown[];

export interface EvaluationContext {
  snapshot: Snapshot;
  estate: EstateSettings;
  settingsFor: SettingsFor;
}

/** Runs checks over a snapshot: one finding per check and subject, sorted worst first. Pure. */
export function evaluateChecks(checks: Iterable<AnyCheck>, context: EvaluationContext): Finding[] {
  return [...checks]
    .flatMap((check) =>
      subjectsOf(check.scope, context.snapshot).map((subject) => evaluateOne(check, subject, context)),
    )
    .sort(worstFirst);
}

/** One check on one subject. Where several environments hold the account, the strictest verdict stands. */
export function evaluateOne(check: AnyCheck, subject: Subject, context: EvaluationContext): Finding {
  const judgements = context
    .settingsFor(check, subject.account)
    .map((settings) => judge(check, subject, settings, context));
  const strictest = judgements.reduce((worst, next) => (RANK[next.verdict] < RANK[worst.verdict] ? next : worst));
  return toFinding(check, subject, strictest, context.snapshot);
}

function judge(check: AnyCheck, subject: Subject, settings: unknown, context: EvaluationContext): Judgement {
  const unreachable = context.snapshot.accounts[subject.account];
  if (subject.kind === 'account' && unreachable?.status === 'unreachable') {
    return {
      verdict: 'unknown',
      reason: `Account ${subject.account} could not be entered: ${unreachable.reason ?? 'no reason given'}`,
      missingPermissions: ['sts:AssumeRole'],
    };
  }
  return check.evaluate(evaluationOf(subject, settings, context));
}

/** What a check is given. The subject is of the check's own scope: the runner asks `subjectsOf(check.scope)`. */
export function evaluationOf(
  subject: Subject,
  settings: unknown,
  { snapshot, estate }: Pick<EvaluationContext, 'snapshot' | 'estate'>,
): Evaluation<PartName, Scope, unknown> {
  return { snapshot, subject, settings, estate };
}

function toFinding(check: AnyCheck, subject: Subject, judgement: Judgement, snapshot: Snapshot): Finding {
  const { verdict } = judgement;
  const region = 'region' in subject ? subject.region : '';
  const resource = resourceOf(subject, snapshot.partition);
  const missingPermissions = judgement.missingPermissions ?? [];
  const risk = judgement.risk ?? check.fix.risk;
  const fix = verdict === 'fail' ? (judgement.fix ?? effectiveClass(check, judgement)) : 'none';
  return {
    id: findingId(check.id, subject.account, region, resource),
    check: check.id,
    account: subject.account,
    region,
    resource,
    verdict,
    severity: judgement.severity ?? check.severity,
    title: check.title,
    evidence: judgement.evidence ?? {},
    ...(judgement.reason === undefined ? {} : { reason: judgement.reason }),
    ...(missingPermissions[0] === undefined ? {} : { missingPermission: missingPermissions[0] }),
    missingPermissions,
    ...(judgement.inheritedFrom === undefined ? {} : { inheritedFrom: judgement.inheritedFrom }),
    ...(judgement.cause === undefined ? {} : { cause: judgement.cause }),
    notes: judgement.notes ?? [],
    controls: check.controls,
    fix,
    ...(fix === 'none' ? {} : { risk }),
    ...(fix === 'auto' || fix === 'auto-second-approver' ? { people: leastPeople(fix, risk) } : {}),
  };
}

/** Approvals that class and risk ask for; the policy of the configuration may ask for more (decision 25). */
export function leastPeople(fix: Finding['fix'], risk: Risk): number {
  return fix === 'auto-second-approver' || risk === 'irreversible' ? 2 : 1;
}

/** No fix is offered in a member for what it inherits, nor where another check is the cause: those carry it. */
function effectiveClass(check: AnyCheck, judgement: Judgement): Finding['fix'] {
  if (check.plan === undefined) return 'none';
  if (judgement.inheritedFrom !== undefined) return 'none';
  return judgement.cause === undefined ? check.fix.class : 'none';
}

const RANK = { fail: 0, unknown: 1, pass: 2, 'not-applicable': 3, exempt: 4 } as const;
const SEVERITY_RANK = { critical: 0, high: 1, medium: 2, low: 3, info: 4 } as const;

/** Failures first, the gravest on top; then by check and resource, so that equal runs print equally. */
export function worstFirst(a: Finding, b: Finding): number {
  return (
    RANK[a.verdict] - RANK[b.verdict] ||
    SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
    a.check.localeCompare(b.check) ||
    a.account.localeCompare(b.account) ||
    a.resource.localeCompare(b.resource)
  );
}
