import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAudit } from '../../../src/fixes/audit/service.ts';
import { auditHead, entryHash } from '../../../src/store/audit.ts';
import type { AuditEntry } from '../../../src/store/database.ts';
import { openTestStore, type TestStore, testClock } from '../../support/store.ts';
import { ARCHIVE, auditWorld, CHANNEL, failing, NAME } from './world.ts';

const MINUTE = 60_000;
const clock = testClock('2026-11-02T09:59:00.000Z');
let opened: TestStore;
let world: Awaited<ReturnType<typeof auditWorld>>;

beforeAll(async () => {
  opened = await openTestStore({ now: clock.now });
});
afterAll(() => opened.close());
beforeEach(async () => {
  await opened.store.transaction(async ({ query }) => {
    await sql`alter table audit disable trigger audit_append_only`.execute(query);
    await query.deleteFrom('audit').execute();
    await sql`alter table audit enable trigger audit_append_only`.execute(query);
    await query.updateTable('auditHead').set({ seq: 0, hash: '' }).execute();
    const nothing = { seq: 0, hash: '', upto: null, at: null, owner: null, leaseUntil: null };
    await query.updateTable('auditMirror').set(nothing).execute();
    await query.deleteFrom('messages').execute();
    await query.deleteFrom('cronSlots').execute();
  });
  world = await auditWorld(opened.store);
});
afterEach(() => world.close());

const note = (actor = 'U0APPROVER1', action = 'fix.approved', reason = 'because') =>
  opened.store.transaction(async (tx) =>
    tx.audit({ actor, action, subject: { kind: 'fix', id: 'tc-1' }, data: { reason } }),
  );
const notes = async (number: number, actor?: string) => {
  for (let at = 0; at < number; at++) await note(actor);
};
const said = async (kind: string) =>
  (
    await opened.store.query
      .selectFrom('messages')
      .select(['subjectId', 'channel'])
      .where('subjectKind', '=', kind)
      .orderBy('id')
      .execute()
  ).map(({ subjectId, channel }) => {
    expect(channel).toBe(CHANNEL);
    return subjectId;
  });
const lines = () =>
  world
    .objects()
    .filter(({ key }) => key.endsWith('.jsonl'))
    .flatMap(({ body }): (Omit<AuditEntry, 'at'> & { at: string })[] =>
      body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );

