import { configHash } from '../config/hash.ts';
import { decisionsOn, recordDecision } from '../store/approvals.ts';
import { findFix, transition } from '../store/fixes.ts';
import type { Tx } from '../store/store.ts';
import { fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { type FixView, type Proposal, viewOf } from './fix.ts';
import { peopleOf, samePerson } from './people.ts';
import { hasApprovers, mayApprove, mayRequest, type Policy, peopleNeeded, policiesFor, policyHash } from './policy.ts';
import { stateMessage, whoMay } from './refusals.ts';

/** What became of somebody's decision; `message` is for that person. */
export type Decided = { ok: true; fix: FixView } | { ok: false; message: string; fix?: FixView };

export interface Decision {
  fixId: string;
  /** The revision that the button or modal showed; a decision never counts for another plan (decision 30). */
  revision: number;
  user: string;
  reason?: string;
}

/** What a person may do about a fix right now. */
export interface Powers {
  /** Their word alone is enough. */
  approveAlone: boolean;
  approve: boolean;
  request: boolean;
  policies: Policy[];
  people: number;
}

export async function powersOf(context: FixesContext, fix: FixView, user: string): Promise<Powers> {
  const policies = policiesOf(context, fix);
  const [approver, requester] = await Promise.all([
    mayApprove(user, policies, context.directory),
    mayRequest(user, policies, context.directory),
  ]);
  const people = Math.max(peopleNeeded(policies), fix.people);
  const open = hasApprovers(policies);
  return {
    approveAlone: open && approver && people === 1 && policies.every(({ direct }) => direct),
    approve: open && approver,
    request: open && requester,
    policies,
    people,
  };
}

/** The policies of every account the plan touches; an undo is judged by the plan of its own. */
export function policiesOf(
  { config }: Pick<FixesContext, 'config'>,
  { proposal, severity }: Pick<FixView, 'proposal' | 'severity'>,
): Policy[] {
  const { plan, environments } = proposal;
  const accounts = [...new Set(plan.changes.map(({ account }) => account))];
  return policiesFor(config, { ...plan, severity, accounts }, (account) => environments[account] ?? []);
}

/** Asks the approvers: `proposed -> pending`. */
export async function requestApproval(
  context: FixesContext,
  { fixId, revision, user, reason, origin }: Decision & { origin?: Proposal['origin'] },
): Promise<Decided> {
  const fix = await load(context, fixId);
  if (fix === undefined) return gone();
  const powers = await powersOf(context, fix, user);
  if (!hasApprovers(powers.policies)) return refuse('Nobody is configured to approve fixes here.', fix);
  if (!powers.request) return refuse('You may not ask for fixes here.', fix);
  return decide<never>(context, fix, revision, async (tx, current) => {
    if (current.state !== 'proposed') return refuse(stateMessage(current), current);
    await begin(context, tx, current, { user, reason, origin, powers });
    const counts =
      powers.approve && powers.people > 1 && powers.policies.every(({ requesterCounts }) => requesterCounts);
    if (counts) {
      await recordDecision(tx, { fix: fixId, revision, user, decision: 'approve', selfInitiated: true });
      const data = { reason, revision };
      tx.audit({ actor: user, action: 'fix.approved', subject: fixSubject(current), planHash: current.planHash, data });
    }
    return reload(tx, fixId);
  });
}

/**
 * One person's approval. On a proposal it counts only where their word alone suffices; on a request, the one who asked
 * does not count unless every policy says so, and people are distinct by e-mail, not only by id.
 */
export async function approve(
  context: FixesContext,
  { fixId, revision, user, reason, origin }: Decision & { origin?: Proposal['origin'] },
): Promise<Decided> {
  const fix = await load(context, fixId);
  if (fix === undefined) return gone();
  const powers = await powersOf(context, fix, user);
  if (!powers.approve) return refuse(`You may not approve this fix. ${whoMay(powers.policies)}`, fix);
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
    if (direct) await begin(context, tx, current, { user, reason, origin, powers });
    const seen = people.get(user) ?? {};
    await recordDecision(tx, {
      fix: fixId,
      revision,
      user,
      decision: 'approve',
      selfInitiated: direct,
      ...(reason === undefined ? {} : { reason }),
      seen,
    });
    tx.audit({
      actor: user,
      action: 'fix.approved',
      subject: fixSubject(current),
      planHash: current.planHash,
      data: { reason, revision },
    });
    const approvals = before.filter((earlier) => earlier.decision === 'approve').length + 1;
    if (approvals >= powers.people) {
      await transition(tx, { id: fixId, revision }, 'pending', 'approved', { approvedAt: tx.at });
      await tx.enqueue('fix.apply', { fixId });
    }
    return reload(tx, fixId);
  });
  return decided === 'again'
    ? approve(context, {
        fixId,
        revision,
        user,
        ...(reason === undefined ? {} : { reason }),
        ...(origin === undefined ? {} : { origin }),
      })
    : decided;
}

