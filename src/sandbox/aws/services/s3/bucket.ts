/** The bucket of a request: found, in this region, owned by whom the caller expects; and what a call on it needs. */
import { stringIn } from '../../input.ts';
import {
  AwsError,
  type Bucket,
  type Estate,
  type Input,
  type Operation,
  type Output,
  type Permission,
  type PolicyDocument,
  type PublicAccessBlock,
  type RequestContext,
} from '../../types.ts';
import { isPublic } from '../resource-policy.ts';

/** Throws NoSuchBucket, PermanentRedirect or, for another owner than expected, AccessDenied. */
export function bucketOf({ estate, region }: RequestContext, input: Input, anyRegion = false): Bucket {
  const name = stringIn(input, 'Bucket') ?? '';
  const bucket = estate.buckets.get(name);
  if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  const where = { 'x-amz-bucket-region': bucket.region };
  if (bucket.region !== region && !anyRegion) {
    const message = 'The bucket you are attempting to access must be addressed using the specified endpoint.';
    throw new AwsError('PermanentRedirect', message, 301, where);
  }
  const expected = stringIn(input, 'ExpectedBucketOwner');
  if (expected !== undefined && expected !== bucket.owner) throw accessDenied(where);
  return bucket;
}

export function accessDenied(headers: Record<string, string> = {}): AwsError {
  return new AwsError('AccessDenied', 'Access Denied', 403, headers);
}

export function bucketArn(estate: Estate, name: string): string {
  return `arn:${estate.partition}:s3:::${name}`;
}

/** Needed on a bucket; its policy may grant or deny by itself. */
export function bucketPermission({ estate, account }: RequestContext, bucket: Bucket, action: string): Permission {
  // RestrictPublicBuckets leaves a public policy nothing to say to other accounts.
  const muted =
    account.id !== bucket.owner && isPublic(bucket.policy) && effectiveBlock(estate, bucket).RestrictPublicBuckets;
  const document: PolicyDocument | undefined = muted ? undefined : bucket.policy;
  return { action, resource: bucketArn(estate, bucket.name), resourcePolicy: { document, owner: bucket.owner } };
}

/** What is in force: the settings of the account or of the bucket, whichever blocks. */
export function effectiveBlock(estate: Estate, bucket: Bucket): PublicAccessBlock {
  const blocks = [bucket.publicAccessBlock, estate.accounts.get(bucket.owner)?.publicAccessBlock];
  const any = (flag: keyof PublicAccessBlock) => blocks.some((block) => block?.[flag] === true);
  return {
    BlockPublicAcls: any('BlockPublicAcls'),
    IgnorePublicAcls: any('IgnorePublicAcls'),
    BlockPublicPolicy: any('BlockPublicPolicy'),
    RestrictPublicBuckets: any('RestrictPublicBuckets'),
  };
}

/** An operation on one bucket that needs one action (`GetBucketPolicy` stands for `s3:GetBucketPolicy`). */
export function onBucket(
  action: string,
  handle: (bucket: Bucket, input: Input, context: RequestContext) => Output | undefined,
): Operation {
  return {
    permissions: (context, input) => [bucketPermission(context, bucketOf(context, input), `s3:${action}`)],
    handle: (context, input) => handle(bucketOf(context, input), input, context) ?? {},
  };
}

/** The bucket policy is its owner's account's alone, whatever it grants to others. */
export function refuseOtherAccounts(bucket: Bucket, { account }: RequestContext): void {
  if (bucket.owner === account.id) return;
  throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
}
