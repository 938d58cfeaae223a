import { STEP_UPS } from '../../config/schema/approval.ts';
import type { FixView } from '../fix.ts';
import { type Policy, type StepUp, stepUpNeeded } from '../policy.ts';

/** What an approver of a fix proves: what the policies ask for, and the account's name for what cannot be undone. */
export function stepUpFor(fix: Pick<FixView, 'proposal'>, policies: readonly Policy[]): StepUp {
  return stronger(stepUpNeeded(policies), isIrreversible(fix) ? 'alias' : 'none');
}

/** Alone in an emergency never less than the account's name (decision 34). */
export function emergencyStepUp(fix: Pick<FixView, 'proposal'>, policies: readonly Policy[]): StepUp {
  return stronger(stepUpFor(fix, policies), 'alias');
}

export function isIrreversible({ proposal: { plan } }: Pick<FixView, 'proposal'>): boolean {
  return plan.risk === 'irreversible' || plan.reversible === 'no';
}

/** Was at least this much proven with a recorded approval? */
export function isProven(proven: string | null, needed: StepUp): boolean {
  return STEP_UPS.findIndex((level) => level === (proven ?? 'none')) >= STEP_UPS.indexOf(needed);
}

function stronger(one: StepUp, other: StepUp): StepUp {
  return STEP_UPS.indexOf(one) > STEP_UPS.indexOf(other) ? one : other;
}
