/** What the estates say alike about their buckets. */
import type { PolicyStatement } from '../types.ts';

/** Nobody reaches the bucket or its files over plain HTTP. */
export function tlsOnly(bucketArn: string): PolicyStatement {
  return {
    Sid: 'AllowSSLRequestsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** S3 may put the access logs of one bucket into another. */
export function accessLogs(targetArn: string, sourceArn: string, account: string): PolicyStatement {
  return {
    Sid: 'AllowS3LogDelivery',
    Effect: 'Allow',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `${targetArn}/*`,
    Condition: { ArnLike: { 'aws:SourceArn': sourceArn }, StringEquals: { 'aws:SourceAccount': account } },
  };
}

/** A lifecycle rule by which files, and versions that were replaced, are kept for so many days. */
export function expiry(days: number) {
  return {
    ID: 'RetentionRule',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { Days: days },
    NoncurrentVersionExpiration: { NoncurrentDays: days },
  };
}

/** Encryption by default with a key. */
export function encryptedWith(keyArn: string) {
  return {
    Rules: [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
        BucketKeyEnabled: false,
      },
    ],
  };
}
