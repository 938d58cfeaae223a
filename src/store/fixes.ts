import { sql } from 'kysely';
import type { Db, Fix, FixTable } from './database.ts';
import { StoreMisuse } from './errors.ts';
import { EXPIRING_STATES, FIX_MOVES, type FixState, HELD_STATES, OPEN_STATES } from './fix-states.ts';
import { newFixId } from './ids.ts';
import { toJson } from './json.ts';
import type { Tx } from './store.ts';

/** The plan of a fix and what follows from it. */
export interface FixPlan {
  /** Ids of the findings it mends. */
  findings: string[];
  check: string;
  /** Accounts its changes touch. */
  accounts: string[];
  plan: object;
  planHash: string;
  class: string;
  risk: string;
  /** Approvals needed. */
  people: number;
}

export interface NewFix extends FixPlan {
  /** What it mends, in one spelling: at most one fix a key is open. */
  key: string;
  /** The fix that this one takes back; makes it an undo. */
  of?: string;
}

/** Makes a fix in `proposed`. Undefined: one with this key is open already, see `openFix`. */
export async function createFix(tx: Tx, { plan, of, ...rest }: NewFix): Promise<Fix | undefined> {
  return tx.query
    .insertInto('fixes')
    .values({
      ...rest,
      id: newFixId(),
      kind: of === undefined ? 'fix' : 'undo',
      of: of ?? null,
      plan: toJson(plan),
      state: 'proposed',
      progress: 'null',
      result: 'null',
      createdAt: tx.at,
      updatedAt: tx.at,
    })
    .onConflict((conflict) => conflict.column('key').where('state', 'in', OPEN_STATES).doNothing())
    .returningAll()
    .executeTakeFirst();
}

/**
 * Puts another plan under the same id, as its next revision: buttons of the older one are refused from then on, and
 * approval starts over. Only from `proposed`, `pending` and `drifted`; undefined when someone was faster.
 */
export async function reviseFix(
  tx: Tx,
  { id, revision }: FixRevision,
  { plan, ...rest }: FixPlan,
): Promise<Fix | undefined> {
  return tx.query
    .updateTable('fixes')
    .set({
      ...rest,
      plan: toJson(plan),
      revision: revision + 1,
      state: 'proposed',
      ...NO_DECISION,
      updatedAt: tx.at,
    })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .where('state', 'in', ['proposed', 'pending', 'drifted'])
    .returningAll()
    .executeTakeFirst();
}

export interface FixRevision {
  id: string;
  revision: number;
}

const NO_DECISION = {
  requestedBy: null,
  requestedAt: null,
  reason: null,
  approvedAt: null,
  startsAt: null,
  expiresAt: null,
  policyHash: null,
  configHash: null,
  error: null,
  reminders: 0,
  nextReminderAt: null,
  breakGlass: false,
} as const;

/** Which fix moves: by id, and where it matters only if this revision or this process still has it. */
export interface Mover {
  id: string;
  revision?: number;
  owner?: string;
}

/** What a move writes besides the state. `progress` and `result` are plain data. */
export interface FixPatch
  extends Partial<
    Pick<
      FixTable,
      | 'requestedBy'
      | 'requestedAt'
      | 'reason'
      | 'approvedAt'
      | 'startsAt'
      | 'expiresAt'
      | 'policyHash'
      | 'configHash'
      | 'owner'
      | 'leaseUntil'
      | 'error'
      | 'nextReminderAt'
    >
  > {
  progress?: object;
  result?: object;
}

/**
 * Moves a fix from one state to another in one statement. Of several who try, one gets true; the others changed
 * nothing. Leaving `applying` and `verifying` gives up the lease. Throws on a move that is not in the table of moves.
 */
export async function transition(
  tx: Tx,
  fix: string | Mover,
  from: FixState | readonly FixState[],
  to: FixState,
  { progress, result, ...patch }: FixPatch = {},
): Promise<boolean> {
  const sources = typeof from === 'string' ? [from] : from;
  for (const source of sources) {
    if (!FIX_MOVES[source].includes(to))
      throw new StoreMisuse('a fix cannot move like this', { what: `${source} -> ${to}` });
  }
  const { id, revision, owner }: Mover = typeof fix === 'string' ? { id: fix } : fix;
  const held = HELD_STATES.some((state) => state === to);
  let query = tx.query
    .updateTable('fixes')
    .set({
      ...(held ? {} : { owner: null, leaseUntil: null }),
      ...patch,
      ...(progress === undefined ? {} : { progress: toJson(progress) }),
      ...(result === undefined ? {} : { result: toJson(result) }),
      state: to,
      updatedAt: tx.at,
    })
    .where('id', '=', id)
    .where('state', 'in', sources);
  if (revision !== undefined) query = query.where('revision', '=', revision);
  if (owner !== undefined) query = query.where('owner', '=', owner);
  return (await query.returning('id').executeTakeFirst()) !== undefined;
}

