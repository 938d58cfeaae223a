import { sql } from 'kysely';
import type { FixView } from '../fixes/fix.ts';
import type { Tx } from '../store/store.ts';

/** Runs whose check messages follow a fix; older ones scroll out of sight. */
const RUNS_FOLLOWED = 5;

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
  // A step on the way is shown where people look; all others wait for its end, since Slack allows 50 updates a minute.
  const underWay = fix.state === 'applying' || fix.state === 'verifying';
  for (const message of await checkMessages(tx, fix, underWay ? 1 : RUNS_FOLLOWED)) {
    await tx.say({
      key: message.key,
      channel: message.channel,
      subject: { kind: 'check', id: message.subjectId },
      ...(message.threadKey === null ? {} : { threadKey: message.threadKey }),
    });
  }
}

/** Key of the message of a fix: its request, and then its story. */
export function fixKey(fix: string): string {
  return `fix:${fix}`;
}

async function checkMessages(tx: Tx, { proposal }: FixView, runs: number) {
  const { plan, finding } = proposal;
  const mends = [finding.id, ...plan.findings];
  const about = await tx.query.selectFrom('findings').select('check').where('id', 'in', mends).execute();
  const checks = [...new Set([plan.check, finding.check, ...about.map(({ check }) => check)])];
  const said = await tx.query
    .selectFrom('messages')
    .select(['key', 'channel', 'threadKey', 'subjectId'])
    .where('subjectKind', '=', 'check')
    .where(sql<string>`substr(subject_id, strpos(subject_id, '/') + 1)`, 'in', checks)
    .orderBy('id', 'desc')
    .limit(100)
    .execute();
  const latest = new Set([...new Set(said.map(({ subjectId }) => runOf(subjectId)))].slice(0, runs));
  return said.filter(({ subjectId }) => latest.has(runOf(subjectId)));
}

function runOf(subjectId: string): string {
  return subjectId.slice(0, subjectId.indexOf('/'));
}
