import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupsOf } from '../../../src/fixes/audit/lines.ts';
import type { Verified } from '../../../src/fixes/audit/service.ts';
import type { Story } from '../../../src/fixes/audit/story.ts';
import { verdictWords } from '../../../src/fixes/audit/words.ts';
import { anchorMessage, auditMessage, storyMessage, verifyMessage } from '../../../src/slack/blocks/audit.ts';
import type { AuditEntry } from '../../../src/store/database.ts';
import { expectPostable } from './draw.ts';
import { fixView } from './support.ts';

const HASH = 'ab'.repeat(32);
const AT = new Date('2026-11-02T09:00:00Z');

function entry(seq: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ...{ seq, at: AT, actor: 'U0APPROVER1', action: 'fix.approved', subjectKind: 'fix', subjectId: 'tc-1' },
    ...{ data: { check: 'trail/logging', accounts: ['333333333333'], reason: 'Due for the audit.' } },
    ...{ planHash: null, prevHash: '', hash: HASH, hmac: null },
    ...changes,
  };
}

const story = (changes: Partial<Story> = {}): Story => ({
  ...{ fix: fixView(), entries: [], events: [], missing: [], problems: [], undos: [], onTheirWay: true },
  ...changes,
});

describe('entries in the channel', () => {
  it('are one line each: number, who, what, where, and the reason in their words', () => {
    const { text, blocks } = auditMessage([entry(7)]);
    expect(text).toBe('Audit entry 7: fix approved');
    const said = JSON.stringify(blocks);
    for (const part of [
      '#7 ',
      'U0APPROVER1',
      'fix approved',
      'trail/logging',
      '333333333333',
      'tc-1',
      'Due for the audit.',
      `7:${HASH}`,
    ]) {
      expect(said).toContain(part);
    }
  });

  it('of the program itself are told together where they are alike and in a row', () => {
    const ours = (seq: number, action = 'fix.proposed') => entry(seq, { actor: 'trail-check', action });
    const groups = groupsOf([ours(1), ours(2), ours(3, 'fix.fixed'), entry(4), entry(5), ours(6)]);
    expect(groups.map(({ first, last, count }) => [first.seq, last.seq, count])).toEqual([
      [1, 2, 2],
      [3, 3, 1],
      [4, 4, 1],
      [5, 5, 1],
      [6, 6, 1],
    ]);
    expect(JSON.stringify(auditMessage([ours(1), ours(2)]).blocks)).toContain('#1–2 ');
  });
});

const verified = (changes: Partial<Verified['verdict']>, rest: Partial<Verified> = {}): Verified => ({
  verdict: {
    whole: true,
    entries: 9,
    signed: 9,
    head: { seq: 9, hash: HASH },
    anchored: 0,
    tailProven: false,
    ...changes,
  },
  sources: [],
  keyed: false,
  ...rest,
});
const CHANNEL = { where: 'channel' as const, anchors: [{ seq: 9, hash: HASH }] };

it.each<[string, Verified, RegExp[]]>([
  ['no anchor', verified({}), [/is whole: 9 entries/, /The tail is not proven: without an anchor/]],
  [
    'an anchor of the end',
    verified({ anchored: 9, tailProven: true }, { sources: [CHANNEL] }),
    [/is whole/, /Its end is proven by the audit channel/],
  ],
  [
    'an older anchor',
    verified({ anchored: 7 }, { sources: [CHANNEL] }),
    [/Proven up to entry 7 by the audit channel\. The tail is not proven: 2 entries came after it/],
  ],
  ['a key', verified({}, { keyed: true }), [/Every entry carries a valid HMAC/]],
  ['a key and unsigned entries', verified({ signed: 3 }, { keyed: true }), [/3 of 9 carry a valid HMAC; the others/]],
  [
    'a break',
    verified({ whole: false, entries: 3, broken: { seq: 4, reason: 'was changed after it was written' } }),
    [/is broken: entry 4 was changed after it was written/, /before it follow from one another: 3 entries/],
  ],
  [
    'a place that could not be looked at',
    verified({}, { sources: [{ where: 'bucket', anchors: [], problem: 'denied' }] }),
    [/Could not be looked at, the audit bucket: denied/],
  ],
])('what was proven is said with %s', (_, given, parts) => {
  const said = verdictWords(given).join('\n');
  for (const part of parts) expect(said).toMatch(part);
  expectPostable(verifyMessage(given));
});

it('whatever people write into reasons and AWS into errors: Slack takes it, and nothing in it acts', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', minLength: 200, maxLength: 600 }),
    fc.constantFrom('', '\n', '<!channel>', '<@U0APPROVER1>', '*b*', '`', ':tada:', '\u202E', '&lt;'),
  );
  fc.assert(
    fc.property(nasty, nasty, fc.integer({ min: 1, max: 90 }), (one, other, many) => {
      const entries = Array.from({ length: many }, (_, at) =>
        entry(at + 1, {
          actor: one,
          action: other,
          subjectId: one,
          data: { reason: other, check: one, accounts: [other, one] },
        }),
      );
      const events = entries.map(() => ({
        ...{ eventId: one, name: other, at: AT, account: one, region: other },
        ...{ requestId: one, error: other, sourceIdentity: one },
      }));
      expectPostable(auditMessage(entries));
      expectPostable(storyMessage(story({ entries, events, missing: [one, other], problems: [one, other, one] })));
      expectPostable(
        verifyMessage(
          verified(
            { whole: false, broken: { seq: 1, reason: one } },
            { sources: [{ where: 'bucket', anchors: [], problem: other }] },
          ),
        ),
      );
    }),
    { numRuns: 30 },
  );
  expectPostable(anchorMessage({ seq: 1, hash: HASH }, '/trail-check'));
});
