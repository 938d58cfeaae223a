import { z } from 'zod';
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
        .regex(/^[\w!.*'()/-]*$/, { error: 'must be a key prefix of letters, digits and -_.!*()/' })
        .default('trail-check/audit/'),
    })
    .exactOptional(),
});
