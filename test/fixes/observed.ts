import type { Plan } from '../../src/check/plan.ts';
import { DEMO_FIXER, DEMO_READER } from '../../src/sandbox/aws/index.ts';
import type { Estate } from '../../src/sandbox/aws/types.ts';

/** What the roles were seen to need, over many estates. */
export interface Observed {
  /** Actions that were let through, by role. */
  used: { reader: Set<string>; fixer: Set<string> };
  /** Calls that the policies of our roles did not let through. */
  refused: string[];
  /** Operations that plans and their undo were made of, by check. */
  planned: Map<string, Set<string>>;
}

export function nothingObserved(): Observed {
  return { used: { reader: new Set(), fixer: new Set() }, refused: [], planned: new Map() };
}

/** Takes down what an estate's simulator recorded of our roles. */
export function observeCalls(observed: Observed, estate: Estate): void {
  for (const { caller, operation, actions, refusal } of estate.calls) {
    const kind = caller.includes(`:assumed-role/${DEMO_FIXER}/`)
      ? 'fixer'
      : caller.includes(`:assumed-role/${DEMO_READER}/`) && 'reader';
    if (kind === false) continue;
    if (refusal === undefined) for (const action of actions) observed.used[kind].add(action);
    // What service control policies and the policies of resources forbid is the estate's affair.
    else if (/identity-based policy|session policy/.test(refusal)) observed.refused.push(`${operation}: ${refusal}`);
  }
}

export function observePlan({ planned }: Observed, check: string, { changes }: Pick<Plan, 'changes'>): void {
  const operations = planned.get(check) ?? new Set();
  for (const { operation, undo } of changes) {
    operations.add(operation);
    if (undo !== undefined) operations.add(undo.operation);
  }
  planned.set(check, operations);
}
