import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditEntries, auditHead, entryHash } from '../../src/store/audit.ts';
import type { Db } from '../../src/store/database.ts';
import type { Store } from '../../src/store/store.ts';
import { verifyAudit } from '../../src/store/verify-audit.ts';
import { STORE_KINDS, storesOn } from '../support/store.ts';

const KEY = 'a key of the tests';

describe.each(STORE_KINDS)('on %s', (kind) => {
  let stores: Awaited<ReturnType<typeof storesOn>>;
  let store: Store;
  let close: () => Promise<void>;

  beforeAll(async () => {
    stores = await storesOn(kind);
    ({ store, close } = await stores.open({ auditKey: KEY }));
  });
  afterAll(async () => {
    await close?.();
    await stores?.stop();
  });

  const note = (
    id: string,
    data: object = { b: [1, { z: 1, y: null }], a: 1e21, at: new Date(0), text: 'é🙈\ud83d' },
  ) =>
    store.transaction(async (tx) =>
      tx.audit({ actor: 'U1', action: 'fix.approved', subject: { kind: 'fix', id }, data, planHash: 'p' }),
    );
  /** Does to the table what only someone with the database in their hands can do. */
  const tamper = (work: (db: Db) => Promise<unknown>) =>
    store.transaction(async ({ query }) => {
      await sql`alter table audit disable trigger audit_append_only`.execute(query);
      await work(query);
      await sql`alter table audit enable trigger audit_append_only`.execute(query);
    });

  beforeEach(async () => {
    await tamper(async (db) => {
      await db.deleteFrom('audit').execute();
      await db.updateTable('auditHead').set({ seq: 0, hash: '' }).execute();
    });
    for (const id of ['1', '2', '3', '4']) await note(id);
  });

  test('an untouched log is whole, and its end is proven only with an anchor', async () => {
    const anchor = await auditHead(store.query);
    expect(await verifyAudit(store.query, { key: KEY })).toMatchObject({
      whole: true,
      entries: 4,
      signed: 4,
      tailProven: false,
    });
    expect(await verifyAudit(store.query, { key: KEY, anchor })).toMatchObject({ whole: true, tailProven: true });
    expect(await verifyAudit(store.query)).toMatchObject({ whole: true, signed: 0 });
    await note('5');
    expect(await verifyAudit(store.query, { anchor })).toMatchObject({ whole: true, tailProven: false });
  });

  test('transactions at once leave one chain', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => note(`at once ${index}`)));
    expect(await verifyAudit(store.query, { key: KEY })).toMatchObject({ whole: true, entries: 24 });
  });

  test('entries come back in order and in pages', async () => {
    const page = await auditEntries(store.query, { after: 1, limit: 2 });
    expect(page.map(({ seq, subjectId }) => [seq, subjectId])).toEqual([
      [2, '2'],
      [3, '3'],
    ]);
  });

  test.each<[string, number, (db: Db) => Promise<unknown>]>([
    ['the text of an entry', 2, (db) => db.updateTable('audit').set({ actor: 'U2' }).where('seq', '=', 2).execute()],
    ['the data of an entry', 3, (db) => db.updateTable('audit').set({ data: '{}' }).where('seq', '=', 3).execute()],
    ['an entry taken out', 2, (db) => db.deleteFrom('audit').where('seq', '=', 2).execute()],
    ['the last entry taken out', 4, (db) => db.deleteFrom('audit').where('seq', '=', 4).execute()],
    [
      'a forged entry with a proper hash',
      4,
      async (db) => {
        const [last] = await db.selectFrom('audit').selectAll().where('seq', '=', 4).execute();
        if (last === undefined) throw new Error('no entry 4');
        const forged = { ...last, actor: 'U2' };
        const hash = entryHash(forged);
        await db.updateTable('audit').set({ actor: 'U2', hash, hmac: null }).where('seq', '=', 4).execute();
        await db.updateTable('auditHead').set({ hash }).execute();
      },
    ],
  ])('%s is noticed', async (_, seq, work) => {
    await tamper(work);
    expect(await verifyAudit(store.query, { key: KEY })).toMatchObject({ whole: false, broken: { seq } });
  });

  test('a cut-off end that hides in the head is noticed with an anchor', async () => {
    const anchor = await auditHead(store.query);
    await tamper(async (db) => {
      await db.deleteFrom('audit').where('seq', '>', 2).execute();
      const [last] = await auditEntries(db, { after: 1, limit: 1 });
      await db
        .updateTable('auditHead')
        .set({ seq: 2, hash: last?.hash ?? '' })
        .execute();
    });
    expect(await verifyAudit(store.query, { key: KEY })).toMatchObject({ whole: true, tailProven: false });
    expect(await verifyAudit(store.query, { key: KEY, anchor })).toMatchObject({ whole: false, broken: { seq: 3 } });
  });

  test('the table itself refuses changes', async () => {
    await expect(store.query.updateTable('audit').set({ actor: 'U2' }).execute()).rejects.toThrow('append-only');
    await expect(store.query.deleteFrom('audit').execute()).rejects.toThrow('append-only');
  });
});
