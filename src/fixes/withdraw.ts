import { transition } from '../store/fixes.ts';
import { fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { type Decided, type Decision, decide, gone, load, refuse, reload } from './decision.ts';
import type { FixView, Progress } from './fix.ts';
import { peopleOf, samePerson } from './people.ts';
import { powersOf } from './powers.ts';
import { stateMessage, whoMay } from './refusals.ts';

/** Takes a request back before anything runs, by who asked or by anyone who may approve; the reason is kept and shown. */
export async function withdraw(context: FixesContext, decision: Decision): Promise<Decided> {
  const { fixId, revision, user, reason } = decision;
  const fix = await load(context, fixId);
  if (fix === undefined) return gone();
  const refusal = await mayNotWithdraw(context, fix, user);
  if (refusal !== undefined) return refuse(refusal, fix);
  if (reason === undefined) return refuse('Say why the request is taken back.', fix);
  return decide<never>(context, fix, revision, async (tx, current) => {
    // Somebody else asked meanwhile: whether this person may take that back was not looked at.
    if (current.requestedBy !== fix.requestedBy) return refuse('This request has just changed. Try again.', current);
    const progress: Progress = { ...current.progress, withdrawn: { by: user, reason } };
    const moved = await transition(tx, { id: fixId, revision }, ['pending', 'approved'], 'withdrawn', { progress });
    if (!moved) return refuse(stateMessage(current), current);
    tx.audit({
      actor: user,
      action: 'fix.withdrawn',
      subject: fixSubject(current),
      planHash: current.planHash,
      data: { reason, revision, was: current.state },
    });
    return reload(tx, fixId);
  });
}

/** Why this person may not take the request back; nothing if they may. */
export async function mayNotWithdraw(context: FixesContext, fix: FixView, user: string): Promise<string | undefined> {
  const people = await peopleOf(context.directory, [user, fix.requestedBy]);
  if (people.get(user)?.member === true && samePerson(people, user, fix.requestedBy)) return undefined;
  const powers = await powersOf(context, fix, user);
  if (powers.approve) return undefined;
  return `Only who asked for this fix, and its approvers, may withdraw it. ${whoMay(powers.policies)}`;
}
