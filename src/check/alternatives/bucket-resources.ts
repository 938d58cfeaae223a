import type { Json, JsonObject } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import type { Body, Resource } from './hcl.ts';
import { asObject, document, object, type Renderer, text } from './renderer.ts';
import { bodyOf, type Names } from './snake.ts';

function forBucket(type: string, change: Change, body: Body): Resource {
  const bucket = text(change, 'Bucket');
  return { type, name: bucket, body: { ...body, arguments: { bucket, ...body.arguments } } };
}

function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

/** Lifecycle rules: what is a list in the API is a block an item, and a filter of several members is an `and` block. */
const RULE_NAMES: Names = {
  ID: 'id',
  Transitions: 'transition',
  NoncurrentVersionTransitions: 'noncurrent_version_transition',
  And: 'and',
  Tags: undefined,
  Tag: 'tag',
};

function lifecycleRule(rule: JsonObject): Body {
  const body = bodyOf(rule, RULE_NAMES);
  const and = asObject(asObject(rule.Filter).And);
  const tags = Object.fromEntries(list(and.Tags).map(({ Key, Value }) => [String(Key), String(Value)]));
  // A rule must have a filter: one that is empty means every object, and a bare Prefix is the older way to say it.
  const filter = (inner: Body): Body =>
    Object.keys(tags).length === 0
      ? inner
      : { ...inner, blocks: (inner.blocks ?? []).map(([name, block]) => [name, withTags(name, block, tags)] as const) };
  const blocks = (body.blocks ?? []).map(([name, inner]) => [name, name === 'filter' ? filter(inner) : inner] as const);
  const hasFilter = blocks.some(([name]) => name === 'filter') || rule.Prefix !== undefined;
  return { ...body, blocks: hasFilter ? blocks : [...blocks, ['filter', {}]] };
}

function withTags(name: string, block: Body, tags: { [key: string]: string }): Body {
  return name === 'and' ? { ...block, arguments: { ...block.arguments, tags } } : block;
}

/** Buckets: every subresource of S3 is a resource of its own in Terraform. */
export const buckets: { readonly [operation: string]: Renderer } = {
  's3:CreateBucket': (change) => forBucket('aws_s3_bucket', change, {}),
  's3:PutBucketPolicy': (change) =>
    forBucket('aws_s3_bucket_policy', change, { arguments: { policy: document(text(change, 'Policy')) } }),
  's3:PutPublicAccessBlock': (change) =>
    forBucket('aws_s3_bucket_public_access_block', change, bodyOf(object(change, 'PublicAccessBlockConfiguration'))),
  's3:PutBucketVersioning': (change) =>
    forBucket('aws_s3_bucket_versioning', change, {
      blocks: [
        ['versioning_configuration', bodyOf(object(change, 'VersioningConfiguration'), { MFADelete: 'mfa_delete' })],
      ],
    }),
  's3:PutBucketLogging': (change) => {
    const { TargetBucket, TargetPrefix } = asObject(object(change, 'BucketLoggingStatus').LoggingEnabled);
    return forBucket('aws_s3_bucket_logging', change, {
      arguments: { target_bucket: TargetBucket, target_prefix: TargetPrefix },
    });
  },
  's3:PutBucketLifecycleConfiguration': (change) => {
    const rules = list(object(change, 'LifecycleConfiguration').Rules);
    return forBucket('aws_s3_bucket_lifecycle_configuration', change, {
      arguments: { transition_default_minimum_object_size: change.input.TransitionDefaultMinimumObjectSize },
      blocks: rules.map((rule) => ['rule', lifecycleRule(rule)] as const),
    });
  },
  's3:PutBucketRequestPayment': (change) =>
    forBucket('aws_s3_bucket_request_payment_configuration', change, {
      arguments: { payer: object(change, 'RequestPaymentConfiguration').Payer },
    }),
  's3:PutBucketAcl': (change) => forBucket('aws_s3_bucket_acl', change, { arguments: { acl: change.input.ACL } }),
  's3:PutBucketOwnershipControls': (change) =>
    forBucket('aws_s3_bucket_ownership_controls', change, {
      blocks: list(object(change, 'OwnershipControls').Rules).map((rule) => ['rule', bodyOf(rule)] as const),
    }),
  's3:PutObjectLockConfiguration': (change) =>
    forBucket('aws_s3_bucket_object_lock_configuration', change, {
      blocks: [['rule', bodyOf(asObject(object(change, 'ObjectLockConfiguration').Rule))]],
    }),
  's3:PutBucketEncryption': (change) =>
    forBucket('aws_s3_bucket_server_side_encryption_configuration', change, {
      blocks: list(object(change, 'ServerSideEncryptionConfiguration').Rules).map(
        (rule) =>
          ['rule', bodyOf(rule, { SSEAlgorithm: 'sse_algorithm', KMSMasterKeyID: 'kms_master_key_id' })] as const,
      ),
    }),
};
