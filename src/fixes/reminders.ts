import { decisionsOn } from '../store/approvals.ts';
import { countReminder, remindersDue } from '../store/fixes.ts';
import { fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { type FixView, viewOf } from './fix.ts';
import { type Directory, peopleOf, samePerson } from './people.ts';
import type { Policy } from './policy.ts';
import { policiesInForce } from './powers.ts';

/** A whole fix is reminded of this often at most, whatever number of policies it falls under. */
const MOST = 5;
/** Up to so many members are named one by one where some of a group have spoken already. */
const MOST_NAMED = 10;

/** The next time at which approvers are reminded of a request, or nothing: before it expires, as the policies say. */
export function nextReminder(
  policies: readonly Pick<Policy, 'remind' | 'expires'>[],
  requestedAt: Date,
  after: Date,
): Date | null {
  const expires = Math.min(...policies.map((policy) => policy.expires));
  const wanted = [...new Set(policies.flatMap(({ remind }) => remind))].sort((one, other) => one - other);
  const times = wanted.filter((time) => time < expires).slice(0, MOST);
  const next = times.map((time) => requestedAt.getTime() + time).find((time) => time > after.getTime());
  return next === undefined ? null : new Date(next);
}

/** Key of the message of one reminder. */
export function reminderKey({ id, revision }: Pick<FixView, 'id' | 'revision'>, count: number): string {
  return `reminder:${id}.${revision}.${count}`;
}

/** Says every reminder that is due, in the thread of its request. What was missed while nothing ran is said once. */
export async function remind(context: FixesContext): Promise<void> {
  const { store } = context;
  for (const row of await remindersDue(store.query, store.now())) {
    const fix = viewOf(row);
    const policies = await policiesInForce(context, fix);
    const { origin } = fix.proposal;
    await store.transaction(async (tx) => {
      const next = row.requestedAt === null ? null : nextReminder(policies, row.requestedAt, tx.at);
      if (!(await countReminder(tx, row, next)) || origin === undefined) return;
      const count = row.reminders + 1;
      await tx.say({
        key: reminderKey(fix, count),
        channel: origin.channel,
        threadKey: origin.threadKey,
        subject: { kind: 'reminder', id: `${fix.id}.${fix.revision}` },
      });
      const data = { revision: fix.revision, reminder: count };
      tx.audit({ actor: 'trail-check', action: 'fix.reminded', subject: fixSubject(fix), data });
    });
  }
}

/**
 * Who must still act on a request: the listed people and groups, without who asked (unless they count) and who has
 * approved. Of a group in which some have spoken the others are named; one in which nobody is left is left out.
 */
export async function waitingFor(context: FixesContext, fix: FixView): Promise<string[]> {
  const { store, directory } = context;
  if (fix.state !== 'pending') return [];
  const policies = await policiesInForce(context, fix);
  const approvals = await decisionsOn(store.query, fix);
  const requesterCounts = policies.every((policy) => policy.requesterCounts);
  const spoken = [...approvals.map(({ user }) => user), ...(requesterCounts ? [] : [fix.requestedBy])];
  const listed = [...new Set(policies.flatMap(({ approve }) => approve))];
  const waiting = await Promise.all(listed.map((entry) => stillToAct(directory, entry, spoken)));
  return [...new Set(waiting.flat())];
}

async function stillToAct(
  directory: Directory,
  entry: string,
  spoken: readonly (string | undefined)[],
): Promise<string[]> {
  const group = entry.startsWith('S') || entry.startsWith('@');
  const members = group ? await directory.members(entry) : [entry];
  const people = await peopleOf(directory, [...members, ...spoken]);
  const able = members.filter((user) => people.get(user)?.member === true);
  const left = able.filter((user) => !spoken.some((other) => samePerson(people, user, other)));
  if (!group || left.length === 0) return left;
  if (left.length < able.length && left.length <= MOST_NAMED) return left;
  return [(await directory.groupId(entry)) ?? entry];
}