/** Keeps how far the execution is. False: this process no longer holds the fix, and must stop. */
export async function saveProgress(
  db: Db,
  { id, owner, at }: { id: string; owner: string; at: Date },
  progress: object,
): Promise<boolean> {
  const row = await db
    .updateTable('fixes')
    .set({ progress: toJson(progress), updatedAt: at })
    .where('id', '=', id)
    .where('owner', '=', owner)
    .where('state', 'in', HELD_STATES)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export function findFix(db: Db, id: string): Promise<Fix | undefined> {
  return db.selectFrom('fixes').selectAll().where('id', '=', id).executeTakeFirst();
}

/** A fix that nobody else can move until the transaction ends. */
export function lockFix(tx: Tx, id: string): Promise<Fix | undefined> {
  return tx.query.selectFrom('fixes').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** The open fix of a key. */
export function openFix(db: Db, key: string): Promise<Fix | undefined> {
  return db.selectFrom('fixes').selectAll().where('key', '=', key).where('state', 'in', OPEN_STATES).executeTakeFirst();
}

/** Every fix and undo that concerned a finding, newest first. */
export function fixesOfFinding(db: Db, finding: string): Promise<Fix[]> {
  return db
    .selectFrom('fixes')
    .selectAll()
    .where(sql<boolean>`findings @> array[${finding}]::text[]`)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute();
}

/** Open fixes that concern any of these findings. */
export async function openFixesOf(db: Db, findings: readonly string[]): Promise<Fix[]> {
  if (findings.length === 0) return [];
  return db
    .selectFrom('fixes')
    .selectAll()
    .where(sql<boolean>`findings && array[${sql.join([...findings])}]::text[]`)
    .where('state', 'in', OPEN_STATES)
    .orderBy('id')
    .execute();
}

/** Ids of fixes that ran for one of these findings, and whose success did not show yet. */
export async function unconfirmedOf(db: Db, findings: readonly string[]): Promise<string[]> {
  if (findings.length === 0) return [];
  const rows = await db
    .selectFrom('fixes')
    .select('id')
    .where('key', 'in', findings)
    .where('kind', '=', 'fix')
    .where('state', '=', 'unconfirmed')
    .execute();
  return rows.map(({ id }) => id);
}

/** Fixes in these states, oldest first: what waits for a decision, what is under way. */
export async function fixesIn(db: Db, states: readonly FixState[]): Promise<Fix[]> {
  return db.selectFrom('fixes').selectAll().where('state', 'in', states).orderBy('createdAt').orderBy('id').execute();
}

/** Fixes approved after another one that have changed something in its accounts, or are about to, oldest first. */
export async function fixesAfter(db: Db, { id, accounts, approvedAt }: Fix): Promise<Fix[]> {
  if (accounts.length === 0 || approvedAt === null) return [];
  return db
    .selectFrom('fixes')
    .selectAll()
    .where('id', '<>', id)
    .where('kind', '=', 'fix')
    .where('state', 'in', ['applying', 'verifying', 'fixed', 'unconfirmed', 'partly-applied'])
    .where('approvedAt', '>', approvedAt)
    .where(sql<boolean>`accounts && array[${sql.join(accounts)}]::text[]`)
    .orderBy('approvedAt')
    .orderBy('id')
    .execute();
}

/** The last undo that took back what mended one of these findings. */
export function lastUndo(db: Db, findings: readonly string[]): Promise<Fix | undefined> {
  return db
    .selectFrom('fixes')
    .selectAll()
    .where('kind', '=', 'undo')
    .where('state', '=', 'fixed')
    .where(sql<boolean>`findings && ${[...findings]}::text[]`)
    .orderBy('updatedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The undos of a fix, newest first. */
export function undosOf(db: Db, id: string): Promise<Fix[]> {
  return db.selectFrom('fixes').selectAll().where('of', '=', id).orderBy('createdAt', 'desc').orderBy('id').execute();
}

/** Pending fixes whose approvers are to be reminded by now. */
export function remindersDue(db: Db, at: Date): Promise<Fix[]> {
  return db
    .selectFrom('fixes')
    .selectAll()
    .where('state', '=', 'pending')
    .where('nextReminderAt', '<=', at)
    .orderBy('nextReminderAt')
    .orderBy('id')
    .execute();
}

/** Counts one reminder and sets the time of the next. Of several replicas that try, one gets true and says it. */
export async function countReminder(
  tx: Tx,
  { id, revision, reminders }: Pick<Fix, 'id' | 'revision' | 'reminders'>,
  next: Date | null,
): Promise<boolean> {
  const row = await tx.query
    .updateTable('fixes')
    .set({ reminders: reminders + 1, nextReminderAt: next })
    .where('id', '=', id)
    .where('revision', '=', revision)
    .where('state', '=', 'pending')
    .where('reminders', '=', reminders)
    .where('nextReminderAt', '<=', tx.at)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends every fix whose time for a decision, or for a beginning, has passed. Gives them, so that it can be said. */
export async function expireFixes(tx: Tx): Promise<Fix[]> {
  const expired = await tx.query
    .updateTable('fixes')
    .set({ state: 'expired', updatedAt: tx.at })
    .where('state', 'in', EXPIRING_STATES)
    .where('expiresAt', '<=', tx.at)
    .returningAll()
    .execute();
  for (const { id, planHash, expiresAt } of expired) {
    tx.audit({
      actor: 'trail-check',
      action: 'fix.expired',
      subject: { kind: 'fix', id },
      data: { expiresAt },
      planHash,
    });
  }
  return expired;
}
