import type { JsonObject, PartKey } from '../snapshot/types.ts';
import { canonicalJson, sha256Hex } from './evaluators/canonical.ts';
import type { FixClass, Risk } from './finding.ts';

/** One AWS API call as data. An input value `{$output: [step, path]}` is replaced by what an earlier step answered. */
export interface Call {
  account: string;
  region: string;
  /** `cloudtrail:UpdateTrail`; the table of operations in `src/aws` knows it. */
  operation: string;
  input: JsonObject;
  /** ARN the call acts on; the fence allows it there only. */
  resource: string;
  /** One sentence for people: what this call does. */
  summary: string;
}

/**
 * One change: a call, the state it expects, the state it leaves, and what takes it back.
 * `expect` and `result` are canonical and partial: only the members named there are compared with the part at `target`.
 * `null` means that the part is absent; a member that is `null` means that this member is.
 */
export interface Change extends Call {
  target: PartKey;
  expect: JsonObject | null;
  result: JsonObject | null;
  /** The inverse call, or nothing where there is none. */
  undo?: Undo;
}

export interface Undo extends Call {
  /** May run by itself as rollback when a later step fails. False where taking back needs people (DeleteTrail). */
  automatic: boolean;
}

export interface Plan {
  schema: 1;
  check: string;
  /** Ids of the findings it mends; more than one when plans on one document were merged. */
  findings: string[];
  /** What will happen, in one sentence. */
  summary: string;
  class: Exclude<FixClass, 'manual' | 'none'>;
  risk: Risk;
  reversible: 'yes' | 'partly' | 'no';
  /** What it costs, in words. */
  cost?: string;
  /** What the approver should know before deciding; never empty words. */
  warnings: string[];
  /** What is tested before and after, in words. */
  guards: string[];
  changes: Change[];
  /** ARNs of the trails whose delivery is watched while verifying; a new delivery error rolls back. */
  watchDelivery: string[];
}

/** What `plan` of a check answers. */
export type Planned =
  | { kind: 'changes'; plan: PlanDraft }
  /** The plan has to wait for another check's fix, or cannot be made as things stand. */
  | { kind: 'blocked'; by: string; reason: string }
  | { kind: 'manual'; steps: ManualStep[]; reason?: string };

/** What a check writes of a plan; class, risk and the rest are filled in from the check. */
export interface PlanDraft {
  summary: string;
  changes: Change[];
  warnings?: string[];
  guards?: string[];
  watchDelivery?: string[];
  /** Where this plan is graver than the check's own class, risk or reversibility. Never lighter. */
  class?: Plan['class'];
  risk?: Risk;
  reversible?: Plan['reversible'];
  cost?: string;
}

export interface ManualStep {
  text: string;
  /** A command to copy. */
  command?: string;
  /** The same as Terraform, for teams that own the resource through code. */
  terraform?: string;
}

/** SHA-256 over the canonical form of what will be done; texts, costs and warnings are left out (decision 11). */
export function planHash(plan: Plan): string {
  const { schema, check, changes, watchDelivery } = plan;
  const calls = changes.map(({ summary: _, undo, ...change }) => ({
    ...change,
    undo: undo === undefined ? null : undoCall(undo),
  }));
  return sha256Hex(canonicalJson({ schema, check, changes: calls, watchDelivery }));
}

function undoCall({ summary: _, ...call }: Undo): Omit<Undo, 'summary'> {
  return call;
}
