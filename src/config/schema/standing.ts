import { z } from 'zod';
import { checkId, userId } from './values.ts';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 90;

/**
 * `auto`: standing approvals (decision 33). Two people approve beforehand that fixes of these checks run by themselves in
 * an environment whose mode is `auto`, until a day at most 90 days away, counted from `now`.
 */
export function standingSchema(now: Date) {
  const latest = new Date(now.getTime() + LONGEST_DAYS * DAY_MS);
  const end = z.iso.date({ error: 'must be a date, such as 2027-01-31' }).refine((date) => new Date(date) <= latest, {
    error: `must be within ${LONGEST_DAYS} days, so ${latest.toISOString().slice(0, 10)} at the latest`,
  });
  return z
    .array(
      z.strictObject({
        environment: z.string().min(1),
        checks: z.array(checkId).min(1, { error: 'must name the checks, one by one' }),
        approvedBy: z
          .array(userId)
          .min(2, { error: 'must name two people' })
          .refine((people) => new Set(people).size === people.length, { error: 'must name two different people' }),
        reason: z.string().min(10, { error: 'must say why, in ten letters or more' }),
        /** Last day on which it holds, UTC. */
        end,
      }),
    )
    .default([]);
}
