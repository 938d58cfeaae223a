import { createHash } from 'node:crypto';
import { inChunks } from './chunks.ts';
import type { Db, Verdict } from './database.ts';
import { toJson } from './json.ts';
import type { Store } from './store.ts';

export interface FindingResult {
  id: string;
  check: string;
  account: string;
  region: string;
  resource: string;
  verdict: Verdict;
  severity: string;
  title: string;
  /** Hash of the evidence. */
  fingerprint: string;
  /** The whole finding, as it shall be read again. */
  data: object;
}

export interface RunResults {
  run: string;
  /** When AWS was read. What a later reading has stored is left alone. */
  takenAt: Date;
  findings: Iterable<FindingResult>;
  /** What was evaluated without a gap: findings stored for these accounts and checks that did not come up again are gone. */
  covered: { accounts: readonly string[]; checks: readonly string[] };
}

/**
 * Stores the verdicts of a run: what is new or another is written, with the change recorded; of the rest only that it
 * was seen. In portions, each a transaction of its own, so a run that died is simply saved again.
 * A finding that is new and not a failure is no change.
 */
export async function saveResults(store: Store, { run, takenAt, findings, covered }: RunResults): Promise<void> {
  const rows = Array.from(findings, (finding) => ({ ...finding, data: toJson(finding.data) }));
  // One order for all, so that two runs over the same resources do not lock each other out.
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  await inChunks(
    rows,
    ({ data }) => data.length,
    (chunk) => store.transaction(({ query }) => saveChunk(query, run, takenAt, chunk)),
  );
  await dropGone(store, run, takenAt, covered);
}

type Row = Omit<FindingResult, 'data'> & { data: string };

async function saveChunk(db: Db, run: string, takenAt: Date, rows: Row[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const stored = await db
    .selectFrom('findings')
    .select(['id', 'verdict', 'severity', 'contentHash', 'fingerprint', 'lastSeen'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute();
  const before = new Map(stored.map((row) => [row.id, row]));
  const fresh = rows
    .map((row) => ({ ...row, contentHash: createHash('sha256').update(row.data).digest('hex') }))
    .filter(({ id }) => (before.get(id)?.lastSeen ?? takenAt) <= takenAt);

  const differing = fresh.filter(({ id, contentHash, fingerprint, verdict, severity }) => {
    const old = before.get(id);
    return !(
      old?.contentHash === contentHash &&
      old.fingerprint === fingerprint &&
      old.verdict === verdict &&
      old.severity === severity
    );
  });
  if (differing.length > 0) await upsert(db, takenAt, differing);

  const same = fresh.filter((row) => !differing.includes(row)).map(({ id }) => id);
  if (same.length > 0) await db.updateTable('findings').set({ lastSeen: takenAt }).where('id', 'in', same).execute();

  const changes = differing.flatMap(({ id, verdict, check, account, resource, severity }) => {
    const from = before.get(id)?.verdict ?? null;
    const quiet = from === null ? verdict !== 'fail' && verdict !== 'unknown' : from === verdict;
    return quiet ? [] : [{ finding: id, run, at: takenAt, from, to: verdict, check, account, resource, severity }];
  });
  await recordChanges(db, changes);
}

async function upsert(db: Db, takenAt: Date, rows: (Row & { contentHash: string })[]): Promise<void> {
  await db
    .insertInto('findings')
    .values(rows.map((row) => ({ ...row, firstSeen: takenAt, lastSeen: takenAt, changedAt: takenAt })))
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((value) => ({
        verdict: value.ref('excluded.verdict'),
        severity: value.ref('excluded.severity'),
        title: value.ref('excluded.title'),
        data: value.ref('excluded.data'),
        contentHash: value.ref('excluded.contentHash'),
        fingerprint: value.ref('excluded.fingerprint'),
        lastSeen: value.ref('excluded.lastSeen'),
        changedAt: value
          .case()
          .when('findings.verdict', '=', value.ref('excluded.verdict'))
          .then(value.ref('findings.changedAt'))
          .else(value.ref('excluded.changedAt'))
          .end(),
      })),
    )
    .execute();
}

type Change = {
  finding: string;
  run: string;
  at: Date;
  from: Verdict | null;
  to: Verdict | null;
  check: string;
  account: string;
  resource: string;
  severity: string;
};

async function recordChanges(db: Db, changes: Change[]): Promise<void> {
  if (changes.length === 0) return;
  await db
    .insertInto('findingChanges')
    .values(changes)
    .onConflict((conflict) => conflict.columns(['run', 'finding']).doNothing())
    .execute();
}

async function dropGone(
  store: Store,
  run: string,
  takenAt: Date,
  { accounts, checks }: RunResults['covered'],
): Promise<void> {
  if (accounts.length === 0 || checks.length === 0) return;
  const gone = await store.query
    .selectFrom('findings')
    .select('id')
    .where('account', 'in', accounts)
    .where('check', 'in', checks)
    .where('lastSeen', '<', takenAt)
    .orderBy('id')
    .execute();
  await inChunks(gone, undefined, (chunk) =>
    store.transaction(async ({ query }) => {
      const rows = await query
        .deleteFrom('findings')
        .where(
          'id',
          'in',
          chunk.map(({ id }) => id),
        )
        .where('lastSeen', '<', takenAt)
        .returning(['id', 'verdict', 'check', 'account', 'resource', 'severity'])
        .execute();
      await recordChanges(
        query,
        rows.map(({ id, verdict, ...rest }) => ({ ...rest, finding: id, run, at: takenAt, from: verdict, to: null })),
      );
    }),
  );
}
