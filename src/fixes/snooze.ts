import { fingerprintOf, worseThan } from '../posture/accepted-risks/fingerprint.ts';
import { fromStored } from '../posture/stored-finding.ts';
import { sayChecksAnew } from '../store/check-messages.ts';
import type { Snooze } from '../store/database.ts';
import { findingsById, lockFinding } from '../store/findings.ts';
import { dropSnooze, setSnooze, snoozesOn, snoozesOver } from '../store/snoozes.ts';
import type { Tx } from '../store/store.ts';
import type { FixesContext } from './context.ts';
import { riskPowersOf } from './request-risk.ts';

const DAY_MS = 86_400_000;
/** How long messages about a finding can be hidden: 14 days at most (decision 35). */
export const SNOOZE_DAYS = [1, 3, 7, 14] as const;

export type Snoozed = { ok: true; until: Date } | { ok: false; message: string };

/** Hides messages about a failing finding for some days: not its verdict, nor the score. By who may ask for its fix. */
export async function snooze(
  context: FixesContext,
  {
    finding: id,
    fingerprint: seen,
    user,
    days,
    reason,
  }: { finding: string; fingerprint: string; user: string; days: number; reason?: string },
): Promise<Snoozed> {
  const { store } = context;
  if (!SNOOZE_DAYS.some((each) => each === days)) {
    return { ok: false, message: `Choose ${SNOOZE_DAYS.join(', ')} days.` };
  }
  const refusal = await mayNot(context, id, user);
  if (refusal !== undefined) return { ok: false, message: refusal };
  return store.transaction(async (tx): Promise<Snoozed> => {
    const row = await lockFinding(tx, id);
    if (row?.verdict !== 'fail') return { ok: false, message: 'This does not fail any more.' };
    const until = new Date(tx.at.getTime() + days * DAY_MS);
    const { evidence, severity } = fromStored(row).finding;
    const fingerprint = fingerprintOf(evidence);
    if (fingerprint !== seen) {
      return { ok: false, message: 'What was seen has changed meanwhile. Look at the finding again.' };
    }
    await setSnooze(tx, { finding: id, until, by: user, reason: reason ?? null, fingerprint, severity });
    const data = { days, until: until.toISOString(), reason };
    tx.audit({ actor: user, action: 'finding.snoozed', subject: { kind: 'finding', id }, data });
    await sayChecksAnew(tx, [row.check]);
    return { ok: true, until };
  });
}

/** **Wake up**: its messages are shown again. */
export async function wake(
  context: FixesContext,
  { finding: id, user }: { finding: string; user: string },
): Promise<{ ok: true } | { ok: false; message: string }> {
  const refusal = await mayNot(context, id, user);
  if (refusal !== undefined) return { ok: false, message: refusal };
  return context.store.transaction(async (tx) => {
    const ended = await end(tx, id, user, 'woken');
    return ended ? { ok: true } : { ok: false, message: 'Nobody snoozes this any more.' };
  });
}

/** Ends what is over, and what got worse since it was snoozed. */
export async function sweepSnoozes({ store }: Pick<FixesContext, 'store'>): Promise<void> {
  const at = store.now();
  for (const { finding } of await snoozesOver(store.query, at)) {
    await store.transaction(async (tx) => {
      const [again] = (await snoozesOver(tx.query, at)).filter((each) => each.finding === finding);
      if (again !== undefined) await end(tx, finding, 'trail-check', 'over');
    });
  }
  const asleep = await snoozesOn(store.query, at);
  const rows = new Map(
    (
      await findingsById(
        store.query,
        asleep.map(({ finding }) => finding),
      )
    ).map((row) => [row.id, row]),
  );
  for (const each of asleep) {
    const row = rows.get(each.finding);
    const worse = row?.verdict === 'fail' ? worseThan(each, fromStored(row).finding) : undefined;
    if (worse !== undefined) await store.transaction((tx) => endIfSame(tx, each, worse));
  }
}

/** Somebody may have snoozed it anew, as it is now. */
async function endIfSame(tx: Tx, { finding, fingerprint, severity }: Snooze, reason: string): Promise<void> {
  const [now] = await snoozesOn(tx.query, tx.at, [finding]);
  if (now?.fingerprint === fingerprint && now.severity === severity) await end(tx, finding, 'trail-check', reason);
}

async function end(tx: Tx, finding: string, actor: string, reason: string): Promise<boolean> {
  const ended = await dropSnooze(tx, finding);
  if (ended === undefined) return false;
  const data = { by: ended.by, reason };
  tx.audit({ actor, action: 'finding.snooze-ended', subject: { kind: 'finding', id: finding }, data });
  const [row] = await findingsById(tx.query, [finding]);
  if (row !== undefined) await sayChecksAnew(tx, [row.check]);
  return true;
}

async function mayNot(context: FixesContext, id: string, user: string): Promise<string | undefined> {
  const [row] = await findingsById(context.store.query, [id]);
  if (row === undefined) return 'This finding is no longer there. Check again.';
  if ((await context.directory.person(user))?.member !== true)
    return 'Only full members of this workspace can do that.';
  const { mayAsk } = await riskPowersOf(context, fromStored(row).finding, user);
  return mayAsk ? undefined : 'You may not snooze findings here.';
}
