import type { Bucket, Part, PublicAccessBlock } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import { ALL_BLOCKED } from '../public-access.ts';

/** s3:PutPublicAccessBlock on the bucket with all four flags; the account level reaches other buckets and stays. */
export function blockPublicAccess(
  bucket: Bucket & { owner: string },
  partition: string,
  before: Part<PublicAccessBlock>,
): Change {
  const saved = before.state === 'read' ? { ...before.value } : undefined;
  const call = { account: bucket.owner, region: bucket.region, resource: `arn:${partition}:s3:::${bucket.Name}` };
  const base = { Bucket: bucket.Name, ExpectedBucketOwner: bucket.owner };
  return {
    ...call,
    operation: 's3:PutPublicAccessBlock',
    input: { ...base, PublicAccessBlockConfiguration: { ...ALL_BLOCKED } },
    summary: `Block public access to ${bucket.Name} in full.`,
    target: `bucket.publicAccessBlock:${bucket.Name}`,
    expect: saved ?? null,
    result: { ...ALL_BLOCKED },
    undo: {
      ...call,
      operation: saved === undefined ? 's3:DeletePublicAccessBlock' : 's3:PutPublicAccessBlock',
      input: saved === undefined ? base : { ...base, PublicAccessBlockConfiguration: saved },
      summary: 'Put the saved flags back.',
      automatic: true,
    },
  };
}
