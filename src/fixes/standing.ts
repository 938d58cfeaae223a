import type { Config } from '../config/config.ts';
import { configHash } from '../config/hash.ts';
import { recordDecision } from '../store/approvals.ts';
import { findFix, transition } from '../store/fixes.ts';
import { fixSubject } from './announce.ts';
import type { FixesContext } from './context.ts';
import { type FixView, viewOf } from './fix.ts';
import { freezeFor } from './freeze.ts';
import { configInForce } from './in-force.ts';
import { letRun } from './let-run.ts';
import { mayApprove, peopleNeeded, policyHash } from './policy.ts';
import { policiesInForce } from './powers.ts';
import type { Offer } from './propose.ts';

export type Standing = Config['auto'][number];

/** How a standing approval is called in the audit log and as SourceIdentity (decision 21): `auto.1` is the first listed. */
export function standingName(index: number): string {
  return `auto.${index + 1}`;
}

/** Did a standing approval decide on this, and not a person? */
export function isStanding(actor: string | undefined): actor is string {
  return actor !== undefined && /^auto\.\d+$/.test(actor);
}

/**
 * Approves what two people have approved beforehand (decision 33): fixes of class `auto` in an environment whose mode is
 * `auto`, by a standing approval that lists the check and has not ended. Each run records it as its approval, by the two
 * people it names, who are looked at again before anything runs. Anything unclear is left for people to decide.
 */
export async function applyStanding(context: FixesContext, offers: ReadonlyMap<string, Offer>): Promise<void> {
  if (context.config.auto.length === 0) return;
  for (const offer of offers.values()) if (offer.kind === 'fix') await approveStanding(context, offer.fixId);
}

async function approveStanding(context: FixesContext, fixId: string): Promise<void> {
  const { store, config, directory } = context;
  const row = await findFix(store.query, fixId);
  const fix = row === undefined ? undefined : viewOf(row);
  if (fix === undefined) return;
  // One that the configuration has only just got does not count before it has settled (decision 38).
  const strict = await configInForce(context);
  const standing = strict.auto[standingFor(strict, fix, store.now())];
  if (standing === undefined) return;
  const policies = await policiesInForce(context, fix);
  const people = Math.max(peopleNeeded(policies), fix.people);
  const allowed = await Promise.all(standing.approvedBy.map((user) => mayApprove(user, policies, directory)));
  // One-time codes and typed names cannot be given beforehand.
  const proven = policies.every(({ stepUp }) => stepUp === 'none');
  if (!allowed.every(Boolean) || people > standing.approvedBy.length || !proven) return;
  const frozen = await freezeFor(store.query, fix);
  if (frozen !== undefined) return;
  const actor = standingName(config.auto.indexOf(standing));
  await store.transaction(async (tx) => {
    const at = { id: fix.id, revision: fix.revision };
    const begun = await transition(tx, at, 'proposed', 'pending', {
      requestedBy: actor,
      requestedAt: tx.at,
      reason: standing.reason,
      expiresAt: new Date(tx.at.getTime() + Math.min(...policies.map(({ expires }) => expires))),
      policyHash: policyHash(policies),
      configHash: configHash(config),
    });
    if (!begun) return;
    const channel = config.environments[standing.environment]?.channels?.[0] ?? config.slack.channel;
    if (channel !== undefined) {
      const plan = JSON.stringify({ ...fix.proposal, origin: fix.proposal.origin ?? { channel } });
      await tx.query.updateTable('fixes').set({ plan }).where('id', '=', fix.id).execute();
    }
    const seen = { standing: { name: actor, reason: standing.reason, end: standing.end } };
    for (const user of standing.approvedBy) {
      await recordDecision(tx, {
        fix: fix.id,
        revision: fix.revision,
        user,
        decision: 'approve',
        selfInitiated: false,
        seen,
      });
    }
    const data = { approvedBy: standing.approvedBy, reason: standing.reason, end: standing.end };
    tx.audit({ actor, action: 'fix.approved', subject: fixSubject(fix), planHash: fix.planHash, data });
    await letRun(tx, at, policies);
    const moved = await findFix(tx.query, fix.id);
    if (moved !== undefined) await context.announce(tx, viewOf(moved));
  });
}

/** Place of the standing approval that covers a fix, or -1. Every account it touches must be in that environment alone. */
function standingFor({ auto, environments }: Config, fix: FixView, now: Date): number {
  const { plan, environments: of } = fix.proposal;
  if (fix.state !== 'proposed' || fix.kind !== 'fix' || plan.class !== 'auto' || plan.risk === 'irreversible')
    return -1;
  return auto.findIndex(({ environment, checks, end }) => {
    const touched = plan.changes.map(({ account }) => of[account] ?? []);
    const inside = touched.every((names) => names.length > 0 && names.every((name) => name === environment));
    const lasts = now.getTime() < Date.parse(end) + DAY_MS;
    return inside && lasts && environments[environment]?.mode === 'auto' && checks.includes(plan.check);
  });
}

const DAY_MS = 86_400_000;
