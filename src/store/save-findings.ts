import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { inChunks } from './chunks.ts';
import type { Db, FindingChange, Verdict } from './database.ts';
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
  findings: readonly FindingResult[];
  /** What was evaluated without a gap: findings stored for these accounts and checks that did not come up again are gone. */
  covered: { accounts: readonly string[]; checks: readonly string[] };
}

/**
 * Stores the verdicts of a run: what is new or another is written, with the change recorded; of the rest only that it
 * was seen. In portions, each a transaction of its own, so a run that died is simply saved again.
 * A finding that is new and not a failure is no change.
 */
export async function saveResults(store: Store, { run, takenAt, findings, covered }: RunResults): Promise<void> {
  // One order for all, so that two runs over the same resources do not lock each other out.
  const sorted = findings.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await inChunks(
    rowsOf(sorted),
    ({ data }) => data.length,
    (chunk) => store.transaction(({ query }) => saveChunk(query, run, takenAt, chunk)),
  );
  await dropGone(store, run, takenAt, covered);
}

type Row = Omit<FindingResult, 'data'> & { data: string; contentHash: string };

function* rowsOf(findings: readonly FindingResult[]): Generator<Row> {
  for (const finding of findings) {
    const data = toJson(finding.data);
    yield { ...finding, data, contentHash: createHash('sha256').update(data).digest('hex') };
  }
}

async function saveChunk(db: Db, run: string, takenAt: Date, rows: Row[]): Promise<void> {
  const stored = await db
    .selectFrom('findings')
    .select(['id', 'verdict', 'severity', 'contentHash', 'fingerprint', 'lastSeen'])
    .where('id', '=', anyOf(rows))
    .orderBy('id')
    .forUpdate()
    .execute();
  const before = new Map(stored.map((row) => [row.id, row]));
  const same: Row[] = [];
  const differing: Row[] = [];
  for (const row of rows) {
    const old = before.get(row.id);
    if (old !== undefined && old.lastSeen > takenAt) continue;
    const alike =
      old?.contentHash === row.contentHash &&
      old.fingerprint === row.fingerprint &&
      old.verdict === row.verdict &&
      old.severity === row.severity;
    (alike ? same : differing).push(row);
  }
  if (same.length > 0) {
    await db.updateTable('findings').set({ lastSeen: takenAt }).where('id', '=', anyOf(same)).execute();
  }
  if (differing.length > 0) await upsert(db, takenAt, differing);
  await recordChanges(
    db,
    { run, at: takenAt },
    differing.flatMap(({ id, verdict, check, account, resource, severity }) => {
      const from = before.get(id)?.verdict ?? null;
      const quiet = from === null ? verdict !== 'fail' && verdict !== 'unknown' : from === verdict;
      return quiet ? [] : [{ finding: id, from, to: verdict, check, account, resource, severity }];
    }),
  );
}

// Rows travel as one JSON parameter: thousands of parameters cost PGlite, and so the main thread, three times as much.
async function upsert(db: Db, takenAt: Date, rows: Row[]): Promise<void> {
  await sql`
    insert into findings (
      id, "check", account, region, resource, verdict, severity, title, data, content_hash, fingerprint,
      first_seen, last_seen, changed_at
    )
    select
      id, "check", account, region, resource, verdict, severity, title, data::jsonb, "contentHash", fingerprint,
      ${takenAt}::timestamptz, ${takenAt}::timestamptz, ${takenAt}::timestamptz
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as row (
      id text, "check" text, account text, region text, resource text, verdict text, severity text, title text,
      data text, "contentHash" text, fingerprint text
    )
    on conflict (id) do update set
      verdict = excluded.verdict,
      severity = excluded.severity,
      title = excluded.title,
      data = excluded.data,
      content_hash = excluded.content_hash,
      fingerprint = excluded.fingerprint,
      last_seen = excluded.last_seen,
      changed_at = case when findings.verdict = excluded.verdict then findings.changed_at else excluded.changed_at end
  `.execute(db);
}

type Change = Omit<FindingChange, 'run' | 'at'>;

async function recordChanges(db: Db, { run, at }: { run: string; at: Date }, changes: Change[]): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    insert into finding_changes (run, at, finding, "from", "to", "check", account, resource, severity)
    select ${run}, ${at}::timestamptz, finding, "from", "to", "check", account, resource, severity
    from jsonb_to_recordset(${toJson(changes)}::jsonb) as row (
      finding text, "from" text, "to" text, "check" text, account text, resource text, severity text
    )
    on conflict (run, finding) do nothing
  `.execute(db);
}

function anyOf(rows: readonly { id: string }[]) {
  return sql<string>`any(${rows.map(({ id }) => id)}::text[])`;
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
        .where('id', '=', anyOf(chunk))
        .where('lastSeen', '<', takenAt)
        .returning(['id', 'verdict', 'check', 'account', 'resource', 'severity'])
        .execute();
      await recordChanges(
        query,
        { run, at: takenAt },
        rows.map(({ id, verdict, ...rest }) => ({ ...rest, finding: id, from: verdict, to: null })),
      );
    }),
  );
}
