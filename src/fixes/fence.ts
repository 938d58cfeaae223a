import type { Fence } from '../aws/fence.ts';
import { actionsOf } from '../aws/permissions.ts';
import { sha256Hex } from '../check/evaluators/canonical.ts';
import type { Call, Change, Plan } from '../check/plan.ts';
import type { FixView } from './fix.ts';

const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 3600;
/** A write takes a second by CloudTrail's quota, and may wait for another to settle. */
const SECONDS_A_CALL = 60;

/**
 * The session of one fix in one account: exactly its calls there, with their rollback. CloudTrail records the deciding
 * approver as SourceIdentity on every one of them.
 */
export function fenceFor(
  fix: FixView,
  account: string,
  { partition, approvers }: { partition: string; approvers: readonly string[] },
): Fence {
  const { plan } = fix.proposal;
  const calls = plan.changes.filter((change) => change.account === account).flatMap(withRollback);
  return {
    sessionName: fix.id,
    sourceIdentity: approvers.at(-1) ?? 'nobody',
    tags: {
      'trail-check:fix': fix.id,
      'trail-check:finding': fix.proposal.finding.id,
      'trail-check:approvers': approvers.join('+'),
    },
    calls: calls.map((call) => actionsOf(call.operation, call.input, where(call, plan, partition))),
    durationSeconds: Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, calls.length * SECONDS_A_CALL)),
  };
}

function withRollback({ undo, ...call }: Change): Call[] {
  return undo === undefined ? [call] : [call, undo];
}

function where({ account, region, resource }: Call, { changes }: Plan, partition: string) {
  const organizationTrail = changes.some(
    (change) => change.resource === resource && change.result?.IsOrganizationTrail === true,
  );
  return { account, region, partition, resource, ...(organizationTrail ? { organizationTrail } : {}) };
}

/** ARNs of the documents a plan writes as a whole; one fix at a time may hold them. */
export function documentsOf({ changes }: Plan): string[] {
  return [...new Set(changes.map(({ target }) => target))].sort();
}

/** Hash of what a change leaves, to recognise our own writing in a later read. */
export function resultHash(change: Change): string {
  return sha256Hex(JSON.stringify(change.result));
}
