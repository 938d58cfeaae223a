import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { readStepUpKey } from '../../../src/config/step-up-key.ts';
import { newSecret, stepOfCode } from '../../../src/fixes/step-up/codes.ts';
import { seal, unseal } from '../../../src/fixes/step-up/secrets.ts';

const AT = new Date('2026-11-20T09:00:15Z');
const STEP = Math.floor(AT.getTime() / 30_000);

function codeOf(secret: string, step: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: step * 30_000 });
}

describe('a one-time code', () => {
  const { secret, uri } = newSecret('amal@example.com');

  test('has 160 bits behind it, and an address that authenticator apps read', () => {
    expect(Secret.fromBase32(secret).bytes).toHaveLength(20);
    expect(uri).toMatch(/^otpauth:\/\/totp\/trail-check:amal%40example\.com\?/);
    expect(uri).toContain(`secret=${secret}`);
    expect(newSecret('amal@example.com').secret).not.toBe(secret);
  });

  test.each([
    ['of this moment', 0, STEP],
    ['of the step before', -1, STEP - 1],
    ['of the step after', 1, STEP + 1],
    ['of two steps before', -2, undefined],
    ['of two steps after', 2, undefined],
  ])('%s', (_, offset, expected) => {
    expect(stepOfCode(secret, codeOf(secret, STEP + offset), AT)).toBe(expected);
  });

  test('may be typed in two halves, and is nothing but six digits', () => {
    const code = codeOf(secret, STEP);
    expect(stepOfCode(secret, `${code.slice(0, 3)} ${code.slice(3)} `, AT)).toBe(STEP);
    for (const typed of ['', code.slice(1), `${code}0`, `-${code.slice(1)}`, '１２３４５６']) {
      expect(stepOfCode(secret, typed, AT)).toBeUndefined();
    }
  });

  test('agrees with RFC 6238', () => {
    const rfc = Secret.fromLatin1('12345678901234567890').base32;
    expect(stepOfCode(rfc, '287082', new Date(59_000))).toBe(1);
    expect(stepOfCode(rfc, '081804', new Date(1_111_111_109_000))).toBe(37_037_036);
  });
});

describe('a secret at rest', () => {
  const key = randomBytes(32);
  const sealed = seal(key, 'U0APPROVER1', 'JBSWY3DPEHPK3PXP');

  test('opens for its owner with its key, and is another text each time', () => {
    expect(unseal(key, 'U0APPROVER1', sealed)).toBe('JBSWY3DPEHPK3PXP');
    expect(sealed).not.toContain('JBSWY3DPEHPK3PXP');
    expect(seal(key, 'U0APPROVER1', 'JBSWY3DPEHPK3PXP')).not.toBe(sealed);
  });

  test.each([
    ['in the row of another person', key, 'U0APPROVER2', sealed],
    ['with another key', randomBytes(32), 'U0APPROVER1', sealed],
    [
      'changed by a letter',
      key,
      'U0APPROVER1',
      sealed.replace(/\.(\w|-)(?=[^.]*$)/, (found) => (found === '.A' ? '.B' : '.A')),
    ],
    ['cut off', key, 'U0APPROVER1', sealed.slice(0, 30)],
    ['of a form that is not ours', key, 'U0APPROVER1', 'JBSWY3DPEHPK3PXP'],
  ])('does not open %s', (_, opener, owner, text) => {
    expect(unseal(opener, owner, text)).toBeUndefined();
  });
});

describe('the key from the environment', () => {
  const key = randomBytes(32);

  test.each(['hex', 'base64', 'base64url'] as const)('is read as %s', (encoding) => {
    expect(readStepUpKey(` ${key.toString(encoding)}\n`)).toEqual(key);
  });

  test.each([
    ['too short', randomBytes(16).toString('hex')],
    ['too long', randomBytes(33).toString('base64')],
    ['a password', 'correct horse battery staple'],
    ['empty', ''],
  ])('is none where it is %s', (_, text) => {
    expect(readStepUpKey(text)).toBeUndefined();
  });
});
