/** Bucket policy, its status, and the public access block. */
import { isRecord, stringIn } from '../../input.ts';
import { parsePolicy } from '../../policy-document.ts';
import {
  AwsError,
  type Bucket,
  type Input,
  type Operation,
  type PolicyDocument,
  type RequestContext,
} from '../../types.ts';
import {
  canonicalPolicy,
  invalidPrincipal,
  isPublic,
  policyAsRead,
  refuseUnknownPrincipals,
} from '../resource-policy.ts';
import { bucketArn, effectiveBlock, onBucket, refuseOtherAccounts } from './bucket.ts';

const MAX_POLICY_BYTES = 20 * 1024;

export const getBucketPolicy = onBucket('GetBucketPolicy', (bucket, _input, context) => {
  refuseOtherAccounts(bucket, context);
  return { Policy: JSON.stringify(policyAsRead(context.estate, policyOf(bucket))) };
});

export const getBucketPolicyStatus = onBucket('GetBucketPolicyStatus', (bucket) => ({
  PolicyStatus: { IsPublic: isPublic(policyOf(bucket)) },
}));

export const putBucketPolicy = onBucket('PutBucketPolicy', (bucket, input, context) => {
  refuseOtherAccounts(bucket, context);
  const document = checkedPolicy(context, bucket, stringIn(input, 'Policy') ?? '');
  if (isPublic(document) && effectiveBlock(context.estate, bucket).BlockPublicPolicy) {
    throw new AwsError(
      'AccessDenied',
      `User: ${context.credential.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(context.estate, bucket.name)}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      403,
    );
  }
  bucket.policy = canonicalPolicy(context.estate, document);
});

export const deleteBucketPolicy = onBucket('DeleteBucketPolicy', (bucket, _input, context) => {
  refuseOtherAccounts(bucket, context);
  bucket.policy = undefined;
});

function policyOf(bucket: Bucket): PolicyDocument {
  if (!bucket.policy) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404);
  return bucket.policy;
}

function checkedPolicy({ estate }: RequestContext, bucket: Bucket, text: string): PolicyDocument {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    throw new AwsError('PolicyTooLarge', 'The policy exceeds the maximum allowed document size.');
  }
  const document = parsePolicy(text, 'MalformedPolicy');
  const malformed = (why: string) => new AwsError('MalformedPolicy', why);
  const arn = bucketArn(estate, bucket.name);
  for (const statement of document.Statement) {
    if (statement.Principal === undefined && statement.NotPrincipal === undefined) {
      throw malformed('Missing required field Principal');
    }
    const resources = [statement.Resource ?? statement.NotResource ?? []].flat();
    if (resources.length === 0) throw malformed('Missing required field Resource');
    // Every resource of a bucket policy is this bucket or something in it.
    if (!resources.every((resource) => resource === arn || resource.startsWith(`${arn}/`) || resource === '*')) {
      throw malformed('Policy has invalid resource');
    }
    if (![statement.Action ?? statement.NotAction ?? []].flat().every((action) => /^(s3:|\*$)/i.test(action))) {
      throw malformed('Policy has invalid action');
    }
  }
  refuseUnknownPrincipals(estate, document, invalidPrincipal('MalformedPolicy'));
  return document;
}

export const getPublicAccessBlock: Operation = onBucket('GetBucketPublicAccessBlock', (bucket) => {
  if (!bucket.publicAccessBlock) throw noBlock();
  return { PublicAccessBlockConfiguration: bucket.publicAccessBlock };
});

export const putPublicAccessBlock = onBucket('PutBucketPublicAccessBlock', (bucket, input) => {
  bucket.publicAccessBlock = blockIn(input);
});

export const deletePublicAccessBlock = onBucket('PutBucketPublicAccessBlock', (bucket) => {
  bucket.publicAccessBlock = undefined;
});

export function noBlock(): AwsError {
  return new AwsError(
    'NoSuchPublicAccessBlockConfiguration',
    'The public access block configuration was not found',
    404,
  );
}

/** The four flags; one that is not named is off. */
export function blockIn(input: Input) {
  const flags = isRecord(input.PublicAccessBlockConfiguration) ? input.PublicAccessBlockConfiguration : {};
  return {
    BlockPublicAcls: flags.BlockPublicAcls === true,
    IgnorePublicAcls: flags.IgnorePublicAcls === true,
    BlockPublicPolicy: flags.BlockPublicPolicy === true,
    RestrictPublicBuckets: flags.RestrictPublicBuckets === true,
  };
}
