import { z } from 'zod';
import { accountId, regionName, text } from './values.ts';

const externalId = text(/^[\w+=,.@:/-]{2,1224}$/, 'an external id: 2 to 1224 letters, digits and _+=,.@:/-');

/** A role of the same name in every account. */
export const memberRole = z.strictObject({
  /** Name or path/name, the same in every account. */
  role: text(/^[\w+=,.@-]+(?:\/[\w+=,.@-]+)*$/, 'the name of a role without its ARN, such as trail-check/Reader'),
  externalId: externalId.exactOptional(),
});

const roleArn = text(/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/, 'the ARN of a role');

/** `aws`: who the bot is in each account. */
export const aws = z.strictObject({
  /** Assumed in every account for reading. Absent: only the account of the default credentials can be read. */
  reader: memberRole.exactOptional(),
  /** Assumed, fenced, for approved fixes. Absent: watch only, everything but execution works. */
  fixer: memberRole
    .extend({
      /** Name or path/name of the policy that bounds the roles it makes, the same in every account. */
      boundary: text(/^[\w+=,.@-]+(?:\/[\w+=,.@-]+)*$/, 'the name of a policy without its ARN').exactOptional(),
    })
    .exactOptional(),
  /** Roles that the default credentials assume first; the members' roles trust these. */
  hub: z.strictObject({ reader: roleArn.exactOptional(), fixer: roleArn.exactOptional() }).exactOptional(),
  region: regionName.exactOptional(),
  /** Look into these regions only, instead of all that an account has enabled. */
  regions: z.array(regionName).min(1).exactOptional(),
  partition: text(/^aws[a-z-]*$/, 'a partition, such as aws, aws-cn or aws-us-gov').exactOptional(),
  /** `account` is where AWS Organizations is read: the management account or a delegated administrator. */
  organization: z.strictObject({ account: accountId }).exactOptional(),
});
