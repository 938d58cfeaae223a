import { sql } from 'kysely';
import type { Db, Message } from './database.ts';
import type { Tx } from './store.ts';

export interface Saying {
  /** One message for ever: `run:<id>`, `fix:<id>`. */
  key: string;
  channel: string;
  /** Key of the message whose thread it belongs to; it waits until that one is posted. */
  threadKey?: string | undefined;
  /** Shown to this person only (Slack user id). */
  user?: string;
  /** What it is rendered from when it is delivered. */
  subject: { kind: string; id: string };
}

/** How long a process may take to deliver one message before another one tries. */
const CLAIM_MS = 30_000;

/** Inserts a message or asks for a newer version of it, and queues its delivery. Sayings coalesce: only the last is shown. */
export async function say(tx: Tx, { key, channel, threadKey, user, subject }: Saying): Promise<void> {
  const { channel: where } = await tx.query
    .insertInto('messages')
    .values({
      key,
      channel,
      threadKey: threadKey ?? null,
      user: user ?? null,
      subjectKind: subject.kind,
      subjectId: subject.id,
      wantedVersion: 1,
      shownVersion: 0,
      state: 'open',
      pendingSince: tx.at,
      createdAt: tx.at,
      updatedAt: tx.at,
    })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        wantedVersion: sql`messages.wanted_version + 1`,
        pendingSince: sql`case when messages.wanted_version = messages.shown_version
          then excluded.pending_since else messages.pending_since end`,
        state: 'open',
        subjectKind: subject.kind,
        subjectId: subject.id,
        updatedAt: tx.at,
      }),
    )
    .returning('channel')
    .executeTakeFirstOrThrow();
  await tx.enqueue('message.deliver', { channel: where });
}

/**
 * Claims what a channel waits for longest, or nothing: when all is shown, when another process delivers in this channel
 * (Slack wants one message a second and we want them in order), or when the thread's first message is not posted yet.
 * Render it from its subject, send it, then call `messageShown` with the version that was claimed.
 */
export async function claimMessage(tx: Tx, channel: string): Promise<Message | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext(${`channel ${channel}`}))`.execute(tx.query);
  const busy = await tx.query
    .selectFrom('messages')
    .select('id')
    .where('channel', '=', channel)
    .where('claimedUntil', '>', tx.at)
    .executeTakeFirst();
  if (busy !== undefined) return undefined;
  const next = await pending(tx.query, tx.at).select('m.id').where('m.channel', '=', channel).executeTakeFirst();
  if (next === undefined) return undefined;
  return tx.query
    .updateTable('messages')
    .set({ claimedUntil: new Date(tx.at.getTime() + CLAIM_MS) })
    .where('id', '=', next.id)
    .returningAll()
    .executeTakeFirst();
}

/** Records what people see now. If a newer version is wanted meanwhile it stays pending, behind the others. */
export async function messageShown(tx: Tx, key: string, shown: { version: number; ts: string | null }): Promise<void> {
  await tx.query
    .updateTable('messages')
    .set({
      shownVersion: sql`greatest(shown_version, ${shown.version})`,
      ...(shown.ts === null ? {} : { ts: shown.ts }),
      pendingSince: tx.at,
      claimedUntil: null,
      notBefore: null,
      error: null,
      updatedAt: tx.at,
    })
    .where('key', '=', key)
    .execute();
}

/** Gives a claimed message back after an error: to be tried again at `retryAt`, or never unless it is said anew. */
export async function messageFailed(tx: Tx, key: string, failure: { error: string; retryAt?: Date }): Promise<void> {
  const { error, retryAt } = failure;
  const message = await tx.query
    .updateTable('messages')
    .set({
      state: retryAt === undefined ? 'failed' : 'open',
      error,
      notBefore: retryAt ?? null,
      claimedUntil: null,
      updatedAt: tx.at,
    })
    .where('key', '=', key)
    .returning('channel')
    .executeTakeFirst();
  if (message === undefined || retryAt === undefined) return;
  await tx.enqueue('message.deliver', { channel: message.channel }, { startAfter: retryAt });
}

/** What is about nothing any more is not tried again. */
export const NOTHING_TO_SHOW = 'there is nothing to show';

const REPAIR_FIRST_MS = 30_000;
const REPAIR_MOST_MS = 3_600_000;
/** After a week nobody looks for it any more. */
const REPAIR_FOR_MS = 7 * 24 * 3_600_000;

/**
 * Tries again what Slack refused: a channel that was archived, a bot that was not in it. The time between two tries grows
 * with the time it has waited. Gives how many there are.
 */
export async function repairMessages(tx: Tx): Promise<number> {
  const { at } = tx;
  const waited = sql`extract(epoch from updated_at - pending_since) * 1000`;
  const repaired = await tx.query
    .updateTable('messages')
    .set({ state: 'open', notBefore: null, updatedAt: at })
    .where('state', '=', 'failed')
    .whereRef('wantedVersion', '>', 'shownVersion')
    .where((where) => where.or([where('error', 'is', null), where('error', '<>', NOTHING_TO_SHOW)]))
    .where('pendingSince', '>', new Date(at.getTime() - REPAIR_FOR_MS))
    .where(
      sql<boolean>`extract(epoch from ${at}::timestamptz - updated_at) * 1000
        >= least(${REPAIR_MOST_MS}::numeric, greatest(${REPAIR_FIRST_MS}::numeric, ${waited}))`,
    )
    .returning('channel')
    .execute();
  for (const channel of new Set(repaired.map((message) => message.channel))) {
    await tx.enqueue('message.deliver', { channel });
  }
  return repaired.length;
}

/** Channels in which something waits: the net under the delivery jobs, to be looked at on start and now and then. */
export async function channelsWaiting(db: Db, at: Date): Promise<string[]> {
  const rows = await pending(db, at).select('m.channel').clearOrderBy().distinct().execute();
  return rows.map(({ channel }) => channel);
}

export function findMessage(db: Db, key: string): Promise<Message | undefined> {
  return db.selectFrom('messages').selectAll().where('key', '=', key).executeTakeFirst();
}

/** Everything said about a subject, oldest first. */
export function messagesAbout(db: Db, subject: { kind: string; id: string }): Promise<Message[]> {
  return db
    .selectFrom('messages')
    .selectAll()
    .where('subjectKind', '=', subject.kind)
    .where('subjectId', '=', subject.id)
    .orderBy('id')
    .execute();
}

/** What came of a decision, and the progress and result of a run, do not wait behind the long thread of another. */
function pending(db: Db, at: Date) {
  return (
    db
      .selectFrom('messages as m')
      .leftJoin('messages as root', 'root.key', 'm.threadKey')
      .whereRef('m.wantedVersion', '>', 'm.shownVersion')
      .where('m.state', '=', 'open')
      .where((where) => where.or([where('m.notBefore', 'is', null), where('m.notBefore', '<=', at)]))
      .where((where) => where.or([where('m.threadKey', 'is', null), where('root.ts', 'is not', null)]))
      .orderBy(({ case: order, or, eb }) => {
        const first = or([eb('m.subjectKind', 'in', ['fix', 'older-request', 'risk']), eb('m.threadKey', 'is', null)]);
        return order().when(first).then(0).else(1).end();
      })
      .orderBy('m.pendingSince')
      // What is said first stands first; of what is only updated the newest is where people look.
      .orderBy(({ case: order, eb, ref }) =>
        order()
          .when(eb('m.ts', 'is', null))
          .then(ref('m.id'))
          .else(sql<number>`-m.id`)
          .end(),
      )
  );
}
