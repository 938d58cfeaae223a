import { afterAll, expect, it } from 'vitest';
import { trailCheck } from '../commands/cli.ts';
import { testFixes } from '../support/fixes.ts';
import { openTestStore } from '../support/store.ts';

/** Design, section 8: a secret, token or credential in a log, a message, an error or the database. */

const TABLES = [
  'runs',
  'findings',
  'findingChanges',
  'fixes',
  'approvals',
  'audit',
  'messages',
  'documents',
  'holds',
] as const;
const opened = await openTestStore({ now: () => new Date() });
afterAll(() => opened.close());

const SECRETS = {
  SLACK_BOT_TOKEN: 'xoxb-1111-hunter2hunter2',
  SLACK_APP_TOKEN: 'xapp-1-A1-hunter2hunter2',
  SLACK_SIGNING_SECRET: 'hunter2hunter2hunter2',
  AWS_SECRET_ACCESS_KEY: 'hunter2Hunter2/hunter2Hunter2+hunter2Hun',
  AWS_SESSION_TOKEN: 'hunter2sessiontokenhunter2',
};

it.each([
  ['an endpoint that is not there', ['scan', '111111111111'], {}],
  ['a database that is not there', ['serve'], { DATABASE_URL: 'postgres://bot:hunter2@127.0.0.1:1/x' }],
])('no secret is told about %s, however much is logged', { timeout: 60_000 }, async (_, words, env) => {
  const { out, error } = await trailCheck(words, {
    ...SECRETS,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_MAX_ATTEMPTS: '1',
    LOG_LEVEL: 'debug',
    ...env,
  });
  expect(`${out}${error}`).not.toBe('');
  expect(`${out}${error}`.toLowerCase()).not.toContain('hunter2');
});

it('the database holds no credential after a fix', async () => {
  const { store } = opened;
  const world = await testFixes({ store });
  const id = (await world.scanAndPropose('prod', ['trail/log-file-validation'])).fixFor(
    'trail/log-file-validation',
    'acme-org-trail',
  );
  await world.approve(id);
  await world.fixes.apply(id);
  expect(await world.find(id)).toMatchObject({ state: 'fixed' });
  const rows = await Promise.all(TABLES.map((table) => store.query.selectFrom(table).selectAll().execute()));
  const kept = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  const secrets = [...world.estate.credentials.values()].flatMap(({ secretAccessKey, sessionToken }) => [
    secretAccessKey,
    ...(sessionToken === undefined ? [] : [sessionToken]),
  ]);
  await world.close();
  expect(secrets.length).toBeGreaterThan(5);
  expect(secrets.filter((secret) => kept.includes(secret))).toEqual([]);
});
