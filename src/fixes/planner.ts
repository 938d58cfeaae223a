import { cliLine } from '../check/alternatives/cli.ts';
import type { Choices } from '../check/check.ts';
import type { Finding, Risk } from '../check/finding.ts';
import type { Change, ManualStep, Plan, PlanDraft } from '../check/plan.ts';
import { resourceOf, type Subject, subjectsOf } from '../check/subject.ts';
import type { Config } from '../config/config.ts';
import type { AnyCheck, Catalogue } from '../posture/catalogue.ts';
import { type EvaluationContext, evaluateOne, evaluationOf } from '../posture/evaluate.ts';
import { barredByPolicy, outOfReach } from './barred.ts';
import { mergeChanges } from './merge-changes.ts';
import { overlay } from './overlay.ts';
import { ownedElsewhere, subjectOwnedElsewhere } from './ownership.ts';
import { relatedSubjects } from './related.ts';

/** What can be done about one finding. */
export type FixProposal =
  | { kind: 'plan'; plan: Plan }
  | { kind: 'blocked'; by: string; reason: string }
  | { kind: 'manual'; steps: ManualStep[]; reason?: string };

export interface PlanningContext extends EvaluationContext {
  catalogue: Catalogue;
  /** ARNs and names that the configuration says are managed by other means. */
  managedBy: Config['managedBy'];
  /** Name, or path and name, of the fixer's role, where there is one. */
  fixer?: string;
}

/**
 * Plans the fix of a finding: the failing `first` checks are planned before it and laid over the snapshot, so that one
 * plan with one hash comes out (decisions 13 and 39). Pure: the same snapshot gives the same plan.
 */
export function planFix(finding: Finding, context: PlanningContext, choices: Choices = {}): FixProposal {
  const check = context.catalogue.get(finding.check);
  const subject = check === undefined ? undefined : subjectOf(finding, check, context);
  if (check === undefined || subject === undefined) {
    return { kind: 'blocked', by: finding.check, reason: 'What this finding is about is no longer there.' };
  }
  const draft = draftOf(check, subject, finding, context, choices, new Set());
  if (draft.kind === 'manual') {
    const owner = subjectOwnedElsewhere(subject, context.snapshot, context.managedBy);
    return owner === undefined ? draft : { ...draft, reason: [draft.reason, `${owner}.`].filter(Boolean).join(' ') };
  }
  if (draft.kind !== 'draft') return draft;
  const changes = mergeChanges(draft.steps.map((step) => step.plan.changes));
  if (changes.length === 0) return { kind: 'blocked', by: finding.check, reason: 'There is nothing left to change.' };
  const owner = ownedElsewhere(changes, context.snapshot, context.managedBy);
  if (owner !== undefined) return asText(`${owner}. A change made here would be put back, so make it there.`, changes);
  const closed = outOfReach(changes, context.snapshot);
  if (closed !== undefined) return asText(`${closed}. Whoever may has to make this change.`, changes);
  const barred = barredByPolicy(changes, context.snapshot, context.fixer);
  if (barred !== undefined) return asText(`${barred}. Whoever it spares has to make this change.`, changes);
  return { kind: 'plan', plan: assemble(finding, draft.steps, changes) };
}

interface Step {
  check: AnyCheck;
  finding: Finding;
  plan: PlanDraft;
}

type Draft = { kind: 'draft'; steps: Step[] } | Exclude<FixProposal, { kind: 'plan' }>;

