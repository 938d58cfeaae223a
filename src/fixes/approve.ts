import { decisionsOn, recordDecision } from '../store/approvals.ts';
import { fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { type Decided, type Decision, decide, gone, load, refuse, reload } from './decision.ts';
import type { FixView, Proposal } from './fix.ts';
import { everOpen, letRun, NEVER_OPEN } from './let-run.ts';
import { peopleOf, samePerson } from './people.ts';
import { reasonNeeded } from './policy.ts';
import { powersOf } from './powers.ts';
import { SAY_WHY, stateMessage, whoMay } from './refusals.ts';
import { begin } from './request.ts';
import { accountWord } from './step-up/account-word.ts';
import { stepUpFor } from './step-up/level.ts';
import { prove } from './step-up/prove.ts';

/**
 * One person's approval. On a proposal it counts only where their word alone suffices; on a request, the one who asked
 * does not count unless every policy says so, and people are distinct by e-mail, not only by id.
 */
export async function approve(
  context: FixesContext,
  decision: Decision & { origin?: Proposal['origin'] },
): Promise<Decided> {
  const { fixId, revision, user, reason, origin, proof } = decision;
  const fix = await load(context, fixId);
  if (fix === undefined) return gone();
  const powers = await powersOf(context, fix, user);
  if (!powers.approve) return refuse(`You may not approve this fix. ${whoMay(powers.policies)}`, fix);
  if (reason === undefined && reasonNeeded(powers.policies)) return refuse(SAY_WHY, fix, 'reason');
  if (!everOpen(powers.policies, context.store.now())) return refuse(NEVER_OPEN, fix);
  const word = await accountWord(context, fix);
  const others = await involved(context, fix);
  const people = await peopleOf(context.directory, [user, ...others]);
  const decided = await decide<'again'>(context, fix, revision, async (tx, current) => {
    const direct = current.state === 'proposed';
    if (!direct && current.state !== 'pending') return refuse(stateMessage(current), current);
    if (direct && !powers.approveAlone) {
      return refuse('Your word alone does not suffice here: request approval instead.', current);
    }
    const before = await decisionsOn(tx.query, { id: fixId, revision });
    // Somebody asked or decided meanwhile, who may be the same person under another id: look at them first.
    const strangers = [current.requestedBy, ...before.map((earlier) => earlier.user)].some(
      (other) => other !== undefined && other !== user && !others.includes(other),
    );
    if (strangers) return 'again';
    const requesterCounts = powers.policies.every((policy) => policy.requesterCounts);
    if (!direct && !requesterCounts && samePerson(people, user, current.requestedBy)) {
      return refuse('You asked for this fix, so somebody else has to approve it.', current);
    }
    if (before.some((earlier) => samePerson(people, user, earlier.user))) {
      return refuse('You have decided on this fix already.', current);
    }
    const level = stepUpFor(current, powers.policies);
    const proven = await prove(context, tx, {
      ...{ user, level, word, about: fixSubject(current) },
      ...(proof === undefined ? {} : { proof }),
    });
    if (!proven.ok) return refuse(proven.message, current, proven.field);
    const { stepUp } = proven;
    if (direct) await begin(context, tx, current, { user, reason, origin, powers });
    const seen = people.get(user) ?? {};
    await recordDecision(tx, {
      fix: fixId,
      revision,
      user,
      decision: 'approve',
      selfInitiated: direct,
      ...(reason === undefined ? {} : { reason }),
      ...(stepUp === undefined ? {} : { stepUp }),
      seen,
    });
    tx.audit({
      actor: user,
      action: 'fix.approved',
      subject: fixSubject(current),
      planHash: current.planHash,
      data: { reason, revision, stepUp },
    });
    const approvals = before.filter((earlier) => earlier.decision === 'approve').length + 1;
    if (approvals >= powers.people) await letRun(tx, { id: fixId, revision }, powers.policies);
    return reload(tx, fixId);
  });
  return decided === 'again' ? approve(context, decision) : decided;
}

/** Who asked and who has decided. */
async function involved({ store }: FixesContext, { id, revision, requestedBy }: FixView): Promise<string[]> {
  const users = (await decisionsOn(store.query, { id, revision })).map(({ user }) => user);
  return requestedBy === undefined ? users : [requestedBy, ...users];
}