/** Ends a request: `pending -> rejected`, by anyone who may approve. */
export async function reject(context: FixesContext, { fixId, revision, user, reason }: Decision): Promise<Decided> {
  const fix = await load(context, fixId);
  if (fix === undefined) return gone();
  const powers = await powersOf(context, fix, user);
  if (!powers.approve) return refuse(`You may not decide on this fix. ${whoMay(powers.policies)}`, fix);
  return decide<never>(context, fix, revision, async (tx, current) => {
    if (!(await transition(tx, { id: fixId, revision }, 'pending', 'rejected'))) {
      return refuse(stateMessage(current), current);
    }
    const decision = { fix: fixId, revision, user, decision: 'reject', selfInitiated: false } as const;
    await recordDecision(tx, { ...decision, ...(reason === undefined ? {} : { reason }) });
    tx.audit({
      actor: user,
      action: 'fix.rejected',
      subject: fixSubject(current),
      planHash: current.planHash,
      data: { reason },
    });
    return reload(tx, fixId);
  });
}

/** `proposed -> pending`, with what the decision is bound to: the policy and the configuration of this moment. */
async function begin(
  context: FixesContext,
  tx: Tx,
  fix: FixView,
  {
    user,
    reason,
    origin,
    powers,
  }: { user: string; reason: string | undefined; origin: Proposal['origin']; powers: Powers },
): Promise<void> {
  const expires = Math.min(...powers.policies.map((policy) => policy.expires));
  await transition(tx, { id: fix.id, revision: fix.revision }, 'proposed', 'pending', {
    requestedBy: user,
    requestedAt: tx.at,
    reason: reason ?? null,
    expiresAt: new Date(tx.at.getTime() + expires),
    policyHash: policyHash(powers.policies),
    configHash: configHash(context.config),
  });
  const plan = JSON.stringify({ ...fix.proposal, ...(origin === undefined ? {} : { origin }) });
  await tx.query.updateTable('fixes').set({ plan, people: powers.people }).where('id', '=', fix.id).execute();
  tx.audit({
    actor: user,
    action: 'fix.requested',
    subject: fixSubject(fix),
    planHash: fix.planHash,
    data: { reason, people: powers.people },
  });
}

/** Runs one decision on the locked row, and makes every copy follow when it counted. */
function decide<Other extends string = never>(
  context: FixesContext,
  { id }: FixView,
  revision: number,
  work: (tx: Tx, current: FixView) => Promise<Decided | Other>,
): Promise<Decided | Other> {
  return context.store.transaction(async (tx) => {
    const row = await tx.query.selectFrom('fixes').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) return gone();
    const current = viewOf(row);
    if (current.revision !== revision) {
      return refuse(
        'This plan is out of date: what it was made from has changed. Look at the new plan first.',
        current,
      );
    }
    const expired = current.expiresAt !== undefined && current.expiresAt <= tx.at;
    if (expired && current.state === 'pending')
      return refuse('The time for a decision has passed. Request it again.', current);
    const decided = await work(tx, current);
    if (typeof decided !== 'string' && decided.ok) await context.announce(tx, decided.fix);
    return decided;
  });
}

async function load({ store }: FixesContext, id: string): Promise<FixView | undefined> {
  const row = await findFix(store.query, id);
  return row === undefined ? undefined : viewOf(row);
}

async function reload(tx: Tx, id: string): Promise<Decided> {
  const row = await findFix(tx.query, id);
  return row === undefined ? gone() : { ok: true, fix: viewOf(row) };
}

/** Who asked and who has decided. */
async function involved({ store }: FixesContext, { id, revision, requestedBy }: FixView): Promise<string[]> {
  const users = (await decisionsOn(store.query, { id, revision })).map(({ user }) => user);
  return requestedBy === undefined ? users : [requestedBy, ...users];
}

function gone(): Decided {
  return { ok: false, message: 'This fix is no longer there. Run the check again.' };
}

function refuse(message: string, fix: FixView): Decided {
  return { ok: false, message, fix };
}
