import { expect, it } from 'vitest';
import { describeError, TrailCheckError } from '../../src/ops/error.ts';

it('says what happened, on what, and what to do next, with an id to quote', () => {
  const error = new TrailCheckError('Cannot enter the account', { what: 'AssumeRole on x', next: 'Check the trust.' });
  expect(describeError(error)).toBe('Cannot enter the account (AssumeRole on x). Check the trust.');
  expect(error.id).toMatch(/^[0-9a-f]{8}$/);
  expect(describeError(new TrailCheckError('plain'))).toBe('plain');
  expect(describeError(new Error('other'))).toBe('other');
});
