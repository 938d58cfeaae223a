import { z } from 'zod';
import { memberRole } from './aws.ts';
import { accountId, bucketName, channel, regionName } from './values.ts';

/** `audit`: where the audit log is mirrored to, and where its head is anchored every hour (decision 37). */
export const audit = z.strictObject({
  channel: channel.exactOptional(),
  /** A bucket with Object Lock; written to as the exporter. */
  bucket: z
    .strictObject({
      name: bucketName,
      account: accountId,
      region: regionName,
      prefix: z
        .string()
        .regex(/^(?:[\w!.*'()/-]*\/)?$/, { error: 'must be letters, digits and -_.!*()/ ending with /, or empty' })
        .default('trail-check/audit/'),
      /** Assumed in the account of the bucket. Absent: only a bucket of the default credentials' account. */
      role: memberRole.shape.role.exactOptional(),
      externalId: memberRole.shape.externalId,
    })
    .refine(({ role, externalId }) => role !== undefined || externalId === undefined, {
      error: 'is for the role that is assumed: set role as well',
      path: ['externalId'],
    })
    .exactOptional(),
});
