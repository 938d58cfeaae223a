import type { Logger } from '../ops/logger.ts';
import type { Assumption, Roles } from './assume-role.ts';
import { CannotEnter, FenceViolation } from './errors.ts';
import { covers, type Fence, packCalls, policyText } from './fence.ts';
import type { Identity } from './identity.ts';
import type { Permission } from './operation.ts';

type Group = Permission[][];

/**
 * The sessions of one fix in one account. There is more than one where the permissions do not fit one session policy:
 * by length, or because STS finds policy and tags together too large once packed (PackedPolicyTooLarge).
 */
export function createFencedIdentities({
  fence,
  roles,
  assumption,
  logger,
}: {
  fence: Fence;
  roles: Roles;
  assumption: Assumption;
  logger: Logger;
}): (operation: string, needed: readonly Permission[]) => Promise<Identity> {
  let groups: Group[] = packCalls(fence.calls);

  function enter(group: Group): Identity {
    const Tags = Object.entries(fence.tags).map(([Key, Value]) => ({ Key, Value }));
    return roles.assume({
      ...assumption,
      input: {
        ...assumption.input,
        RoleSessionName: fence.sessionName,
        SourceIdentity: fence.sourceIdentity,
        DurationSeconds: fence.durationSeconds,
        Policy: policyText(group.flat()),
        ...(Tags.length > 0 && { Tags }),
      },
    });
  }

  return async function identityFor(operation, needed) {
    const group = groups.find((candidate) => covers(candidate.flat(), needed));
    if (group === undefined) throw new FenceViolation(operation, assumption.account, fence.sessionName);
    const identity = enter(group);
    try {
      await identity.credentials();
      return identity;
    } catch (error) {
      if (!tooLarge(error) || group.length < 2) throw error;
      const middle = Math.ceil(group.length / 2);
      logger.info(
        { session: fence.sessionName, calls: group.length },
        'session policy too large when packed, splitting',
      );
      groups = groups.flatMap((other) => (other === group ? [group.slice(0, middle), group.slice(middle)] : [other]));
      return identityFor(operation, needed);
    }
  };
}

function tooLarge(error: unknown): boolean {
  return error instanceof CannotEnter && error.cause instanceof Error && /^PackedPolicyTooLarge/.test(error.cause.name);
}
