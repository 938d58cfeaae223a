import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { inChunks } from './chunks.ts';
import type { Db } from './database.ts';
import type { Store } from './store.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

export interface NewPart {
  /** `<part name>:<key>` */
  key: string;
  /** The account that was asked. */
  account: string;
  takenAt: Date;
  /** Plain data. */
  value: unknown;
}

export interface StoredPart {
  key: string;
  account: string;
  takenAt: Date;
  /** As it was saved; to be parsed by whoever knows its shape. */
  value: unknown;
}

/** Saves parts of a snapshot, the latest only: what did not change is not written again, what is older than the stored is left out. */
export async function saveParts(store: Store, parts: readonly NewPart[]): Promise<void> {
  const rows = parts.map(({ key, account, takenAt, value }) => {
    const text = Buffer.from(JSON.stringify(value));
    return { key, account, takenAt, text, hash: createHash('sha256').update(text).digest('hex') };
  });
  rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  await inChunks(
    rows,
    ({ text }) => text.length,
    (chunk) =>
      store.transaction(async ({ query }) => {
        const stored = await query
          .selectFrom('snapshotParts')
          .select(['key', 'hash', 'takenAt'])
          .where(
            'key',
            'in',
            chunk.map(({ key }) => key),
          )
          .orderBy('key')
          .forUpdate()
          .execute();
        const before = new Map(stored.map((row) => [row.key, row]));
        const same = chunk.filter(({ key, hash }) => before.get(key)?.hash === hash);
        // One statement for all that one reading found unchanged, instead of one for each part.
        for (const alike of Map.groupBy(
          same,
          ({ account, takenAt }) => `${account} ${takenAt.toISOString()}`,
        ).values()) {
          const [first] = alike;
          if (first === undefined) continue;
          const { account, takenAt } = first;
          await query
            .updateTable('snapshotParts')
            .set({ takenAt, account })
            .where(
              'key',
              'in',
              alike.map(({ key }) => key),
            )
            .where('takenAt', '<', takenAt)
            .execute();
        }
        const changed = [];
        for (const { text, ...row } of chunk) {
          if (before.get(row.key)?.hash !== row.hash) changed.push({ ...row, content: await compress(text) });
        }
        if (changed.length === 0) return;
        await query
          .insertInto('snapshotParts')
          .values(changed)
          .onConflict((conflict) =>
            conflict
              .column('key')
              .doUpdateSet((value) => ({
                account: value.ref('excluded.account'),
                hash: value.ref('excluded.hash'),
                content: value.ref('excluded.content'),
                takenAt: value.ref('excluded.takenAt'),
              }))
              .whereRef('snapshotParts.takenAt', '<=', 'excluded.takenAt'),
          )
          .execute();
      }),
  );
}

/** The latest parts by key; what was never read is not among them. */
export function loadParts(db: Db, keys: readonly string[]): Promise<StoredPart[]> {
  return load(db, 'key', keys);
}

/** All latest parts that were read in these accounts. */
export function loadPartsOf(db: Db, accounts: readonly string[]): Promise<StoredPart[]> {
  return load(db, 'account', accounts);
}

async function load(db: Db, column: 'key' | 'account', values: readonly string[]): Promise<StoredPart[]> {
  const parts: StoredPart[] = [];
  await inChunks(values, undefined, async (chunk) => {
    const rows = await db.selectFrom('snapshotParts').selectAll().where(column, 'in', chunk).orderBy('key').execute();
    parts.push(
      ...(await Promise.all(
        rows.map(async ({ key, account, takenAt, content }) => {
          const value: unknown = JSON.parse((await decompress(content)).toString());
          return { key, account, takenAt, value };
        }),
      )),
    );
  });
  return parts;
}

/** Which of these accounts' parts were read at or after a time: a run that is taken up again skips them. */
export async function freshParts(db: Db, accounts: readonly string[], since: Date): Promise<Set<string>> {
  if (accounts.length === 0) return new Set();
  const rows = await db
    .selectFrom('snapshotParts')
    .select('key')
    .where('account', 'in', accounts)
    .where('takenAt', '>=', since)
    .execute();
  return new Set(rows.map(({ key }) => key));
}

/** Forgets parts whose resource is gone. */
export async function dropParts(db: Db, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await db.deleteFrom('snapshotParts').where('key', 'in', keys).execute();
}
