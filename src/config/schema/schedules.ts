import { validate } from 'node-cron';
import { z } from 'zod';
import { timezone } from './values.ts';

const cron = z.string().refine((written) => written.trim().split(/\s+/).length === 5 && validate(written), {
  error: 'must be a cron expression of five fields, such as "0 7 * * *"',
});

export const schedules = z.strictObject({ scan: cron.exactOptional(), timezone: timezone.default('UTC') });
