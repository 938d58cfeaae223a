import { z } from 'zod';
import { accountId, checkPattern } from './values.ts';

const DAY_MS = 86_400_000;
/** An accepted risk ends after so many days at the latest, wherever it was accepted (decision 35). */
export const LONGEST_EXEMPTION_DAYS = 365;

/** `exemptions`: accepted risks. The end is at most 365 days away (decision 35), counted from `now`. */
export function exemptionsSchema(now: Date) {
  const latest = new Date(now.getTime() + LONGEST_EXEMPTION_DAYS * DAY_MS);
  const end = z.iso.date({ error: 'must be a date, such as 2027-01-31' }).refine((date) => new Date(date) <= latest, {
    error: `must be within ${LONGEST_EXEMPTION_DAYS} days, so ${latest.toISOString().slice(0, 10)} at the latest`,
  });
  return z
    .array(
      z
        .strictObject({
          check: checkPattern,
          /** ARN, name or pattern of the resource. */
          resource: z.string().min(1).exactOptional(),
          account: accountId.exactOptional(),
          environment: z.string().exactOptional(),
          owner: z.string().min(1),
          reason: z.string().min(10, { error: 'must say why the risk is accepted, in ten letters or more' }),
          /** Last day on which it holds, UTC. */
          end,
        })
        .refine(
          (value) => value.resource !== undefined || value.account !== undefined || value.environment !== undefined,
          {
            error: 'must say for what: resource, account or environment',
          },
        ),
    )
    .default([]);
}
