import { z } from 'zod';
import { checkPattern, duration, oneOrMore, person, risk, severity, text, timezone } from './values.ts';

/** From the weakest to the strongest. */
export const STEP_UPS = ['none', 'alias', 'code'] as const;

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const clock = text(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, such as 09:00');

/** A change window: these days, from one time of day to a later one, in a time zone. */
const window = z
  .strictObject({
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .default([...DAYS]),
    from: clock,
    to: clock,
    timezone: timezone,
  })
  .refine(({ from, to }) => from < to, { error: 'must end after it begins; write a night as two windows' });

/** What a policy may say; what it leaves out comes from the wider one (rule over environment over default). */
const policyShape = {
  /** Who may submit Request approval; absent: everyone who may see the environment. */
  request: z.array(person).exactOptional(),
  /** Who may approve. With nobody there are no buttons (decision 27). */
  approve: z.array(person).exactOptional(),
  people: z.int().min(1).max(5).exactOptional(),
  /** May an approver approve without a request of somebody else? Absent: only for fixes of class `auto`. */
  direct: z.boolean().exactOptional(),
  requesterCounts: z.boolean().exactOptional(),
  expires: duration.exactOptional(),
  /** Accept listed user ids only, because workspace admins can edit user groups. */
  pin: z.boolean().exactOptional(),
  /** Must a request and each approval say why? */
  reason: z.boolean().exactOptional(),
  /** When those who must act are reminded, counted from the request. */
  remind: z.array(duration).max(5).exactOptional(),
  /** Approved fixes run inside these only; an approval outside waits. Absent: at any time. */
  windows: z.array(window).min(1).exactOptional(),
  /** What an approver proves beside the click: the account's alias, typed; or a one-time code as well. */
  stepUp: z.enum(STEP_UPS).exactOptional(),
  /** Who may approve alone in an emergency. Absent or empty: nobody (decision 34). */
  breakGlass: z.array(person).exactOptional(),
};

export const policy = z.strictObject(policyShape);

const when = z
  .strictObject({
    environment: oneOrMore(z.string()).exactOptional(),
    check: oneOrMore(checkPattern).exactOptional(),
    severity: oneOrMore(severity).exactOptional(),
    risk: oneOrMore(risk).exactOptional(),
  })
  .refine((value) => Object.keys(value).length > 0, {
    error: 'must name at least one of environment, check, severity, risk; what holds always goes to approval.default',
  });

/** `approval`: the default policy, and rules that apply where all that `when` names fits. */
export const approval = z.strictObject({
  default: z
    .strictObject({
      ...policyShape,
      approve: z.array(person).default([]),
      people: z.int().min(1).max(5).default(1),
      requesterCounts: z.boolean().default(false),
      expires: duration.prefault('24h'),
      pin: z.boolean().default(false),
    })
    .prefault({}),
  rules: z.array(z.strictObject({ when, ...policyShape })).default([]),
  /** Times in which nothing runs, known beforehand; `environment` absent: everywhere. */
  freezes: z
    .array(
      z
        .strictObject({
          from: z.iso.datetime({ offset: true, error: 'must be a time, such as 2026-12-20T00:00:00Z' }),
          to: z.iso.datetime({ offset: true, error: 'must be a time, such as 2027-01-04T00:00:00Z' }),
          environment: oneOrMore(z.string()).exactOptional(),
          reason: z.string().min(3),
        })
        .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { error: 'must end after it begins' }),
    )
    .default([]),
});
