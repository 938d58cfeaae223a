import type { Fence } from '../aws/fence.ts';
import { actionsOf } from '../aws/permissions.ts';
import type { Call, Change, Plan } from '../check/plan.ts';
import type { Snapshot } from '../snapshot/types.ts';
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
  { snapshot, decider, approvers }: { snapshot: Snapshot; decider: string; approvers: readonly string[] },
): Fence {
  const { plan } = fix.proposal;
  const calls = plan.changes.filter((change) => change.account === account).flatMap(withRollback);
  return {
    sessionName: fix.id,
    sourceIdentity: decider,
    tags: {
      'trail-check:fix': fix.id,
      'trail-check:finding': fix.proposal.finding.id,
      'trail-check:approvers': approvers.join('+'),
    },
    calls: calls.map((call) => actionsOf(call.operation, call.input, where(call, plan, snapshot))),
    durationSeconds: Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, calls.length * SECONDS_A_CALL)),
  };
}

/** What may not run by itself stays outside the fence. */
function withRollback({ undo, ...call }: Change): Call[] {
  return undo?.automatic === true ? [call, undo] : [call];
}

/** CloudTrail asks more of whoever touches the trail of an organization, whatever member is changed. */
function where({ account, region, resource }: Call, { changes }: Plan, { partition, trail }: Snapshot) {
  const known = trail[resource];
  const organizationTrail =
    (known?.state === 'read' && known.value.IsOrganizationTrail) ||
    changes.some((change) => change.resource === resource && change.result?.IsOrganizationTrail === true);
  return { account, region, partition, resource, ...(organizationTrail ? { organizationTrail } : {}) };
}
