import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

export const KEY = randomBytes(32).toString('base64');

/** The code that an authenticator with this secret shows. */
export function codeAt(secret: string, at: Date): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });
}

/** A code that it does not show, at that moment or around it. */
export function wrongCode(secret: string, at: Date): string {
  const near = [-30_000, 0, 30_000].map((ms) => codeAt(secret, new Date(at.getTime() + ms)));
  return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code)) ?? '444444';
}
