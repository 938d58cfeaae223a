import { z } from 'zod';
import type { Finding, Severity } from '../check/finding.ts';
import type { Plan } from '../check/plan.ts';
import type { Fix } from '../store/database.ts';
import type { FixState } from '../store/fix-states.ts';

/** What the `plan` column of a fix holds: the plan, and what is needed to make and judge it again. */
export interface Proposal {
  plan: Plan;
  /** What the run was asked for; the snapshot the plan was made from is its latest. */
  target: string;
  finding: Finding;
  /** Environments of the accounts it touches, as they were when it was planned: their policies decide. */
  environments: { [account: string]: readonly string[] };
  /** Where it was asked for: the channel, and the message whose thread the story of the fix is told in. */
  origin?: { channel: string; threadKey?: string };
  /** Delivery errors per trail when it was planned, so that only a new one counts against the fix. */
  deliveryErrors: { [trailArn: string]: string };
  /** This plan took the place of one that had been asked for: why, and who is told. */
  changed?: { reason: string; people: string[] };
}

/** How far the execution of one change is. */
export interface ChangeProgress {
  state: 'done' | 'skipped' | 'failed' | 'undone';
  requestId?: string;
  error?: string;
  /** What AWS answered, for later steps and for undo. */
  output?: { [member: string]: unknown };
}

/** The `progress` column: one entry for each change that was begun, in the order of the plan, and what came of it all. */
export interface Progress {
  changes: ChangeProgress[];
  /** Place of the change that was last about to be made: after a crash it may have been made. */
  begun?: number;
  /** Why the fix is being taken back; a process that takes it up goes on with that. */
  rollingBack?: string;
  /** ISO 8601: when verification began. */
  verifyingSince?: string;
  /** Whether log files and digests came through afterwards, of the trails that are watched. */
  delivery?: 'watched' | 'confirmed' | 'failed' | 'silent';
  /** Who took the request back, and why. */
  withdrawn?: { by: string; reason: string };
  /** What stands where the plan expected something else, as `-` and `+` lines. */
  difference?: string[];
}

/** The `result` column of a finished fix. */
export interface FixResult {
  verdict: Finding['verdict'];
  reason?: string;
  before: Finding['evidence'];
  after: Finding['evidence'];
}

/** A fix as the rest of the program sees it: the row with its JSON columns read. */
export interface FixView {
  id: string;
  revision: number;
  kind: 'fix' | 'undo';
  of: string | undefined;
  state: FixState;
  severity: Severity;
  people: number;
  requestedBy: string | undefined;
  reason: string | undefined;
  expiresAt: Date | undefined;
  error: string | undefined;
  planHash: string;
  proposal: Proposal;
  progress: Progress;
  result: FixResult | undefined;
  row: Fix;
}

const proposalShape = z.looseObject({
  plan: z.looseObject({ schema: z.literal(1), changes: z.array(z.looseObject({ operation: z.string() })) }),
  target: z.string(),
  finding: z.looseObject({ id: z.string(), check: z.string() }),
  environments: z.record(z.string(), z.array(z.string())),
  deliveryErrors: z.record(z.string(), z.string()),
});
const progressShape = z.looseObject({ changes: z.array(z.looseObject({ state: z.string() })) });

/** Reads a row. The columns hold what this room wrote; a row that does not is refused instead of guessed at. */
export function viewOf(row: Fix): FixView {
  const proposal = proposalShape.parse(row.plan) as unknown as Proposal;
  const progress: Progress =
    row.progress === null ? { changes: [] } : (progressShape.parse(row.progress) as unknown as Progress);
  return {
    id: row.id,
    revision: row.revision,
    kind: row.kind,
    of: row.of ?? undefined,
    state: row.state,
    severity: proposal.finding.severity,
    people: row.people,
    requestedBy: row.requestedBy ?? undefined,
    reason: row.reason ?? undefined,
    expiresAt: row.expiresAt ?? undefined,
    error: row.error ?? undefined,
    planHash: row.planHash,
    proposal,
    progress,
    result: row.result === null ? undefined : (row.result as FixResult),
    row,
  };
}
