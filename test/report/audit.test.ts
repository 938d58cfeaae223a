import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportAudit } from '../../src/report/audit.ts';
import type { AuditFilter } from '../../src/store/audit.ts';
import { openTestStore, type TestStore, testClock } from '../support/store.ts';

const clock = testClock();
const START = clock.now();
const MANY = 1_200;
let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore({ now: clock.now });
  await opened.store.transaction(async (tx) => {
    const subject = { kind: 'freeze', id: '=cmd|calc' };
    const data = {
      reason: '=HYPERLINK("https://evil.example"),\n"quoted"',
      accounts: ['111111111111', '222222222222'],
    };
    tx.audit({ actor: 'U0APPROVER1', action: 'freeze.set', subject, data });
    tx.audit({ actor: 'U0APPROVER2', action: 'freeze.lifted', subject, data: { error: 'token=abcdefgh12345' } });
  });
  clock.advance(60_000);
  await opened.store.transaction(async (tx) => {
    for (let at = 0; at < MANY; at++)
      tx.audit({ actor: 'trail-check', action: 'x', subject: { kind: 'x', id: String(at) } });
  });
});
afterAll(() => opened.close());

const pieces = async (format: 'jsonl' | 'csv', filter: AuditFilter = {}) => {
  const all: string[] = [];
  for await (const piece of exportAudit(opened.store.query, format, filter)) all.push(piece);
  return all;
};

test('a long log comes in pages, every entry once and in order', async () => {
  const all = await pieces('jsonl');
  expect(all.length).toBeGreaterThan(2);
  const seqs = all
    .join('')
    .trim()
    .split('\n')
    .map((line): number => JSON.parse(line).seq);
  expect(seqs).toEqual(Array.from({ length: MANY + 2 }, (_, at) => at + 1));
  expect((await pieces('csv')).join('').split('\r\n')).toHaveLength(MANY + 2 + 2);
});

test('no cell acts in a spreadsheet, and no secret is in one', async () => {
  const csv = (await pieces('csv', { to: new Date(START.getTime() + 1) })).join('');
  expect(csv).toContain(`'=cmd|calc,111111111111 222222222222,,"'=HYPERLINK(""https://evil.example""),\n""quoted"""`);
  expect(csv).toContain('token=[redacted]');
  expect(`${csv}${(await pieces('jsonl')).join('')}`).not.toContain('abcdefgh12345');
});

test.each<[AuditFilter, number]>([
  [{ from: START, to: new Date(START.getTime() + 1) }, 2],
  [{ from: new Date(START.getTime() + 1) }, MANY],
  [{ account: '222222222222' }, 1],
  [{ account: '333333333333' }, 0],
  [{ person: 'U0APPROVER2' }, 1],
])('%j gives %i entries', async (filter, number) => {
  const lines = (await pieces('jsonl', filter))
    .join('')
    .split('\n')
    .filter((line) => line !== '');
  expect(lines).toHaveLength(number);
});
