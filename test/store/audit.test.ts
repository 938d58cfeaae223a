import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AuditFilter, auditEntries, auditHead, auditLine, entryHash, entryHmac } from '../../src/store/audit.ts';
import type { AuditEntry, Db } from '../../src/store/database.ts';
import { createFix } from '../../src/store/fixes.ts';
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
    const anchors = [await auditHead(store.query)];
    expect(await verifyAudit(store.query, { key: KEY })).toMatchObject({
      whole: true,
      entries: 4,
      signed: 4,
      tailProven: false,
    });
    expect(await verifyAudit(store.query, { key: KEY, anchors })).toMatchObject({ whole: true, tailProven: true });
    expect(await verifyAudit(store.query)).toMatchObject({ whole: true, signed: 0 });
    await note('5');
    expect(await verifyAudit(store.query, { anchors })).toMatchObject({ whole: true, tailProven: false });
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

  /** Writes entries anew from one on, each with a proper hash, and the head with them: what only the key could hinder. */
  const rewrite = async (db: Db, from: number, change: Partial<AuditEntry>, hmac?: (hash: string) => string) => {
    const entries = await auditEntries(db, { limit: 100 });
    let before = entries.find(({ seq }) => seq === from - 1)?.hash ?? '';
    for (const entry of entries.filter(({ seq }) => seq >= from)) {
      const written = { ...entry, ...(entry.seq === from ? change : {}), prevHash: before };
      const hash = entryHash(written);
      const { data: _, ...columns } = { ...written, hash, hmac: hmac?.(hash) ?? null };
      await db.updateTable('audit').set(columns).where('seq', '=', entry.seq).execute();
      before = hash;
    }
    await db.updateTable('auditHead').set({ hash: before }).execute();
  };
  const cutTo = async (db: Db, seq: number) => {
    await db.deleteFrom('audit').where('seq', '>', seq).execute();
    const [last] = await auditEntries(db, { after: seq - 1, limit: 1 });
    await db
      .updateTable('auditHead')
      .set({ seq, hash: last?.hash ?? '' })
      .execute();
  };
  const swap = async (db: Db) => {
    for (const [from, to] of [
      [2, 99],
      [3, 2],
      [99, 3],
    ] as const) {
      await db.updateTable('audit').set({ seq: to }).where('seq', '=', from).execute();
    }
  };
  const putIn = async (db: Db, seq: number) => {
    const [first] = await auditEntries(db, { limit: 1 });
    if (first === undefined) throw new Error('no entry');
    const entry = { ...first, seq, actor: 'U2' };
    await db
      .insertInto('audit')
      .values({ ...entry, data: '{}', hash: entryHash({ ...entry, data: {} }) })
      .execute();
  };
  const forged = (hash: string) => entryHmac(hash, 'another key');

  /** Which entry is named: with the key, and by whoever has none. */
  test.each<[string, { key: number; none: number | undefined; reason: RegExp }, (db: Db) => Promise<unknown>]>([
    [
      'the text of an entry',
      { key: 2, none: 2, reason: /changed after/ },
      (db) => db.updateTable('audit').set({ actor: 'U2' }).where('seq', '=', 2).execute(),
    ],
    [
      'the data of an entry',
      { key: 3, none: 3, reason: /changed after/ },
      (db) => db.updateTable('audit').set({ data: '{}' }).where('seq', '=', 3).execute(),
    ],
    [
      'an entry taken out',
      { key: 2, none: 2, reason: /is missing/ },
      (db) => db.deleteFrom('audit').where('seq', '=', 2).execute(),
    ],
    [
      'the first entry taken out',
      { key: 1, none: 1, reason: /is missing/ },
      (db) => db.deleteFrom('audit').where('seq', '=', 1).execute(),
    ],
    [
      'the last entry taken out',
      { key: 4, none: 4, reason: /head .* names entry 4, the last is 3/ },
      (db) => db.deleteFrom('audit').where('seq', '=', 4).execute(),
    ],
    ['two entries in another order', { key: 2, none: 2, reason: /does not follow/ }, swap],
    ['an entry put in before all others', { key: 1, none: 1, reason: /put in, with number 0/ }, (db) => putIn(db, 0)],
    ['an entry put in after all others', { key: 5, none: 5, reason: /does not follow/ }, (db) => putIn(db, 5)],
    [
      'an entry written anew with a proper hash, and nothing else',
      { key: 2, none: 3, reason: /changed|HMAC|does not follow/ },
      async (db) => {
        const [entry] = await auditEntries(db, { after: 1, limit: 1 });
        if (entry === undefined) throw new Error('no entry 2');
        const hash = entryHash({ ...entry, actor: 'U2' });
        await db.updateTable('audit').set({ actor: 'U2', hash }).where('seq', '=', 2).execute();
      },
    ],
    [
      'all entries from the middle on written anew, without HMAC',
      { key: 3, none: undefined, reason: /carries no HMAC/ },
      (db) => rewrite(db, 3, { actor: 'U2' }),
    ],
    [
      'all entries from the middle on written anew, with a forged HMAC',
      { key: 3, none: undefined, reason: /HMAC that the key did not make/ },
      (db) => rewrite(db, 3, { actor: 'U2' }, forged),
    ],
    [
      'all entries written anew, with a forged HMAC',
      { key: 1, none: undefined, reason: /HMAC that the key did not make/ },
      (db) => rewrite(db, 1, { actor: 'U2' }, forged),
    ],
  ])('%s: the first bad entry is named', async (_, { key, none, reason }, work) => {
    const anchors = [await auditHead(store.query)];
    await tamper(work);
    const keyed = await verifyAudit(store.query, { key: KEY });
    expect(keyed).toMatchObject({ whole: false, broken: { seq: key, reason: expect.stringMatching(reason) } });
    const keyless = await verifyAudit(store.query);
    if (none === undefined) expect(keyless).toMatchObject({ whole: true, tailProven: false });
    else expect(keyless).toMatchObject({ whole: false, broken: { seq: none } });
    // Whatever was done, an anchor from outside shows that something was.
    expect(await verifyAudit(store.query, { anchors })).toMatchObject({ whole: false, tailProven: false });
  });

  test('a chain written anew without any HMAC is whole to whoever has the key, and no entry of it is proven', async () => {
    const anchors = [await auditHead(store.query)];
    await tamper((db) => rewrite(db, 1, { actor: 'U2' }));
    expect(await verifyAudit(store.query, { key: KEY })).toMatchObject({ whole: true, signed: 0, tailProven: false });
    expect(await verifyAudit(store.query, { key: KEY, anchors })).toMatchObject({ whole: false, broken: { seq: 4 } });
  });

  test('an end that was cut off and hidden in the head is found by an anchor', async () => {
    const anchors = [await auditHead(store.query)];
    await tamper((db) => cutTo(db, 2));
    expect(await verifyAudit(store.query, { key: KEY })).toMatchObject({ whole: true, tailProven: false });
    expect(await verifyAudit(store.query, { key: KEY, anchors })).toMatchObject({
      whole: false,
      broken: { seq: 3, reason: expect.stringMatching(/anchor names entry 4, the last is 2/) },
    });
  });

  test('an anchor made after the attack does not cover up what an older one shows', async () => {
    const older = await auditHead(store.query);
    await tamper((db) => rewrite(db, 2, { actor: 'U2' }));
    await note('5');
    const newer = await auditHead(store.query);
    expect(await verifyAudit(store.query, { anchors: [newer] })).toMatchObject({ whole: true, tailProven: true });
    expect(await verifyAudit(store.query, { anchors: [newer, older] })).toMatchObject({
      whole: false,
      broken: { seq: 4, reason: expect.stringMatching(/another one than the anchor/) },
    });
  });

  test('entries added while it reads are read as well', async () => {
    const { query } = store;
    const verified = verifyAudit(query, { key: KEY });
    await Promise.all(Array.from({ length: 10 }, (_, index) => note(`meanwhile ${index}`)));
    expect(await verified).toMatchObject({ whole: true });
  });

  test('entries are found by time, by account and by person', async () => {
    const [first] = await auditEntries(store.query, { limit: 1 });
    await store.transaction(async (tx) => {
      const subject = { kind: 'freeze', id: 'all' };
      tx.audit({ actor: 'U2', action: 'freeze.set', subject, data: { places: [{ account: '111111111111' }] } });
      tx.audit({ actor: 'U3', action: 'freeze.lifted', subject, data: { users: ['U2'], note: 'not 222222222222' } });
    });
    const seqs = async (filter: AuditFilter) =>
      (await auditEntries(store.query, { ...filter, limit: 9 })).map((e) => e.seq);
    expect(await seqs({ account: '111111111111' })).toEqual([5]);
    expect(await seqs({ account: '222222222222' })).toEqual([]);
    expect(await seqs({ person: 'U2' })).toEqual([5, 6]);
    expect(await seqs({ person: 'U3', account: '111111111111' })).toEqual([]);
    const at = first?.at ?? new Date(0);
    expect(await seqs({ from: at })).toHaveLength(6);
    expect(await seqs({ from: new Date(at.getTime() + 1) })).toEqual([]);
    expect(await seqs({ to: at })).toEqual([]);
  });

  test('what looks like a secret is neither kept nor exported, and the exported lines still prove the chain', async () => {
    const token = 'xoxb-1234567890-abcdefghij';
    const key = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12';
    await store.transaction(async (tx) =>
      tx.audit({
        ...{ actor: `U1 ${token}`, action: 'fix.rejected', subject: { kind: 'fix', id: 'planted' } },
        data: {
          reason: `use ${token} or password: hunter22, key ${key}`,
          sessionToken: 'abc',
          nested: [{ secret: 'x' }],
        },
      }),
    );
    expect(await verifyAudit(store.query, { key: KEY })).toMatchObject({ whole: true, entries: 5 });
    const lines = (await auditEntries(store.query, { limit: 9 })).map(auditLine);
    for (const planted of [token, key, 'hunter22', '"abc"', '"x"']) {
      expect(lines.join('')).not.toContain(planted);
      expect(JSON.stringify(await auditEntries(store.query, { limit: 9 }))).not.toContain(planted);
    }
    let before = '';
    for (const line of lines) {
      const { at, ...entry }: Omit<AuditEntry, 'at'> & { at: string } = JSON.parse(line);
      expect([entry.prevHash, entryHash({ ...entry, at: new Date(at) })]).toEqual([before, entry.hash]);
      before = entry.hash;
    }
    // Even what somebody put past this program into the table does not leave it.
    await tamper((db) =>
      db
        .updateTable('audit')
        .set({ data: JSON.stringify({ token }) })
        .where('seq', '=', 5)
        .execute(),
    );
    expect((await auditEntries(store.query, { limit: 9 })).map(auditLine).join('')).not.toContain(token);
  });

  test('an entry about a fix names its accounts, check and findings', async () => {
    const fix = await store.transaction((tx) =>
      createFix(tx, {
        ...{ key: 'f1', findings: ['f1'], check: 'trail/logging', accounts: ['333333333333'], plan: {}, planHash: 'h' },
        ...{ class: 'auto', risk: 'safe', people: 1 },
      }),
    );
    await note(fix?.id ?? '', { reason: 'because' });
    expect(await auditEntries(store.query, { account: '333333333333', limit: 9 })).toMatchObject([
      { data: { reason: 'because', check: 'trail/logging', accounts: ['333333333333'], findings: ['f1'] } },
    ]);
    await store.query.deleteFrom('fixes').execute();
  });

  test('the table itself refuses changes', async () => {
    await expect(store.query.updateTable('audit').set({ actor: 'U2' }).execute()).rejects.toThrow('append-only');
    await expect(store.query.deleteFrom('audit').execute()).rejects.toThrow('append-only');
  });
});
