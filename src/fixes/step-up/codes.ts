import { Secret, TOTP } from 'otpauth';

/** What every authenticator app takes: RFC 6238 with SHA-1, six digits, 30 seconds. */
const FORM = { issuer: 'trail-check', algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Codes of the step before and of the one after count too, for clocks that differ. */
const WINDOW = 1;

/** A new secret of 160 bits, as RFC 4226 recommends: in base32, and as the address that authenticator apps read. */
export function newSecret(label: string): { secret: string; uri: string } {
  const secret = new Secret({ size: 20 });
  return { secret: secret.base32, uri: new TOTP({ ...FORM, label, secret }).toString() };
}

/** The time step that a typed code belongs to, undefined where it is none of this moment. */
export function stepOfCode(secret: string, typed: string, at: Date): number | undefined {
  const token = typed.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const timestamp = at.getTime();
  const totp = new TOTP({ ...FORM, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token, timestamp, window: WINDOW });
  return delta === null ? undefined : totp.counter({ timestamp }) + delta;
}
