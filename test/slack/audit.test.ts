import { WebClient } from '@slack/web-api';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { createAudit } from '../../src/fixes/audit/service.ts';
import { createLogger } from '../../src/ops/logger.ts';
import { postedAnchors } from '../../src/slack/audit-anchors.ts';
import { auditHead, entryHash } from '../../src/store/audit.ts';
import { startBot, type TestBot } from '../support/bot.ts';
import { visible } from '../support/workspace.ts';

const LOG = 'C0AUDITLOG00';
const logger = createLogger({ level: 'silent' });
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function prepared() {
  const bot = await startBot();
  closers.push(bot.close);
  const nothing = () => {
    throw new Error('AWS is not there in this test');
  };
  const audit = createAudit({
    ...{ store: bot.store, config: { audit: { channel: LOG }, aws: { region: 'us-east-1' } }, key: undefined },
    ...{ reader: nothing, exporter: nothing, posted: bot.bot.postedAnchors, logger, owner: 'test' },
  });
  return { ...bot, audit };
}

const note = ({ store }: Pick<TestBot, 'store'>, reason: string) =>
  store.transaction(async (tx) =>
    tx.audit({ actor: 'U0APPROVER1', action: 'fix.rejected', subject: { kind: 'fix', id: 'tc-1' }, data: { reason } }),
  );

test('entries and anchors stand in the audit channel, and prove the log against whoever has the database', async () => {
  const bot = await prepared();
  await note(bot, 'Not this week <!channel> xoxb-1234567890-abcdefghij');
  await note(bot, 'Nor the next');
  await bot.audit.sweep();
  await bot.bot.start();
  const head = await auditHead(bot.store.query);
  const shown = await bot.workspace.until((message) => visible(message).includes('Nor the next'), 'the entries');
  expect(visible(shown)).toContain('[redacted]');
  expect(visible(shown)).not.toMatch(/xoxb-/);
  await bot.workspace.until((message) => visible(message).includes('The audit log ends with entry 2'), 'the anchor');
  expect(await bot.workspace.messages({ channel: 'audit-log' })).toHaveLength(2);
  expect(await bot.audit.verify()).toMatchObject({
    verdict: { whole: true, tailProven: true },
    sources: [{ where: 'channel', anchors: [head, head] }],
  });

  // All of it is written anew, with proper hashes, and another anchor is posted for it.
  await bot.store.transaction(async ({ query }) => {
    await sql`alter table audit disable trigger audit_append_only`.execute(query);
    await query.deleteFrom('audit').where('seq', '>', 1).execute();
    const entry = await query.selectFrom('audit').selectAll().executeTakeFirstOrThrow();
    const hash = entryHash({ ...entry, actor: 'U0REQUESTER' });
    await query.updateTable('audit').set({ actor: 'U0REQUESTER', hash }).execute();
    await query.updateTable('auditHead').set({ seq: 1, hash }).execute();
    const subject = { kind: 'audit-anchor', id: `1:${hash}` };
    await query
      .updateTable('messages')
      .set({ key: `audit-anchor:1:${hash}`, subjectId: subject.id, wantedVersion: 2 })
      .where('subjectKind', '=', subject.kind)
      .execute();
  });
  expect(await bot.audit.verify()).toMatchObject({ verdict: { whole: false, broken: { seq: 2 } } });
});

test('anchors count only in messages of the bot itself, and a channel it cannot read proves nothing', async () => {
  const bot = await prepared();
  await note(bot, 'because');
  await bot.audit.sweep();
  await bot.bot.start();
  await bot.workspace.until((message) => visible(message).includes('The audit log ends'), 'the anchor');
  const web = new WebClient(bot.slack.botToken, { slackApiUrl: bot.slack.apiUrl });
  expect(await postedAnchors(web, { channel: LOG, botId: 'B0SOMEBODY' })).toEqual([]);
  await bot.workspace.fault({ kind: 'refuse', method: 'conversations.history', reason: 'missing_scope', count: 5 });
  expect(await bot.audit.verify()).toMatchObject({
    verdict: { whole: true, tailProven: false },
    sources: [{ where: 'channel', anchors: [], problem: expect.stringContaining('missing_scope') }],
  });
});
