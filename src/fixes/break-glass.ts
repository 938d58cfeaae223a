import { lapseDecisions, recordDecision } from '../store/approvals.ts';
import type { Approval, Db } from '../store/database.ts';
import { isEmergency, markEmergency, unsignedEmergencies } from '../store/sign-offs.ts';
import { fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { type Decided, type Decision, decide, gone, load, refuse, reload } from './decision.ts';
import { sayEmergency } from './emergency-messages.ts';
import { type FixView, type Proposal, viewOf } from './fix.ts';
import { letRun } from './let-run.ts';
import { mayBreakGlass, type Policy } from './policy.ts';
import { powersOf } from './powers.ts';
import { stateMessage } from './refusals.ts';
import { begin } from './request.ts';
import { accountWord } from './step-up/account-word.ts';
import { emergencyStepUp, isIrreversible } from './step-up/level.ts';
import { prove } from './step-up/prove.ts';

/** So long two people may take to sign off what was done in an emergency; then nobody does it again there. */
export const SIGN_OFF_MS = 24 * 3_600_000;
const SHORTEST_REASON = 3;

/**
 * One person approves alone in an emergency (decision 34): only whom every policy names, never what cannot be undone nor
 * an undo, always with a reason and with more than a click. It waits for no window and no freeze; everything else that is
 * looked at before the first call still is.
 */
export async function breakGlass(
  context: FixesContext,
  { fixId, revision, user, reason = '', origin, proof }: Decision & { origin?: Proposal['origin'] },
): Promise<Decided> {
  const fix = await load(context, fixId);
  if (fix === undefined) return gone();
  const powers = await powersOf(context, fix, user);
  const { policies } = powers;
  const { refusal } = await emergencyOffer(context, fix, user, policies);
  if (refusal !== undefined) return refuse(refusal, fix);
  if (reason.trim().length < SHORTEST_REASON) return refuse('Say what the emergency is.', fix, 'reason');
  const [word, seen] = await Promise.all([accountWord(context, fix), context.directory.person(user)]);
  return decide<never>(context, fix, revision, async (tx, current) => {
    if (current.state !== 'proposed' && current.state !== 'pending') return refuse(stateMessage(current), current);
    const open = await lockedBy(tx.query, current, tx.at);
    if (open !== undefined) return refuse(lockedMessage(open), current);
    const proven = await prove(context, tx, {
      ...{ user, level: emergencyStepUp(current, policies), word, about: fixSubject(current) },
      ...(proof === undefined ? {} : { proof }),
    });
    if (!proven.ok) return refuse(proven.message, current, proven.field);
    if (current.state === 'proposed') await begin(context, tx, current, { user, reason, origin, powers });
    // Whoever has approved it already says something else now.
    await lapseDecisions(tx, { id: fixId, revision }, [user]);
    await recordDecision(tx, {
      ...{ fix: fixId, revision, user, decision: 'approve', selfInitiated: true, reason },
      ...(proven.stepUp === undefined ? {} : { stepUp: proven.stepUp }),
      seen: { ...seen, emergency: true },
    });
    await markEmergency(tx, fixId);
    const data = { reason, revision, stepUp: proven.stepUp, people: powers.people };
    tx.audit({ actor: user, action: 'fix.glass-broken', subject: fixSubject(current), planHash: fix.planHash, data });
    await letRun(tx, { id: fixId, revision }, policies, { emergency: true });
    const decided = await reload(tx, fixId);
    if (decided.ok) await sayEmergency(context, tx, decided.fix);
    return decided;
  });
}

/** Is it a person and a fix for which the glass may be broken at all, and if so, what stands in the way now? */
export async function emergencyOffer(
  context: FixesContext,
  fix: FixView,
  user: string,
  policies: readonly Policy[],
): Promise<{ offered: boolean; refusal?: string }> {
  if (!(await mayBreakGlass(user, policies, context.directory))) {
    return { offered: false, refusal: 'You may not approve this fix alone.' };
  }
  if (fix.kind === 'undo') return { offered: false, refusal: 'An undo is never approved alone.' };
  if (isIrreversible(fix)) return { offered: false, refusal: 'What cannot be undone is never approved alone.' };
  const open = await lockedBy(context.store.query, fix, context.store.now());
  return open === undefined ? { offered: true } : { offered: true, refusal: lockedMessage(open) };
}

/** Does the word of the one who broke the glass still stand? Looked at again right before the first call. */
export async function emergencyStands(
  { directory }: Pick<FixesContext, 'directory'>,
  fix: FixView,
  approvals: readonly Approval[],
  policies: readonly Policy[],
): Promise<boolean> {
  const alone = approvals.find(isEmergency);
  return (
    alone !== undefined &&
    fix.kind === 'fix' &&
    !isIrreversible(fix) &&
    (await mayBreakGlass(alone.user, policies, directory))
  );
}

/** An emergency in one of these environments that has waited too long for its two signatures. */
async function lockedBy(db: Db, fix: FixView, at: Date): Promise<FixView | undefined> {
  const here = environmentsOf(fix);
  const late = (await unsignedEmergencies(db)).filter((row) => isOverdue(row, at)).map(viewOf);
  return late.find((other) => environmentsOf(other).some((name) => here.includes(name)));
}

export function isOverdue({ approvedAt }: { approvedAt: Date | null }, at: Date): boolean {
  return approvedAt !== null && approvedAt.getTime() + SIGN_OFF_MS <= at.getTime();
}

/** Environments of the accounts that a fix changes; accounts in none share one. */
export function environmentsOf({ proposal }: Pick<FixView, 'proposal'>): string[] {
  const accounts = proposal.plan.changes.map(({ account }) => account);
  return [...new Set(accounts.flatMap((account) => orNone(proposal.environments[account])))];
}

function orNone(names: readonly string[] = []): readonly string[] {
  return names.length === 0 ? [''] : names;
}

function lockedMessage({ proposal }: FixView): string {
  return `The last emergency here waits for its two signatures for more than 24 hours (${proposal.plan.summary}). Two approvers have to sign it off first.`;
}
