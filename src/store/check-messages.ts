import { sql } from 'kysely';
import type { Tx } from './store.ts';

/**
 * Says the messages of these checks in the latest runs anew: they show how a decision about their findings stands.
 * Runs further back scroll out of sight.
 */
export async function sayChecksAnew(tx: Tx, checks: readonly string[], runs: number): Promise<void> {
  if (checks.length === 0) return;
  const said = await tx.query
    .selectFrom('messages')
    .select(['key', 'channel', 'threadKey', 'subjectId'])
    .where('subjectKind', '=', 'check')
    .where(sql<string>`substr(subject_id, strpos(subject_id, '/') + 1)`, 'in', checks)
    .orderBy('id', 'desc')
    .limit(100)
    .execute();
  const latest = new Set([...new Set(said.map(({ subjectId }) => runOf(subjectId)))].slice(0, runs));
  for (const { key, channel, threadKey, subjectId } of said.filter(({ subjectId }) => latest.has(runOf(subjectId)))) {
    const thread = threadKey === null ? {} : { threadKey };
    await tx.say({ key, channel, subject: { kind: 'check', id: subjectId }, ...thread });
  }
}

function runOf(subjectId: string): string {
  return subjectId.slice(0, subjectId.indexOf('/'));
}
