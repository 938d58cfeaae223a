import { createHash, createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { redact, redactValue } from '../ops/redact.ts';
import type { AuditEntry, Db } from './database.ts';
import { canonicalText, toJson } from './json.ts';

export interface NewAuditEntry {
  /** Slack user id, or the name of the part that acts by itself. */
  actor: string;
  /** `fix.approved` */
  action: string;
  subject: { kind: string; id: string };
  /** What a reader of the log will want to know: from where, AWS request ids. What looks like a secret is masked. */
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
  const fixes = await fixesNamed(tx.query, entries);
  const head = await tx.query
    .selectFrom('auditHead')
    .select(['seq', 'hash'])
    .where('id', '=', 1)
    .forUpdate()
    .executeTakeFirstOrThrow();
  let { seq, hash } = head;
  for (const { actor, action, subject, data, planHash = null } of entries) {
    seq += 1;
    // Masked before it is hashed: what is mirrored and exported later is what the hash is of.
    const json = toJson(redactValue({ ...fixes.get(`${subject.kind} ${subject.id}`), ...data }));
    const row = {
      seq,
      at: tx.at,
      actor: redact(actor),
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

/** What every entry about a fix tells besides, so that the log can be read without the table of fixes. */
async function fixesNamed(db: Db, entries: readonly NewAuditEntry[]): Promise<Map<string, object>> {
  const ids = new Set(entries.flatMap(({ subject }) => (subject.kind === 'fix' ? subject.id : [])));
  if (ids.size === 0) return new Map();
  const rows = await db
    .selectFrom('fixes')
    .select(['id', 'check', 'accounts', 'findings'])
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map(({ id, ...told }) => [`fix ${id}`, told]));
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

/** Which entries are wanted. Absent: all. */
export interface AuditFilter {
  from?: Date;
  /** Not this moment itself. */
  to?: Date;
  /** Twelve digits: entries that name this account. */
  account?: string;
  /** Slack user id or `auto.<rule>`: entries of this person, or that name them. */
  person?: string;
}

/** Entries in order, after a sequence number, at most `limit`. */
export function auditEntries(
  db: Db,
  { after, limit, ...filter }: { after?: number; limit: number } & AuditFilter,
): Promise<AuditEntry[]> {
  const { from, to, account, person } = filter;
  let query = db.selectFrom('audit').selectAll().orderBy('seq').limit(limit);
  if (after !== undefined) query = query.where('seq', '>', after);
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  if (account !== undefined) query = query.where(names(account));
  if (person !== undefined) query = query.where((where) => where.or([where('actor', '=', person), names(person)]));
  return query.execute();
}

/** The data holds this text as a whole value, at any depth: members are called otherwise from action to action. */
function names(text: string) {
  return sql<boolean>`jsonb_path_exists(data, '$.** ? (@ == $text)', ${JSON.stringify({ text })}::jsonb)`;
}

const PAGE = 500;

/** All entries that are wanted, in order, page by page: the log may be longer than what fits into memory. */
export async function* auditPages(db: Db, filter: AuditFilter & { after?: number } = {}): AsyncGenerator<AuditEntry[]> {
  let after = filter.after;
  for (;;) {
    const page = await auditEntries(db, { ...filter, ...(after === undefined ? {} : { after }), limit: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.seq;
  }
}

/** Fixes whose calls ended in that time, and of which no entry with this action was made since; the latest first. */
export function finishedWithout(
  db: Db,
  action: string,
  { from, to }: { from: Date; to: Date },
): Promise<{ id: string; at: Date }[]> {
  return db
    .selectFrom('audit')
    .select((select) => ['subjectId as id', select.fn.max('at').as('at')])
    .where('subjectKind', '=', 'fix')
    .where('action', 'in', ['fix.applied', 'fix.failed', 'fix.partly-applied', 'fix.rolled-back'])
    .where('at', '>=', from)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('audit as other')
            .select('other.seq')
            .where('other.subjectKind', '=', 'fix')
            .whereRef('other.subjectId', '=', 'audit.subjectId')
            .where('other.action', '=', action),
        ),
      ),
    )
    .groupBy('subjectId')
    .having((having) => having.fn.max('at'), '<', to)
    .orderBy('at', 'desc')
    .execute();
}

/** An entry as it leaves the database, with all that its hash is made of: who has the lines can prove the chain. */
export function auditLine({ at, ...entry }: AuditEntry): string {
  const { seq, actor, action, subjectKind, subjectId, data, planHash, prevHash, hash, hmac } = entry;
  const line = {
    seq,
    at: at.toISOString(),
    actor,
    action,
    subjectKind,
    subjectId,
    data,
    planHash,
    prevHash,
    hash,
    hmac,
  };
  return `${redact(JSON.stringify(line))}\n`;
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
