import { decisionsOn } from '../store/approvals.ts';
import type { Fix } from '../store/database.ts';
import type { Tx } from '../store/store.ts';
import { type Proposal, viewOf } from './fix.ts';

/** What people are told of in a message of its own: that another message has changed is nothing that Slack tells them. */
export type News = 'changed' | 'superseded' | 'reopened';

/** Who asked for the present revision of a fix and who has approved it. */
export async function concernedWith(tx: Tx, row: Fix): Promise<string[]> {
  if (row.requestedBy === null) return [];
  const approvals = await decisionsOn(tx.query, row);
  return [...new Set([row.requestedBy, ...approvals.map(({ user }) => user)])];
}

/** Keeps why a fix became another one and who is told, and says it in its thread. Nobody there: nothing is said. */
export async function tell(tx: Tx, row: Fix, news: News, changed: NonNullable<Proposal['changed']>): Promise<void> {
  const { proposal } = viewOf(row);
  const { origin } = proposal;
  if (changed.people.length === 0) return;
  const plan = JSON.stringify({ ...proposal, changed } satisfies Proposal);
  await tx.query.updateTable('fixes').set({ plan }).where('id', '=', row.id).execute();
  if (origin === undefined) return;
  await tx.say({
    key: `${news}:${row.id}.${row.revision}`,
    channel: origin.channel,
    threadKey: origin.threadKey,
    subject: { kind: 'news', id: `${row.id}.${row.revision}` },
  });
}
