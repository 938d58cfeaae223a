import { z } from 'zod';

/** A text that matches a pattern; `allowed` says in words what does. */
export function text(pattern: RegExp, allowed: string) {
  return z.string().regex(pattern, { error: `must be ${allowed}` });
}

/** A list, or one value for a list of one. */
export function oneOrMore<T extends z.ZodType>(item: T) {
  return z.preprocess(
    (value) => (value === undefined || value === null || Array.isArray(value) ? value : [value]),
    z.array(item).min(1, { error: 'must not be an empty list; leave the key out instead' }),
  );
}

export const accountId = text(/^\d{12}$/, 'an AWS account id, twelve digits (in quotes)');
export const regionName = text(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'an AWS region, such as eu-central-1');
export const bucketName = text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket name');
export const keyArn = text(/^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key (not an alias)');
export const checkId = text(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'a check id, such as bucket/lifecycle');
/** A glob over check ids. */
export const checkPattern = text(/^[a-z0-9*-]+(\/[a-z0-9*-]+)?$/, 'a check id or a pattern, such as bucket/*');
export const channel = text(/^(?:[CG][A-Z0-9]{6,}|#[^\s#]+)$/, 'a channel id (C…) or #name');
export const person = text(
  /^(?:[UW][A-Z0-9]{6,}|S[A-Z0-9]{6,}|@[a-z0-9._-]+)$/,
  'a Slack user id (U…), a user group id (S…) or a user group handle (@trail-approvers)',
);
export const userId = text(/^[UW][A-Z0-9]{6,}$/, 'a Slack user id (U…)');

/** `90m`, `24h`, `7d`; becomes milliseconds. */
export const duration = text(/^[1-9]\d{0,3}[mhd]$/, 'a duration, such as 90m, 24h or 7d').transform((written) => {
  const unit = written.endsWith('m') ? 60_000 : written.endsWith('h') ? 3_600_000 : 86_400_000;
  return Number(written.slice(0, -1)) * unit;
});

export const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
export const risk = z.enum(['safe', 'cost', 'disruptive', 'irreversible']);

export const timezone = z.string().refine(isTimeZone, { error: 'must be an IANA time zone, such as Europe/Berlin' });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
