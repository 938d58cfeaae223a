import { z } from 'zod';
import { checkPattern, duration, oneOrMore, person, risk, severity } from './values.ts';

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
});
