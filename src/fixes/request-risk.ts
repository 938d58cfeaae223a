import type { Finding } from '../check/finding.ts';
import { configHash } from '../config/hash.ts';
import { LONGEST_EXEMPTION_DAYS } from '../config/schema/exemptions.ts';
import { environmentsConcerned } from '../posture/accepted-risks/environments.ts';
import { fingerprintOf } from '../posture/accepted-risks/fingerprint.ts';
import { sayRisk } from '../posture/accepted-risks/say.ts';
import { fromStored } from '../posture/stored-finding.ts';
import { createRisk, moveRisk, openRisks } from '../store/accepted-risks.ts';
import type { AcceptedRisk } from '../store/database.ts';
import { findingsById, lockFinding } from '../store/findings.ts';
import type { Tx } from '../store/store.ts';
import {
  type RiskApproval,
  type RiskDecided,
  type RiskPowers,
  riskPoliciesInForce,
  riskStateMessage,
  riskSubject,
} from './accepted-risk.ts';
import type { FixesContext } from './context.ts';
import { activate } from './decide-risk.ts';
import { hasApprovers, mayApprove, mayRequest, peopleNeeded, policyHash, stepUpNeeded } from './policy.ts';
import { wordsThatCount } from './words-that-count.ts';

const DAY_MS = 86_400_000;
/** Letters of a reason. */
export const SHORTEST_REASON = 10;

export interface RiskRequest {
  finding: string;
  /** Of the evidence that the person saw; another one since then is refused. */
  fingerprint: string;
  user: string;
  reason: string;
  /** Slack user id. */
  owner: string;
  /** ISO date: the last day, UTC. */
  until: string;
  /** Where it is told; without it in the channel of the environment. */
  origin?: { channel: string; threadKey?: string };
}

export type RiskRequested = RiskDecided | Refused;
type Refused = { ok: false; message: string; field?: 'reason' | 'owner' | 'until' };

/** May this person ask for the risk of a finding to be accepted, and may they decide about it? */
export async function riskPowersOf(context: FixesContext, finding: Finding, user: string): Promise<RiskPowers> {
  const { store, config, directory } = context;
  const environments = await environmentsConcerned(store, config, finding.account);
  const policies = await riskPoliciesInForce(context, finding, environments);
  const [approve, request] = await Promise.all([
    mayApprove(user, policies, directory),
    mayRequest(user, policies, directory),
  ]);
  const open = hasApprovers(policies);
  const people = peopleNeeded(policies);
  return { mayAsk: request, approve: open && approve, request: open && request, policies, people };
}

/** Asks the approvers to accept the risk of a failing finding: `pending`, or `active` where the own word suffices. */
export async function requestRisk(context: FixesContext, ask: RiskRequest): Promise<RiskRequested> {
  const { store, config, directory } = context;
  const [row] = await findingsById(store.query, [ask.finding]);
  if (row === undefined) return { ok: false, message: 'This finding is no longer there. Check again.' };
  const { finding } = fromStored(row);
  const wrong = notAcceptable(finding, ask.fingerprint) ?? (await wrongField(context, ask));
  if (wrong !== undefined) return wrong;
  const powers = await riskPowersOf(context, finding, ask.user);
  if (!hasApprovers(powers.policies)) return { ok: false, message: 'Nobody is configured to approve here.' };
  if (!powers.request) return { ok: false, message: 'You may not ask for that here.' };
  const environments = await environmentsConcerned(store, config, finding.account);
  const own = { user: ask.user, at: store.now().toISOString(), selfInitiated: true, seen: {} };
  const wanted = { requestedBy: ask.user, people: powers.people };
  const { counting, needed } = await wordsThatCount({ directory }, wanted, [own], powers.policies);
  // An approval that takes more than a click is given on the request, where that is asked for.
  const counts = counting.length > 0 && stepUpNeeded(powers.policies) === 'none';
  const channel = ask.origin?.channel ?? channelOf(config, environments);
  if (channel === undefined) return { ok: false, message: 'There is no channel here in which it could be asked for.' };
  return store.transaction(async (tx): Promise<RiskDecided> => {
    const current = await lockFinding(tx, ask.finding);
    const changed = current === undefined ? undefined : notAcceptable(fromStored(current).finding, ask.fingerprint);
    if (current === undefined || changed !== undefined) {
      return { ok: false, message: changed?.message ?? 'This finding is no longer there. Check again.' };
    }
    const { check, account, region, resource, title, severity, evidence } = finding;
    const risk = await createRisk(tx, {
      ...{ finding: ask.finding, check, account, region, resource, title, severity, evidence, environments },
      ...{ fingerprint: ask.fingerprint, owner: ask.owner, reason: ask.reason, until: ask.until, channel },
      threadKey: ask.origin?.threadKey ?? null,
      people: needed,
      requestedBy: ask.user,
      expiresAt: new Date(tx.at.getTime() + Math.min(...powers.policies.map(({ expires }) => expires))),
      policyHash: policyHash(powers.policies),
      configHash: configHash(config),
    });
    if (risk === undefined) return alreadyAsked(tx, ask.finding);
    const { owner, reason, until, fingerprint } = risk;
    const data = { finding: risk.finding, check, account, resource, owner, reason, until, fingerprint, people: needed };
    tx.audit({ actor: ask.user, action: 'risk.requested', subject: riskSubject(risk), data });
    if (!counts) {
      await sayRisk(tx, risk);
      return { ok: true, risk };
    }
    tx.audit({ actor: ask.user, action: 'risk.approved', subject: riskSubject(risk), data: { selfInitiated: true } });
    return counting.length >= needed ? activate(context, tx, risk, [own]) : keep(tx, risk, own);
  });
}

