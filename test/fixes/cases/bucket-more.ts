import { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_BUCKETS } from '../../../src/sandbox/aws/index.ts';
import type { Estate } from '../../../src/sandbox/aws/types.ts';
import { addStatement, bucketIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { data, web } = DEMO_ACCOUNTS;
const { archive, legacy } = DEMO_BUCKETS;
const CONFIG = { Service: 'config.amazonaws.com' };
const legacyBucket = (estate: Estate) => bucketIn(estate, legacy);
const expiry = (ID: string, Prefix: string, Days: number) => ({
  ID,
  Status: 'Enabled',
  Filter: { Prefix },
  Expiration: { Days },
});

export const MORE_BUCKET_CASES: FixCase[] = [
  {
    check: 'bucket/tls-only',
    target: data,
    resource: legacy,
    makes: ['PutBucketPolicy'],
    takesBack: ['PutBucketPolicy'],
    drift: (estate) => {
      addStatement(legacyBucket(estate).policy);
      return undefined;
    },
  },
  {
    check: 'bucket/confused-deputy',
    target: data,
    resource: legacy,
    change: (estate) => {
      for (const statement of legacyBucket(estate).policy?.Statement ?? []) {
        if (statement.Action === 's3:PutObject') delete statement.Condition;
      }
    },
    makes: ['PutBucketPolicy'],
    takesBack: ['PutBucketPolicy'],
    drift: (estate) => {
      addStatement(legacyBucket(estate).policy);
      return undefined;
    },
  },
  {
    check: 'bucket/versioning',
    target: data,
    resource: legacy,
    change: (estate) => {
      legacyBucket(estate).versioning = 'Suspended';
    },
    makes: ['PutBucketVersioning'],
    takesBack: ['PutBucketVersioning'],
    drift: (estate) => {
      legacyBucket(estate).versioning = 'Enabled';
      return () => {
        legacyBucket(estate).versioning = 'Suspended';
      };
    },
  },
  {
    check: 'bucket/object-lock',
    target: data,
    resource: legacy,
    change: (estate) => {
      legacyBucket(estate).versioning = 'Suspended';
    },
    makes: ['PutBucketVersioning', 'PutObjectLockConfiguration'],
    takesBack: [],
    // AWS Config begins to write here, and would not deliver under a lock.
    drift: (estate) => {
      const { policy } = legacyBucket(estate);
      const resource = `arn:aws:s3:::${legacy}/*`;
      addStatement(policy, { Effect: 'Allow', Principal: CONFIG, Action: 's3:PutObject', Resource: resource });
      return () => policy?.Statement.pop();
    },
  },
  {
    check: 'bucket/no-early-expiry',
    target: data,
    resource: legacy,
    change: (estate) => {
      legacyBucket(estate).lifecycle = [expiry('early', '', 1), expiry('other', 'tmp/', 7)];
    },
    makes: ['PutBucketLifecycleConfiguration'],
    takesBack: ['PutBucketLifecycleConfiguration'],
    drift: (estate) => {
      legacyBucket(estate).lifecycle?.push(expiry('meanwhile', 'x/', 3));
      return undefined;
    },
  },
  {
    check: 'bucket/acls-disabled',
    target: data,
    resource: legacy,
    change: (estate) => {
      legacyBucket(estate).ownership = undefined;
      legacyBucket(estate).grants = [{ grantee: { ID: 'b'.repeat(64) }, permission: 'READ' }];
    },
    makes: ['PutBucketAcl', 'PutBucketOwnershipControls'],
    takesBack: ['DeleteBucketOwnershipControls', 'PutBucketAcl'],
    drift: (estate) => {
      legacyBucket(estate).grants.push({ grantee: { ID: 'c'.repeat(64) }, permission: 'WRITE' });
      return undefined;
    },
  },
  {
    check: 'bucket/default-encryption',
    target: web,
    resource: archive,
    file: { keys: { 'us-east-1': DEMO_ARCHIVE_KEY } },
    // The vendor has no part in the key, which would be refused.
    change: (estate) => {
      const document = bucketIn(estate, archive).policy;
      if (document) document.Statement = document.Statement.filter(({ Sid }) => Sid !== 'VendorBackup');
    },
    makes: ['PutKeyPolicy', 'PutKeyPolicy', 'PutBucketEncryption'],
    takesBack: ['PutBucketEncryption', 'PutKeyPolicy', 'PutKeyPolicy'],
    drift: (estate) => {
      bucketIn(estate, archive).encryption = {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: false }],
      };
      return undefined;
    },
  },
];
