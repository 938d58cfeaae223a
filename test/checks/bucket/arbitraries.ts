import fc from 'fast-check';
import type { JsonObject } from '../../../src/snapshot/types.ts';
import { ACCOUNT, BUCKET, TRAIL_ARN } from '../../support/snapshot.ts';

const filters: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({
    Prefix: fc.constantFrom(
      '',
      'AWSLogs/',
      `AWSLogs/${ACCOUNT}/CloudTrail-Digest/`,
      `AWSLogs/${ACCOUNT}/Config/`,
      'x/',
    ),
  }),
  fc.constantFrom<JsonObject>(
    { Tag: { Key: 'a', Value: 'b' } },
    { ObjectSizeGreaterThan: 1 },
    { And: { Prefix: 'AWSLogs/', Tags: [{ Key: 'a', Value: 'b' }] } },
    { And: { Prefix: 'AWSLogs/', ObjectSizeLessThan: 100_000 } },
  ),
);
const days = fc.constantFrom(1, 7, 29, 30, 364, 365, 400);

const rules = fc.record(
  {
    Status: fc.constantFrom('Enabled', 'Disabled'),
    Filter: filters,
    Expiration: fc.oneof(fc.record({ Days: days }), fc.constant({ ExpiredObjectDeleteMarker: true })),
    NoncurrentVersionExpiration: fc.record(
      { NoncurrentDays: days, NewerNoncurrentVersions: fc.constantFrom(1, 5) },
      { requiredKeys: ['NoncurrentDays'] },
    ),
    AbortIncompleteMultipartUpload: fc.constant({ DaysAfterInitiation: 7 }),
    Transitions: fc.constant([{ Days: 1, StorageClass: 'GLACIER_IR' }]),
  },
  { requiredKeys: ['Status', 'Filter'] },
);

/** Lifecycle configurations without fixed dates, whose rules meet the paths of logs now and then. */
export const lifecycles = fc
  .array(rules, { maxLength: 5 })
  .map((list) => ({ Rules: list.map((rule, index) => asJson({ ID: `r${index}`, ...rule })) }));

function asJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

const ARN = `arn:aws:s3:::${BUCKET}`;
const scalarOrList = (values: readonly string[]) =>
  fc.oneof(fc.constantFrom(...values), fc.subarray([...values], { minLength: 1 }));
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const principals = fc.oneof(
  fc.constant({ Service: 'cloudtrail.amazonaws.com' }),
  fc.constant({ Service: ['cloudtrail.amazonaws.com', 'config.amazonaws.com'] }),
  fc.constant({ Service: 'cloudtrail.amazonaws.com', AWS: '111111111111' }),
  fc.constant({ AWS: ['222222222222', 'arn:aws:iam::777777777777:role/reader'] }),
  fc.constant('*'),
);
const conditions = fc
  .record({
    StringEquals: sometimes(
      fc.dictionary(
        fc.constantFrom('aws:SourceArn', 'AWS:SourceAccount', 's3:x-amz-acl', 'aws:PrincipalOrgID'),
        scalarOrList([TRAIL_ARN, '111111111111', '999999999999', 'bucket-owner-full-control']),
        { maxKeys: 2 },
      ),
    ),
    ArnLike: sometimes(
      fc.record({
        'aws:sourcearn': scalarOrList([
          'arn:aws:cloudtrail:*:111111111111:trail/*',
          'arn:aws:cloudtrail:*:999999999999:trail/*',
        ]),
      }),
    ),
    Bool: sometimes(fc.record({ 'aws:SecureTransport': fc.constantFrom('true', 'false') })),
  })
  .map(asJson);

const statements = fc
  .record({
    Sid: sometimes(fc.constantFrom('Write', 'TlsOnly', 'WriteCloudTrail', 'X')),
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    Principal: principals,
    Action: scalarOrList(['s3:PutObject', 's3:GetBucketAcl', 's3:*', 's3:GetObject']),
    Resource: scalarOrList([ARN, `${ARN}/*`, `${ARN}/AWSLogs/111111111111/*`]),
    Condition: sometimes(conditions),
  })
  .map(asJson);

/** Bucket policies from a small world, so that statements for CloudTrail, readers and everybody meet. */
export const bucketPolicies = fc.array(statements, { maxLength: 5 });
