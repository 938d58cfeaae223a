import type { FixesContext } from './context.ts';
import { peopleOf, samePerson } from './people.ts';
import { mayApprove, type Policy, peopleNeeded } from './policy.ts';

/**
 * The approvals that still count, each person once (decision 29): of full members who are still listed, and of the one
 * who asked only where that suffices now.
 */
export async function wordsThatCount(
  { directory }: Pick<FixesContext, 'directory'>,
  fix: { people: number; requestedBy: string | undefined },
  approvals: readonly { user: string; selfInitiated: boolean }[],
  policies: readonly Policy[],
): Promise<{ counting: string[]; needed: number }> {
  const needed = Math.max(fix.people, peopleNeeded(policies));
  const requesterCounts = policies.every((policy) => policy.requesterCounts);
  const aloneSuffices = needed === 1 && policies.every(({ direct }) => direct);
  const people = await peopleOf(directory, [fix.requestedBy, ...approvals.map(({ user }) => user)]);
  const counting: string[] = [];
  for (const { user, selfInitiated } of approvals) {
    const own = samePerson(people, user, fix.requestedBy);
    const counts = !own || requesterCounts || (selfInitiated && aloneSuffices);
    const twice = counting.some((other) => samePerson(people, user, other));
    if (counts && !twice && (await mayApprove(user, policies, directory))) counting.push(user);
  }
  return { counting, needed };
}
