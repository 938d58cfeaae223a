import { sayRisk } from '../posture/accepted-risks/say.ts';
import { storeExempt, storeFailing } from '../posture/accepted-risks/verdict.ts';
import { fromStored } from '../posture/stored-finding.ts';
import { findRisk, lockRisk, moveRisk } from '../store/accepted-risks.ts';
import type { AcceptedRisk } from '../store/database.ts';
import { lockFinding } from '../store/findings.ts';
import { openFixesOf, transition } from '../store/fixes.ts';
import type { Tx } from '../store/store.ts';
import {
  approvalsOf,
  noLongerTheSame,
  type RiskApproval,
  type RiskDecided,
  riskPoliciesInForce,
  riskStateMessage,
  riskSubject,
} from './accepted-risk.ts';
import { announceNow, fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { peopleOf, samePerson } from './people.ts';
import { mayApprove, reasonNeeded } from './policy.ts';
import { whoMay } from './refusals.ts';
import { isProven } from './step-up/level.ts';
import { type Proof, prove } from './step-up/prove.ts';
import { riskDemand } from './step-up/risk-demand.ts';
import { wordsThatCount } from './words-that-count.ts';

export interface RiskDecision {
  riskId: string;
  user: string;
  reason?: string;
  /** What the person gave beside the click. */
  proof?: Proof;
}

const GONE = { ok: false, message: 'This request is no longer there.' } as const;

/**
 * One person's approval. Who may, and whose earlier words still count, is looked up at this moment; the evidence must be
 * the one that was asked about, and the last day not over. Enough of them: `pending -> active`.
 */
export async function approveRisk(context: FixesContext, decision: RiskDecision): Promise<RiskDecided> {
  const { store, directory } = context;
  const { riskId, user, reason, proof = {} } = decision;
  const risk = await findRisk(store.query, riskId);
  if (risk === undefined) return GONE;
  if (risk.state !== 'pending') return refuse(riskStateMessage(risk), risk);
  const policies = await riskPoliciesInForce(context, risk, risk.environments);
  if (!(await mayApprove(user, policies, directory))) {
    return refuse(`You may not decide on this. ${whoMay(policies)}`, risk);
  }
  if (reason === undefined && reasonNeeded(policies)) return refuse('The policy here asks for a reason.', risk);
  const { level, ...word } = await riskDemand(context, risk, { user, policies });
  const before = approvalsOf(risk);
  const people = await peopleOf(directory, [user, risk.requestedBy, ...before.map((each) => each.user)]);
  if (before.some((each) => samePerson(people, user, each.user)))
    return refuse('You have approved this already.', risk);
  const mine: RiskApproval = {
    ...{ user, at: store.now().toISOString(), selfInitiated: samePerson(people, user, risk.requestedBy) },
    ...(reason === undefined ? {} : { reason }),
    seen: people.get(user) ?? {},
  };
  const proven = before.filter((each) => isProven(each.stepUp ?? null, level));
  const { counting, needed } = await wordsThatCount(context, risk, [...proven, mine], policies);
  if (!counting.includes(user)) return refuse('You asked for this, so somebody else has to approve it.', risk);
  const decided = await store.transaction(async (tx): Promise<RiskDecided | 'again'> => {
    const current = await lockRisk(tx, riskId);
    if (current === undefined) return GONE;
    if (current.state !== 'pending') return refuse(riskStateMessage(current), current);
    // Somebody decided meanwhile, who may be the same person under another id: look at them first.
    if (JSON.stringify(approvalsOf(current)) !== JSON.stringify(before)) return 'again';
    const closed = await closeIfOver(tx, current);
    if (closed !== undefined) return closed;
    const shown = await prove(context, tx, { user, level, word, proof, about: riskSubject(current) });
    if (!shown.ok) return { ok: false, risk: current, message: shown.message, field: shown.field };
    const { stepUp } = shown;
    const data = { reason, stepUp };
    tx.audit({ actor: user, action: 'risk.approved', subject: riskSubject(current), data });
    const approved: RiskApproval = { ...mine, ...(stepUp === undefined ? {} : { stepUp }) };
    const kept = [...proven, approved].filter((each) => counting.includes(each.user));
    const lapsed = before.filter((each) => !kept.includes(each)).map((each) => each.user);
    if (lapsed.length > 0) {
      tx.audit({
        actor: 'trail-check',
        action: 'risk.approvals-lapsed',
        subject: riskSubject(current),
        data: { lapsed },
      });
    }
    if (kept.length >= needed) return activate(context, tx, current, kept);
    const moved = await moveRisk(tx, riskId, 'pending', 'pending', { approvals: kept });
    await sayRisk(tx, moved ?? current);
    return { ok: true, risk: moved ?? current };
  });
  return decided === 'again' ? approveRisk(context, decision) : decided;
}

/** `pending -> active`: the finding is exempt from now on, and nothing waits to mend it any more. */
export async function activate(
  context: Pick<FixesContext, 'announce'>,
  tx: Tx,
  { id }: AcceptedRisk,
  approvals: readonly RiskApproval[],
): Promise<RiskDecided> {
  const risk = await moveRisk(tx, id, 'pending', 'active', { approvals, acceptedAt: tx.at });
  if (risk === undefined) return GONE;
  const { finding, check, account, resource, owner, until, reason } = risk;
  const by = approvals.map(({ user }) => user);
  const data = { finding, check, account, resource, owner, until, reason, approvedBy: by };
  tx.audit({ actor: by.at(-1) ?? risk.requestedBy, action: 'risk.accepted', subject: riskSubject(risk), data });
  const row = await lockFinding(tx, finding);
  if (row?.verdict === 'fail') await storeExempt(tx, risk, row, risk.requestedBy);
  for (const fix of await openFixesOf(tx.query, [finding])) {
    if (fix.kind === 'undo' || fix.key !== finding) continue;
    const error = 'The risk of this finding was accepted.';
    if (!(await transition(tx, fix.id, ['proposed', 'pending', 'approved', 'drifted'], 'superseded', { error })))
      continue;
    tx.audit({ actor: 'trail-check', action: 'fix.superseded', subject: fixSubject(fix), data: { reason: error } });
    await announceNow(context, tx, fix.id);
  }
  await sayRisk(tx, risk);
  return { ok: true, risk };
}

/** `pending -> rejected`, by anyone who may approve. */
export async function rejectRisk(context: FixesContext, { riskId, user, reason }: RiskDecision): Promise<RiskDecided> {
  const risk = await findRisk(context.store.query, riskId);
  if (risk === undefined) return GONE;
  const policies = await riskPoliciesInForce(context, risk, risk.environments);
  if (!(await mayApprove(user, policies, context.directory))) {
    return refuse(`You may not decide on this. ${whoMay(policies)}`, risk);
  }
  return close(context, risk, { from: 'pending', to: 'rejected', user, reason });
}

/** Takes a request back, or an acceptance: by who asked, who owns the risk, and who may approve. */
export async function withdrawRisk(
  context: FixesContext,
  { riskId, user, reason }: RiskDecision,
): Promise<RiskDecided> {
  const risk = await findRisk(context.store.query, riskId);
  if (risk === undefined) return GONE;
  const policies = await riskPoliciesInForce(context, risk, risk.environments);
  const people = await peopleOf(context.directory, [user, risk.requestedBy, risk.owner]);
  const concerned = samePerson(people, user, risk.requestedBy) || samePerson(people, user, risk.owner);
  const may = people.get(user)?.member === true && (concerned || (await mayApprove(user, policies, context.directory)));
  if (!may) return refuse('Only who asked, the owner and the approvers may withdraw this.', risk);
  const from = risk.state === 'active' ? 'active' : 'pending';
  return close(context, risk, { from, to: 'withdrawn', user, reason });
}

function close(
  { store }: FixesContext,
  { id }: AcceptedRisk,
  {
    from,
    to,
    user,
    reason,
  }: { from: 'pending' | 'active'; to: 'rejected' | 'withdrawn'; user: string; reason: string | undefined },
): Promise<RiskDecided> {
  return store.transaction(async (tx): Promise<RiskDecided> => {
    const current = await lockRisk(tx, id);
    if (current === undefined) return GONE;
    const why = reason === undefined ? {} : { endedReason: reason };
    const risk = await moveRisk(tx, id, from, to, { endedAt: tx.at, endedBy: user, ...why });
    if (risk === undefined) return refuse(riskStateMessage(current), current);
    tx.audit({ actor: user, action: `risk.${to}`, subject: riskSubject(risk), data: { reason, was: from } });
    if (from === 'active') await storeFailing(tx, risk, user);
    await sayRisk(tx, risk);
    return { ok: true, risk };
  });
}

/**
 * Ends a locked request that can no longer be approved: nobody decided in time, its last day is over, or the finding is
 * not the one that was asked about. Gives why; nothing where it stands.
 */
export async function closeIfOver(tx: Tx, risk: AcceptedRisk): Promise<RiskDecided | undefined> {
  const late = risk.expiresAt <= tx.at ? 'Nobody decided in time.' : undefined;
  const over = risk.until < tx.at.toISOString().slice(0, 10) ? `Its last day was ${risk.until}.` : undefined;
  const row = await lockFinding(tx, risk.finding);
  const finding = row === undefined ? undefined : fromStored(row).finding;
  const changed = noLongerTheSame(risk, finding);
  const reason = late ?? over ?? changed;
  if (reason === undefined) {
    if (finding?.verdict !== 'unknown') return undefined;
    return refuse('It could not be read whether this still fails. Check again, then decide.', risk);
  }
  const to = late === undefined && over === undefined ? 'superseded' : 'expired';
  const closed = await moveRisk(tx, risk.id, 'pending', to, { endedAt: tx.at, endedReason: reason });
  if (closed === undefined) return refuse(riskStateMessage(risk), risk);
  tx.audit({ actor: 'trail-check', action: `risk.${to}`, subject: riskSubject(closed), data: { reason } });
  await sayRisk(tx, closed);
  return refuse(`${reason} ${riskStateMessage(closed)}`, closed);
}

function refuse(message: string, risk: AcceptedRisk): RiskDecided {
  return { ok: false, message, risk };
}
