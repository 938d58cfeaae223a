import { validate } from 'node-cron';
import { z } from 'zod';

const cron = z.string().refine((written) => written.trim().split(/\s+/).length === 5 && validate(written), {
  error: 'must be a cron expression of five fields, such as "0 7 * * *"',
});

const timeZone = z.string().refine(isTimeZone, { error: 'must be an IANA time zone, such as Europe/Berlin' });

export const schedules = z.strictObject({ scan: cron.exactOptional(), timezone: timeZone.default('UTC') });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
