import { describe, expect, it } from 'vitest';
import {
  capital,
  count,
  escapeText,
  list,
  mention,
  oneLine,
  prose,
  visible,
  when,
  words,
} from '../../../src/slack/blocks/text.ts';

describe('words', () => {
  it('are marked up while every piece is harmless', () => {
    expect(words('of ', { bold: 'acme-org_trail' }, ' ', { code: 'arn:aws:s3:::logs' })).toEqual({
      type: 'mrkdwn',
      text: 'of *acme-org_trail* `arn:aws:s3:::logs`',
      verbatim: true,
    });
  });

  it('escape what could mention or link', () => {
    expect(words({ bold: '<!channel>' }, ' & <https://evil.example|here>').text).toBe(
      '*&lt;!channel&gt;* &amp; &lt;https://evil.example|here&gt;',
    );
  });

  it.each([
    '*bold*',
    '_italic_',
    'log_group_',
    '~gone~',
    'a `code` b',
    ':tada:',
    'arn:aws:iam',
    '> quoted',
    'first\n> quoted',
  ])('become plain text, every character as it was, for %j', (name) => {
    expect(words('Name ', { bold: name })).toEqual({ type: 'plain_text', text: `Name ${name}`, emoji: false });
  });

  it('stay marked up for code with anything but a backtick', () => {
    expect(words({ code: 's3:* _x_ :tada:' }).type).toBe('mrkdwn');
    expect(words({ code: 'a`b' }).type).toBe('plain_text');
  });

  it('are never empty, which Slack refuses', () => {
    expect(words('').text).toBe(' ');
  });
});

describe('oneLine', () => {
  it.each([
    ['two\nlines\tand  more', 'two lines and more'],
    ['\u0000\u0007bell', 'bell'],
    ['gpj.exe\u202Egnp', 'gpj.exegnp'],
    ['مرحبا', '\u2068مرحبا\u2069'],
    ['📦 box', '📦 box'],
    ['', ''],
  ])('of %j is %j', (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it('is cut with an ellipsis and tears no emoji apart', () => {
    expect(oneLine('x'.repeat(500), 20)).toBe(`${'x'.repeat(19)}…`);
    expect(oneLine('📦'.repeat(20), 10)).toBe(`${'📦'.repeat(4)}…`);
  });
});

it('visible spells out marks that turn the direction', () => {
  expect(visible('aws s3\u202E rm')).toBe('aws s3\\u202e rm');
});

it('prose shows ARNs as code and leaves the full stop outside', () => {
  expect(prose('Grant arn:aws:iam::111111111111:role/reader.')).toEqual([
    'Grant ',
    { code: 'arn:aws:iam::111111111111:role/reader' },
    '.',
  ]);
});

it.each([
  ['U0APPROVER1', '<@U0APPROVER1>'],
  ['W0ENTERPRISE', '<@W0ENTERPRISE>'],
  ['S0TRAILAPPR', '<!subteam^S0TRAILAPPR>'],
  ['@trail-approvers', '@trail-approvers'],
  ['<!channel>', '&lt;!channel&gt;'],
])('mention of %s is %s', (entry, shown) => {
  expect(mention(entry)).toBe(shown);
});

it('a moment is shown in the time zone of who reads it, with UTC for others', () => {
  expect(when(new Date('2026-11-20T09:00:00Z'))).toBe(
    '<!date^1795165200^{date_short_pretty} at {time}|2026-11-20 09:00 UTC>',
  );
});

it('counts, lists and capitals read as sentences', () => {
  expect([count(1, 'fix', 'fixes'), count(3000, 'fix', 'fixes')]).toEqual(['1 fix', '3,000 fixes']);
  expect([list([]), list(['a']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
  expect(capital('asked by')).toBe('Asked by');
  expect(escapeText('a<b>&c')).toBe('a&lt;b&gt;&amp;c');
});
