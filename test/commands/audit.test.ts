import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditHead } from '../../src/store/audit.ts';
import { openStore } from '../../src/store/open.ts';
import type { Tx } from '../../src/store/store.ts';
import { testClock, testFolder } from '../support/store.ts';
import { trailCheck } from './cli.ts';

const KEY = 'a key of the tests';
const PATIENCE = { timeout: 120_000 };
let dataDir: string;
let anchor: string;

/** Another process must have let go of the folder before the command opens it. */
const inStore = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
  const store = await openStore({ dataDir }, { now: testClock().now, auditKey: KEY });
  try {
    return await store.transaction(work);
  } finally {
    await store.close();
  }
};
const audit = (...words: string[]) =>
  trailCheck(['audit', ...words], {
    TRAIL_CHECK_CONFIG: join(dataDir, 'trail-check.yaml'),
    TRAIL_CHECK_AUDIT_KEY: KEY,
  });

beforeAll(async () => {
  dataDir = await testFolder();
  await writeFile(join(dataDir, 'trail-check.yaml'), `store: { dataDir: ${dataDir} }\n`);
  await inStore(async (tx) => {
    const subject = { kind: 'freeze', id: 'all' };
    tx.audit({
      actor: 'U0APPROVER1',
      action: 'freeze.set',
      subject,
      data: { reason: '=1+1', account: '111111111111' },
    });
    tx.audit({ actor: 'U0APPROVER2', action: 'freeze.lifted', subject });
  });
  const { seq, hash } = await inStore((tx) => auditHead(tx.query));
  anchor = `${seq}:${hash}`;
}, 120_000);
afterAll(() => rm(dataDir, { recursive: true, force: true }));

it('a whole log ends with 0, and says what is not proven without an anchor', PATIENCE, async () => {
  const { status, out, error } = await audit('verify');
  expect({ status, error }).toEqual({ status: 0, error: '' });
  expect(out).toMatch(/is whole: 2 entries[\s\S]*The tail is not proven[\s\S]*Every entry carries a valid HMAC/);
  expect((await audit('verify', '--anchor', anchor)).out).toContain('Its end is proven by the anchors you gave.');
});

it('export gives JSON lines or CSV, of a time, an account, a person', PATIENCE, async () => {
  const { status, out } = await audit('export', '--format', 'jsonl', '--person', 'U0APPROVER2');
  expect({ status, line: JSON.parse(out) }).toMatchObject({ status: 0, line: { seq: 2, action: 'freeze.lifted' } });
  const csv = await audit('export', '--format', 'csv', '--account', '111111111111', '--to', '2026-11-02');
  expect(csv.out.split('\r\n')[1]).toMatch(
    /^1,2026-11-02T09:00:00.000Z,U0APPROVER1,freeze.set,freeze,all,111111111111,,'=1\+1,/,
  );
  expect((await audit('export', '--from', '2026-11-03')).out).toBe('');
});

it.each<[string[], RegExp]>([
  [[], /takes verify, export, or show with the id of a fix/],
  [['show'], /takes verify, export, or show/],
  [['show', 'tc-unknown'], /There is no fix "tc-unknown"/],
  [['verify', '--format', 'csv'], /--format takes text or json for verify/],
  [['verify', '--person', 'U1'], /--person is not for verify/],
  [['verify', '--anchor', '12'], /--anchor takes <sequence>:<hash>/],
  [['export', '--from', 'yesterday'], /--from takes a day/],
])('audit %j cannot run, ends with 2 and says why', PATIENCE, async (words, why) => {
  const { status, out, error } = await audit(...words);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(error).toMatch(why);
});

it('a database that another process holds ends with 2', PATIENCE, async () => {
  const store = await openStore({ dataDir }, { now: testClock().now });
  const { status, error } = await audit('verify');
  await store.close();
  expect(status).toBe(2);
  expect(error).not.toBe('');
});

it('a log that somebody tampered with ends with 1 and names the entry', PATIENCE, async () => {
  await inStore(async ({ query }) => {
    await sql`alter table audit disable trigger audit_append_only`.execute(query);
    await query.updateTable('audit').set({ actor: 'U0REQUESTER' }).where('seq', '=', 2).execute();
    await sql`alter table audit enable trigger audit_append_only`.execute(query);
  });
  const { status, out } = await audit('verify', '--format', 'json');
  expect({ status, verdict: JSON.parse(out) }).toMatchObject({
    status: 1,
    verdict: { whole: false, broken: { seq: 2 } },
  });
  expect((await audit('verify')).out).toMatch(/^The audit log is broken: entry 2 was changed after it was written\.\n/);
});
