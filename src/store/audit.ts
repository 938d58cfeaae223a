import { createHash, createHmac } from 'node:crypto';
import type { AuditEntry, Db } from './database.ts';
import { canonicalText, toJson } from './json.ts';

export interface NewAuditEntry {
  /** Slack user id, or the name of the part that acts by itself. */
  actor: string;
  /** `fix.approved` */
  action: string;
  subject: { kind: string; id: string };
  /** What a reader of the log will want to know: from where, AWS request ids. Never a secret. */
  data?: object;
  planHash?: string;
}

/**
 * Appends entries, each with the hash of the one before. The head is locked until the transaction ends, so entries
 * stand in the order in which they became true. With a key each entry also carries an HMAC, which someone who can
 * write the database but does not have the key cannot make.
 */
export async function appendAudit(
  tx: { query: Db; at: Date },
  entries: readonly NewAuditEntry[],
  key: string | undefined,
): Promise<void> {
  if (entries.length === 0) return;
  const head = await tx.query
    .selectFrom('auditHead')
    .select(['seq', 'hash'])
    .where('id', '=', 1)
    .forUpdate()
    .executeTakeFirstOrThrow();
  let { seq, hash } = head;
  for (const { actor, action, subject, data, planHash = null } of entries) {
    seq += 1;
    const json = toJson(data);
    const row = {
      seq,
      at: tx.at,
      actor,
      action,
      subjectKind: subject.kind,
      subjectId: subject.id,
      planHash,
      prevHash: hash,
    };
    hash = entryHash({ ...row, data: JSON.parse(json) });
    const hmac = key === undefined ? null : entryHmac(hash, key);
    await tx.query
      .insertInto('audit')
      .values({ ...row, data: json, hash, hmac })
      .execute();
  }
  await tx.query.updateTable('auditHead').set({ seq, hash }).where('id', '=', 1).execute();
}

/** SHA-256 over an entry and the hash of the one before it. */
export function entryHash(entry: Omit<AuditEntry, 'hash' | 'hmac'>): string {
  const { seq, at, actor, action, subjectKind, subjectId, data, planHash, prevHash } = entry;
  const text = canonicalText([prevHash, seq, at.toISOString(), actor, action, subjectKind, subjectId, data, planHash]);
  return createHash('sha256').update(text).digest('hex');
}

export function entryHmac(hash: string, key: string): string {
  return createHmac('sha256', key).update(hash).digest('hex');
}

/** Sequence and hash of the last entry: what digests and mirrors carry as an anchor. `{seq: 0}` when nothing was written. */
export function auditHead(db: Db): Promise<{ seq: number; hash: string }> {
  return db.selectFrom('auditHead').select(['seq', 'hash']).where('id', '=', 1).executeTakeFirstOrThrow();
}

/** Entries in order, after a sequence number, at most `limit`. */
export function auditEntries(db: Db, { after, limit }: { after: number; limit: number }): Promise<AuditEntry[]> {
  return db.selectFrom('audit').selectAll().where('seq', '>', after).orderBy('seq').limit(limit).execute();
}

/** Everything noted about one subject, in order. */
export function auditOf(db: Db, subject: { kind: string; id: string }): Promise<AuditEntry[]> {
  return db
    .selectFrom('audit')
    .selectAll()
    .where('subjectKind', '=', subject.kind)
    .where('subjectId', '=', subject.id)
    .orderBy('seq')
    .execute();
}
