import { sql } from 'kysely';
import type { Tx } from './store.ts';

/** Messages that follow at most; there is one a run and check, and the oldest have scrolled far out of sight. */
const MOST_COPIES = 300;

/** Says the messages of these checks anew, of every run: they show how a decision about their findings stands. */
export async function sayChecksAnew(tx: Tx, checks: readonly string[]): Promise<void> {
  if (checks.length === 0) return;
  const said = await tx.query
    .selectFrom('messages')
    .select(['key', 'channel', 'threadKey', 'subjectId'])
    .where('subjectKind', '=', 'check')
    .where(sql<string>`substr(subject_id, strpos(subject_id, '/') + 1)`, 'in', checks)
    .orderBy('id', 'desc')
    .limit(MOST_COPIES)
    .execute();
  for (const { key, channel, threadKey, subjectId } of said) {
    const thread = threadKey === null ? {} : { threadKey };
    await tx.say({ key, channel, subject: { kind: 'check', id: subjectId }, ...thread });
  }
}
