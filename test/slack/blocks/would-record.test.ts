import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Answer } from '../../../src/posture/would-record/answer.ts';
import { wouldRecordMessage } from '../../../src/slack/blocks/would-record.ts';
import { draw, expectPostable } from './draw.ts';

const trail = {
  trail: 'arn:aws:cloudtrail:us-east-1:111111111111:trail/org',
  inherited: true,
  recorded: 'no' as const,
  why: 'It is stopped.',
};

it('says for each account whether the event is recorded, those without a record first', () => {
  const answers: Answer[] = [
    { account: '333333333333', recorded: 'yes', why: 'org records it.', trails: [{ ...trail, recorded: 'yes' }] },
    { account: '444444444444', recorded: 'no', why: 'None of 2 trails records it.', trails: [trail, trail] },
  ];
  const message = wouldRecordMessage({ action: 's3:GetObject', resource: 'logs/x', answers, notes: ['A note.'] });
  expectPostable(message);
  expect(draw(message)).toMatchSnapshot();
});

it('any number of accounts and trails with any names can be posted', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constant('<!channel> *x* `y`'));
  const recorded = fc.constantFrom('yes', 'no', 'depends', 'unknown' as const);
  const each = fc.record({ trail: text, inherited: fc.boolean(), recorded, why: text });
  const answer = fc.record({ account: text, recorded, why: text, trails: fc.array(each, { maxLength: 12 }) });
  const asked = fc.record({
    action: text,
    resource: text,
    answers: fc.array(answer, { maxLength: 40 }),
    notes: fc.array(text, { maxLength: 9 }),
  });
  fc.assert(
    fc.property(asked, (result) => expectPostable(wouldRecordMessage(result))),
    { numRuns: 60 },
  );
});
