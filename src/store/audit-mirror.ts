import type { Selectable } from 'kysely';
import type { AuditMirrorTable, Db } from './database.ts';
import type { Tx } from './store.ts';
import type { AuditAnchor } from './verify-audit.ts';

export type MirrorKind = AuditMirrorTable['kind'];
export type MirrorState = Selectable<AuditMirrorTable>;

/** How long a process may write one object before another one tries; after a failure, how long nobody does. */
const CLAIM_MS = 60_000;

/** How far a copy of the audit log goes. */
export function mirrorState(db: Db, kind: MirrorKind): Promise<MirrorState> {
  return db.selectFrom('auditMirror').selectAll().where('kind', '=', kind).executeTakeFirstOrThrow();
}

/** The same, for the one transaction that may move it on. */
export function lockMirror(tx: Tx, kind: MirrorKind): Promise<MirrorState> {
  return tx.query.selectFrom('auditMirror').selectAll().where('kind', '=', kind).forUpdate().executeTakeFirstOrThrow();
}

/** Notes that a copy goes up to this entry, and gives the claim back. */
export async function mirrorReached(db: Db, kind: MirrorKind, { seq, hash }: AuditAnchor, at: Date): Promise<void> {
  await db
    .updateTable('auditMirror')
    .set({ seq, hash, at, upto: null, owner: null, leaseUntil: null })
    .where('kind', '=', kind)
    .where('seq', '<=', seq)
    .execute();
}

/** Claims a copy that is written outside of the database; undefined: another process is at it, or it has just failed. */
export function claimMirror(db: Db, kind: MirrorKind, owner: string, at: Date): Promise<MirrorState | undefined> {
  return db
    .updateTable('auditMirror')
    .set({ owner, leaseUntil: new Date(at.getTime() + CLAIM_MS) })
    .where('kind', '=', kind)
    .where((where) => where.or([where('leaseUntil', 'is', null), where('leaseUntil', '<=', at)]))
    .returningAll()
    .executeTakeFirst();
}

/** Fixes where the object ends that is written next, so that whoever writes it again writes the same. False: the claim is lost. */
export async function mirrorUpTo(db: Db, kind: MirrorKind, owner: string, upto: number): Promise<boolean> {
  const row = await db
    .updateTable('auditMirror')
    .set({ upto })
    .where('kind', '=', kind)
    .where('owner', '=', owner)
    .returning('kind')
    .executeTakeFirst();
  return row !== undefined;
}

/** Gives a claim back without having written anything. */
export async function leaveMirror(db: Db, kind: MirrorKind, owner: string): Promise<void> {
  await db
    .updateTable('auditMirror')
    .set({ owner: null, leaseUntil: null })
    .where('kind', '=', kind)
    .where('owner', '=', owner)
    .execute();
}
