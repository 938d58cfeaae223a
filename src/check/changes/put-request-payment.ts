import type { Bucket } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';

/** s3:PutBucketRequestPayment: the owner pays again, for CloudTrail pays for nothing. */
export function ownerPays(bucket: Bucket & { owner: string }, partition: string): Change {
  const call = {
    account: bucket.owner,
    region: bucket.region,
    operation: 's3:PutBucketRequestPayment',
    resource: `arn:${partition}:s3:::${bucket.Name}`,
  };
  const input = (Payer: 'BucketOwner' | 'Requester') => ({
    Bucket: bucket.Name,
    ExpectedBucketOwner: bucket.owner,
    RequestPaymentConfiguration: { Payer },
  });
  return {
    ...call,
    input: input('BucketOwner'),
    summary: `Turn Requester Pays off on ${bucket.Name}.`,
    target: `bucket.requestPayment:${bucket.Name}`,
    expect: { Payer: 'Requester' },
    result: { Payer: 'BucketOwner' },
    undo: { ...call, input: input('Requester'), summary: 'Turn Requester Pays on again.', automatic: true },
  };
}