function draftOf(
  check: AnyCheck,
  subject: Subject,
  finding: Finding,
  context: PlanningContext,
  choices: Choices,
  visited: Set<string>,
): Draft {
  visited.add(check.id);
  const steps: Step[] = [];
  let snapshot = context.snapshot;
  if (check.plan === undefined) return { kind: 'blocked', by: check.id, reason: 'There is no fix for this check.' };
  for (const id of check.fix.class === 'manual' ? [] : (check.fix.first ?? [])) {
    const first = context.catalogue.get(id);
    if (first === undefined || visited.has(id)) continue;
    for (const { related, state } of toMendFirst(subject, first, { ...context, snapshot })) {
      if (state.verdict === 'unknown') {
        const reason = `First "${first.title}" must be known: ${state.reason ?? 'unknown'}`;
        return { kind: 'blocked', by: id, reason };
      }
      const before = draftOf(first, related, state, { ...context, snapshot }, {}, new Set(visited));
      if (before.kind !== 'draft') {
        return { kind: 'blocked', by: id, reason: `First mend "${first.title}": ${state.reason ?? 'it fails'}` };
      }
      steps.push(...before.steps);
      snapshot = overlay(
        snapshot,
        before.steps.flatMap((step) => step.plan.changes),
      );
    }
  }
  const [settings] = context.settingsFor(check, subject.account);
  const planned = check.plan({ ...evaluationOf(subject, settings, { ...context, snapshot }), finding, choices });
  if (planned.kind !== 'changes') return planned;
  // The check itself says that people have to mend this one.
  if (finding.fix === 'manual') return asText(finding.reason ?? check.title, planned.plan.changes);
  return { kind: 'draft', steps: [...steps, { check, finding, plan: planned.plan }] };
}

/**
 * What a `first` check says of everything a fix leans on, where it does not pass. An account needs one trail that passes:
 * its other trails are left alone.
 */
function toMendFirst(
  subject: Subject,
  first: AnyCheck,
  context: PlanningContext,
): { related: Subject; state: Finding }[] {
  const states = relatedSubjects(subject, first.scope, context.snapshot).map((related) => ({
    related,
    state: evaluateOne(first, related, context),
  }));
  const open = states.filter(({ state: { verdict } }) => verdict === 'fail' || verdict === 'unknown');
  if (subject.kind !== 'account' || first.scope !== 'trail') return open;
  return states.some(({ state }) => state.verdict === 'pass') ? [] : open.slice(0, 1);
}

function subjectOf(finding: Finding, check: AnyCheck, { snapshot }: PlanningContext): Subject | undefined {
  return subjectsOf(check.scope, snapshot).find(
    (subject) => subject.account === finding.account && resourceOf(subject, snapshot.partition) === finding.resource,
  );
}

const RISKS: readonly Risk[] = ['safe', 'cost', 'disruptive', 'irreversible'];
const REVERSIBLE = ['yes', 'partly', 'no'] as const;
const CLASSES = ['auto', 'auto-second-approver'] as const;

/** One plan of several steps is as grave as its gravest step. */
function assemble(finding: Finding, steps: Step[], changes: Change[]): Plan {
  const last = steps[steps.length - 1];
  const risk = gravest(
    RISKS,
    steps.flatMap(({ check, plan, finding: { risk: judged } }) => [check.fix.risk, plan.risk, judged]),
  );
  const costs = steps.flatMap(({ check, plan }) => plan.cost ?? check.fix.cost ?? []);
  return {
    schema: 1,
    check: finding.check,
    findings: [...new Set([finding.id, ...steps.map((step) => step.finding.id)])],
    summary: last?.plan.summary ?? '',
    class: gravest(
      CLASSES,
      steps.flatMap(({ check, plan, finding: { fix } }) => [check.fix.class, plan.class, fix]),
    ),
    risk,
    reversible: gravest(
      REVERSIBLE,
      steps.flatMap(({ check, plan }) => [check.fix.reversible, plan.reversible]),
    ),
    ...(costs.length === 0 ? {} : { cost: [...new Set(costs)].join(' ') }),
    warnings: [...new Set(steps.flatMap(({ plan }) => plan.warnings ?? []))],
    guards: [...new Set(steps.flatMap(({ plan }) => plan.guards ?? []))],
    changes,
    watchDelivery: [...new Set(steps.flatMap(({ plan }) => plan.watchDelivery ?? []))].sort(),
  };
}

/** The gravest of some values on a scale from light to grave; the lightest when none is on it. */
function gravest<const Scale extends readonly [string, ...string[]] | readonly string[]>(
  scale: Scale,
  values: readonly unknown[],
): Scale[number] {
  const at = Math.max(0, ...values.map((value) => scale.indexOf(String(value))));
  return scale[at] ?? scale[0] ?? '';
}

function asText(reason: string, changes: readonly Change[]): FixProposal & { kind: 'manual' } {
  return {
    kind: 'manual',
    reason,
    steps: changes.map((change) => ({ text: change.summary, command: cliLine(change) })),
  };
}
