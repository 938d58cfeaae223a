import fc from 'fast-check';
import { expect, it } from 'vitest';
import { configurationMessage, problemsMessage } from '../../../src/slack/blocks/configuration.ts';
import { doctorMessage } from '../../../src/slack/blocks/doctor.ts';
import { policyMessage } from '../../../src/slack/blocks/policy.ts';
import { expectPostable } from './draw.ts';

/* What the configuration, Slack and AWS name may be anything: Slack takes it, and nothing in it acts. */

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', minLength: 200, maxLength: 900 }),
  fc.constantFrom('', '<!channel>', '<@U0APPROVER1>', '*b*', ':tada:', '\u202E', '&lt;'),
);
const many = fc.array(nasty, { maxLength: 60 });
const DAY = new Date('2026-11-02T09:00:00Z');

it('messages about configurations, policies and what doctor finds can be posted, whatever is in them', () => {
  fc.assert(
    fc.property(many, nasty, fc.constantFrom('open', 'confirmed', 'settled', 'replaced'), (texts, text, state) => {
      const news = {
        hash: 'f'.repeat(64),
        changes: texts,
        since: DAY,
        until: DAY,
        confirmedBy: ['U0APPROVER1'],
        needed: 2,
      };
      expectPostable(configurationMessage({ ...news, state }));
      expectPostable(problemsMessage(texts.map((each) => ({ where: each, what: text, next: each, checks: texts }))));
      const diagnoses = texts.map((what, at) => ({
        level: (['ok', 'note', 'problem'] as const)[at % 3] ?? 'ok',
        what,
        next: text,
      }));
      expectPostable(doctorMessage(diagnoses.map((each) => ({ area: 'AWS', ...each }))));
      const aspect = { what: 'People', says: text, why: texts };
      const explained = {
        ...{ environment: text, check: text, usual: texts.map(() => aspect) },
        layers: texts.map((place) => ({ place, applies: true, note: text })),
        others: [{ when: text, differs: [{ ...aspect, people: texts }] }],
      };
      expectPostable(policyMessage(explained, { settling: { until: DAY } }));
    }),
    { numRuns: 60 },
  );
});

it('only a configuration that can still be confirmed has a button', () => {
  const news = { hash: 'abc', changes: ['a'], since: DAY, until: DAY, confirmedBy: [], needed: 2 };
  const buttons = (['open', 'confirmed', 'settled', 'replaced'] as const).map((state) =>
    JSON.stringify(configurationMessage({ ...news, state })).includes('confirm_configuration'),
  );
  expect(buttons).toEqual([true, false, false, false]);
});