describe('the channel', () => {
  test('gets what was added, one message a minute at most, every entry once', async () => {
    await notes(3);
    await world.audit.sweep();
    await note();
    await world.audit.sweep();
    expect(await said('audit')).toEqual(['1-3']);
    clock.advance(MINUTE);
    await note();
    await world.audit.sweep();
    expect(await said('audit')).toEqual(['1-3', '4-5']);
    clock.advance(MINUTE);
    await world.audit.sweep();
    expect(await said('audit')).toHaveLength(2);
  });

  test('many entries that people made are spread over messages, what the program did is told together', async () => {
    await notes(60);
    await notes(200, 'trail-check');
    await world.audit.sweep();
    clock.advance(MINUTE);
    await world.audit.sweep();
    expect(await said('audit')).toEqual(['1-40', '41-260']);
  });

  test('two processes at once say everything once', async () => {
    await notes(5);
    const other = createAudit({ ...world.context, owner: 'other' });
    await Promise.all([world.audit.sweep(), other.sweep()]);
    expect(await said('audit')).toEqual(['1-5']);
    expect(await said('audit-anchor')).toHaveLength(1);
    expect(lines().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('the bucket', () => {
  test('holds every entry as a line, from which the chain is proven without the database', async () => {
    await notes(3);
    await world.audit.sweep();
    clock.advance(MINUTE);
    await notes(2);
    await world.audit.sweep();
    expect(world.objects().map(({ key }) => key)).toEqual([
      '2026/11/02/0000000001-0000000003.jsonl',
      '2026/11/02/0000000004-0000000005.jsonl',
      expect.stringMatching(/^anchors\/0000000003-[0-9a-f]{64}\.json$/),
    ]);
    let before = '';
    for (const { at, ...entry } of lines()) {
      expect([entry.prevHash, entryHash({ ...entry, at: new Date(at) })]).toEqual([before, entry.hash]);
      before = entry.hash;
    }
    expect(before).toBe((await auditHead(opened.store.query)).hash);
    expect(world.logged).toEqual([]);
  });

  test('gets many entries in objects of 500, without waiting', async () => {
    await opened.store.transaction(async (tx) => {
      for (let at = 0; at < 1_100; at++) {
        tx.audit({ actor: 'trail-check', action: 'fix.proposed', subject: { kind: 'other', id: String(at) } });
      }
    });
    await world.audit.sweep();
    clock.advance(MINUTE);
    await world.audit.sweep();
    expect(lines().map(({ seq }) => seq)).toEqual(Array.from({ length: 1_100 }, (_, at) => at + 1));
    expect(world.objects().filter(({ key }) => key.endsWith('.jsonl'))).toHaveLength(3);
  });

  test('an object holds the entries of one day', async () => {
    await note();
    clock.advance(24 * 60 * MINUTE);
    await note();
    await world.audit.sweep();
    clock.advance(MINUTE);
    await world.audit.sweep();
    const days = world.objects().flatMap(({ key }) => (key.endsWith('.jsonl') ? key.slice(0, 10) : []));
    expect(days).toHaveLength(2);
    expect(new Set(days).size).toBe(2);
  });

  test.each(['before', 'after'] as const)(
    'a put that fails %s it arrived is made again, the same, and what came meanwhile goes into the next object',
    async (when) => {
      await notes(3);
      const { context } = world;
      const broken = createAudit({ ...context, exporter: (bucket) => failing(context.exporter(bucket), when) });
      await broken.sweep();
      expect(world.logged.join('')).toContain('could not be mirrored');
      await notes(2);
      await world.audit.sweep();
      // Not at once: it would fail every few seconds.
      expect(lines()).toHaveLength(when === 'before' ? 0 : 3);
      clock.advance(MINUTE);
      await world.audit.sweep();
      clock.advance(MINUTE);
      await world.audit.sweep();
      expect(lines().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
      const [first] = world.objects();
      expect(first).toMatchObject({
        key: expect.stringContaining('0000000001-0000000003'),
        versions: when === 'after' ? 2 : 1,
      });
    },
  );

  test('a process that dies before its put, or before noting it, is followed by one that puts the same', async () => {
    await notes(3);
    const { context } = world;
    for (const when of ['never', 'answered'] as const) {
      const exporter: typeof context.exporter = (bucket) => {
        const session = context.exporter(bucket);
        return {
          ...session,
          async call(name, region, input) {
            if (when === 'answered') await session.call(name, region, input);
            return new Promise(() => undefined);
          },
        };
      };
      void createAudit({ ...context, exporter, owner: `mortal ${when}` }).sweep();
      await expect
        .poll(() =>
          opened.store.query
            .selectFrom('auditMirror')
            .select(['upto', 'owner'])
            .where('kind', '=', 'bucket')
            .executeTakeFirst(),
        )
        .toEqual({ upto: 3, owner: `mortal ${when}` });
      if (when === 'answered') await expect.poll(() => lines().length).toBe(3);
      clock.advance(2 * MINUTE);
      await note();
    }
    await world.audit.sweep();
    clock.advance(MINUTE);
    await world.audit.sweep();
    expect(lines().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  test('is written to as the exporter, who may do that and nothing else', async () => {
    await note();
    await world.audit.sweep();
    const puts = world.estate.calls.filter(({ service }) => service === 's3');
    expect(new Set(puts.map(({ operation }) => operation))).toEqual(new Set(['PutObject']));
    expect(puts.every(({ caller }) => caller.includes(':assumed-role/Exporter/'))).toBe(true);
    const exporter = world.aws.exporter(
      ARCHIVE,
      { role: 'trail-check/Exporter', externalId: 'tell-me' },
      {
        ...{ to: 'bucket', name: NAME, region: 'eu-central-1', prefix: 'trail-check/audit/' },
      },
    );
    const Bucket = NAME;
    await expect(exporter.call('s3:PutBucketPolicy', 'eu-central-1', { Bucket, Policy: '{}' })).rejects.toThrow(
      /not on the list/,
    );
    await expect(exporter.call('securityhub:GetFindings', 'eu-central-1', {})).rejects.toThrow(/not on the list/);
    await expect(
      exporter.call('s3:PutObject', 'eu-central-1', { Bucket, Key: 'elsewhere', Body: 'x' }),
    ).rejects.toThrow(/not authorized/);
    await expect(exporter.call('s3:ListObjectVersions', 'eu-central-1', { Bucket })).rejects.toThrow(/not authorized/);
  });
});

test('neither copy tells a secret', async () => {
  await note('U0APPROVER1', 'fix.rejected', 'look: xoxb-1234567890-abcdefghij and password: hunter22');
  await world.audit.sweep();
  const everything = JSON.stringify(world.objects());
  expect(everything).toContain('look: [redacted]');
  expect(everything).not.toMatch(/xoxb-1234|hunter22/);
});

test('without channel and bucket nothing is copied', async () => {
  await note();
  await createAudit({ ...world.context, config: { ...world.context.config, audit: {} } }).sweep();
  expect(await opened.store.query.selectFrom('messages').select('id').execute()).toEqual([]);
  expect(world.objects()).toEqual([]);
});

describe('anchors', () => {
  test('one an hour, and only when something was added', async () => {
    await note();
    await world.audit.sweep();
    const first = await auditHead(opened.store.query);
    await note();
    clock.advance(5_000);
    await world.audit.sweep();
    expect(await said('audit-anchor')).toEqual([`${first.seq}:${first.hash}`]);
    clock.advance(60 * MINUTE);
    await world.audit.sweep();
    clock.advance(60 * MINUTE);
    await world.audit.sweep();
    const second = await auditHead(opened.store.query);
    expect(await said('audit-anchor')).toEqual([`1:${first.hash}`, `2:${second.hash}`]);
    const anchored = world.objects().flatMap(({ key, body }) => (key.startsWith('anchors/') ? [JSON.parse(body)] : []));
    expect(anchored).toMatchObject([first, second]);
  });

  test('those in the bucket prove the log, whatever was rewritten, cut off or hidden since', async () => {
    await notes(3);
    await world.audit.sweep();
    expect(await world.audit.verify()).toMatchObject({
      verdict: { whole: true, tailProven: true },
      sources: [{ where: 'bucket', anchors: [{ seq: 3 }] }],
    });
    await note();
    expect(await world.audit.verify()).toMatchObject({ verdict: { whole: true, anchored: 3, tailProven: false } });
    // The end goes, in table and head, and a delete marker is laid over the anchor.
    await opened.store.transaction(async ({ query }) => {
      await sql`alter table audit disable trigger audit_append_only`.execute(query);
      await query.deleteFrom('audit').where('seq', '>', 1).execute();
      await sql`alter table audit enable trigger audit_append_only`.execute(query);
      const { seq, hash } = await query.selectFrom('audit').select(['seq', 'hash']).executeTakeFirstOrThrow();
      await query.updateTable('auditHead').set({ seq, hash }).execute();
    });
    const objects = world.estate.buckets.get(NAME)?.objects;
    for (const [key, versions] of objects ?? []) {
      objects?.set(key, [{ id: `marker of ${key}`, body: undefined, at: clock.now() }, ...versions]);
    }
    expect(await world.audit.verify()).toMatchObject({
      verdict: { whole: false, broken: { seq: 2, reason: expect.stringMatching(/an anchor names entry 3/) } },
    });
    await world.audit.sweep();
    expect(world.logged.join('')).toContain('ends before an anchor of it');
  });

  test('a bucket that cannot be read is told of, and proves nothing', async () => {
    await note();
    world.estate.knobs.denied.push({ account: '*', action: 's3:ListBucketVersions' });
    expect(await world.audit.verify()).toMatchObject({
      verdict: { whole: true, tailProven: false },
      sources: [{ where: 'bucket', anchors: [], problem: expect.stringContaining('ListBucketVersions') }],
    });
  });
});
