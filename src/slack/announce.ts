import { followEmergency } from '../fixes/emergency-messages.ts';
import type { FixView } from '../fixes/fix.ts';
import { RUNS_FOLLOWED } from '../posture/accepted-risks/say.ts';
import { sayChecksAnew } from '../store/check-messages.ts';
import { messagesAbout } from '../store/messages.ts';
import type { Tx } from '../store/store.ts';

/** Says a fix anew wherever it shows: its own message once somebody asked for it, and the checks it is about. */
export async function announce(tx: Tx, fix: FixView): Promise<void> {
  const { origin } = fix.proposal;
  if (origin !== undefined) {
    await tx.say({
      key: fixKey(fix.id),
      channel: origin.channel,
      ...(origin.threadKey === undefined ? {} : { threadKey: origin.threadKey }),
      subject: { kind: 'fix', id: fix.id },
    });
  }
  if (fix.row.batch !== null) {
    const subject = { kind: 'batch', id: fix.row.batch };
    for (const { key, channel, threadKey } of await messagesAbout(tx.query, subject)) {
      await tx.say({ key, channel, threadKey: threadKey ?? undefined, subject });
    }
  }
  // A new plan takes the place of one that was approved in an emergency, too.
  if (fix.row.breakGlass || fix.revision > 1) await followEmergency(tx, fix.id);
  // A step on the way is shown where people look; all others wait for its end, since Slack allows 50 updates a minute.
  const underWay = fix.state === 'applying' || fix.state === 'verifying';
  await sayChecksAnew(tx, await checksOf(tx, fix), underWay ? 1 : RUNS_FOLLOWED);
}

/** Key of the message of a fix: its request, and then its story. */
export function fixKey(fix: string): string {
  return `fix:${fix}`;
}

/** Ids of the checks that a fix is about. */
async function checksOf(tx: Tx, { proposal }: FixView): Promise<string[]> {
  const { plan, finding } = proposal;
  const mends = [finding.id, ...plan.findings];
  const about = await tx.query.selectFrom('findings').select('check').where('id', 'in', mends).execute();
  return [...new Set([plan.check, finding.check, ...about.map(({ check }) => check)])];
}
