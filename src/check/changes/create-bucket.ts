import type { Bucket } from '../../snapshot/types.ts';
import type { RawStatement } from '../evaluators/policy/types.ts';
import type { Change } from '../plan.ts';
import { ALL_BLOCKED } from '../public-access.ts';
import { putBucketPolicy } from './put-policy.ts';

/** A new log bucket: private, versioned, TLS only, open to what `statements` allow. It has no way back: logs stay. */
export function newBucket(
  bucket: Bucket & { owner: string },
  partition: string,
  statements: readonly RawStatement[],
): Change[] {
  const { Name, region, owner } = bucket;
  const arn = `arn:${partition}:s3:::${Name}`;
  const call = { account: owner, region, resource: arn };
  const base = { Bucket: Name, ExpectedBucketOwner: owner };
  const tlsOnly: RawStatement = {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const { undo: _, ...policy } = putBucketPolicy(
    bucket,
    partition,
    { state: 'absent', code: 'NoSuchBucketPolicy' },
    { Version: '2012-10-17', Statement: [...statements, tlsOnly] },
    { summary: 'Let the trail deliver, over TLS only.', undo: '' },
  );
  return [
    {
      ...call,
      operation: 's3:CreateBucket',
      input: {
        Bucket: Name,
        ObjectOwnership: 'BucketOwnerEnforced',
        // us-east-1 is the one region that must not be named.
        ...(region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } }),
      },
      summary: `Create the bucket ${Name} in ${region}.`,
      target: `bucket:${Name}`,
      expect: null,
      result: { Name, owner },
    },
    {
      ...call,
      operation: 's3:PutPublicAccessBlock',
      input: { ...base, PublicAccessBlockConfiguration: { ...ALL_BLOCKED } },
      summary: 'Block public access in full.',
      target: `bucket.publicAccessBlock:${Name}`,
      expect: null,
      result: { ...ALL_BLOCKED },
    },
    {
      ...call,
      operation: 's3:PutBucketVersioning',
      input: { ...base, VersioningConfiguration: { Status: 'Enabled' } },
      summary: 'Keep every version.',
      target: `bucket.versioning:${Name}`,
      expect: { Status: null },
      result: { Status: 'Enabled' },
    },
    policy,
  ];
}