/** Why the risk of a finding cannot be accepted as it stands; what is unknown never can (decision 35). */
export function notAcceptable(finding: Finding, fingerprint: string): Refused | undefined {
  if (finding.verdict === 'unknown') {
    return { ok: false, message: 'It is not known whether this fails, so there is nothing to accept yet.' };
  }
  if (finding.verdict === 'exempt') return { ok: false, message: 'This risk is accepted already.' };
  if (finding.verdict !== 'fail') return { ok: false, message: 'This does not fail any more.' };
  if (fingerprintOf(finding.evidence) === fingerprint) return undefined;
  return { ok: false, message: 'What was seen has changed meanwhile. Look at the finding again.' };
}

async function wrongField(
  { store, directory }: FixesContext,
  { reason, owner, until }: RiskRequest,
): Promise<Refused | undefined> {
  if (lettersOf(reason) < SHORTEST_REASON) {
    return { ok: false, field: 'reason', message: `Say why, in ${SHORTEST_REASON} letters or more.` };
  }
  if ((await directory.person(owner))?.member !== true) {
    return { ok: false, field: 'owner', message: 'The owner must be a full member of this workspace.' };
  }
  const now = store.now().getTime();
  const latest = new Date(now + LONGEST_EXEMPTION_DAYS * DAY_MS).toISOString().slice(0, 10);
  const today = new Date(now).toISOString().slice(0, 10);
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(until) && !Number.isNaN(Date.parse(until));
  if (isDate && until > today && until <= latest) return undefined;
  const message = `It must end after today and by ${latest}: ${LONGEST_EXEMPTION_DAYS} days at most.`;
  return { ok: false, field: 'until', message };
}

/** White space and marks that nobody sees say nothing. */
function lettersOf(reason: string): number {
  return [...reason.replace(/[^\p{L}\p{N}]/gu, '')].length;
}

async function keep(tx: Tx, risk: AcceptedRisk, own: RiskApproval): Promise<RiskDecided> {
  const kept = (await moveRisk(tx, risk.id, 'pending', 'pending', { approvals: [own] })) ?? risk;
  await sayRisk(tx, kept);
  return { ok: true, risk: kept };
}

async function alreadyAsked(tx: Tx, finding: string): Promise<RiskDecided> {
  const [open] = await openRisks(tx.query, [finding]);
  return { ok: false, message: open === undefined ? 'Somebody was quicker. Look again.' : riskStateMessage(open) };
}

function channelOf({ environments, slack }: FixesContext['config'], names: readonly string[]): string | undefined {
  return names.flatMap((name) => environments[name]?.channels?.[0] ?? [])[0] ?? slack.channel;
}
