import fc from 'fast-check';
import type { SelectableEvent } from '../../../src/check/evaluators/event-selectors/match.ts';
import type { TrailSelectors } from '../../../src/check/evaluators/event-selectors/types.ts';

const scalarOrList = (values: fc.Arbitrary<string>) =>
  fc.oneof(values, fc.uniqueArray(values, { minLength: 1, maxLength: 3 }));

const principals = fc.oneof(
  fc.constant('*'),
  fc.record(
    {
      AWS: scalarOrList(
        fc.constantFrom('111111111111', 'arn:aws:iam::222222222222:root', 'arn:aws:iam::1:role/r', '*'),
      ),
      Service: scalarOrList(fc.constantFrom('cloudtrail.amazonaws.com', 'config.amazonaws.com')),
    },
    { requiredKeys: [] },
  ),
);

const conditions = fc.record(
  {
    StringEquals: fc.dictionary(
      fc.constantFrom('aws:SourceArn', 'aws:SourceAccount', 's3:x-amz-acl'),
      scalarOrList(fc.constantFrom('t1', 't2', '111111111111')),
      { maxKeys: 2 },
    ),
    Bool: fc.record({ 'aws:SecureTransport': fc.constantFrom('true', 'false') }),
  },
  { requiredKeys: [] },
);

/** Statements of a bucket policy, from a small world so that they meet. */
export const statements = fc.record(
  {
    Sid: fc.constantFrom('A', 'B', 'Write'),
    Effect: fc.constantFrom('Allow', 'Deny'),
    Principal: principals,
    Action: scalarOrList(fc.constantFrom('s3:PutObject', 's3:GetBucketAcl', 's3:*', 's3:Get*')),
    Resource: scalarOrList(fc.constantFrom('arn:aws:s3:::b', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b/AWSLogs/1/*', '*')),
    Condition: conditions,
  },
  { requiredKeys: ['Effect', 'Principal', 'Action', 'Resource'] },
);

export const policies = fc.record({
  Version: fc.constant('2012-10-17'),
  Statement: fc.array(statements, { maxLength: 5 }),
});

const BUCKETS = ['arn:aws:s3:::log', 'arn:aws:s3:::log-2', 'arn:aws:s3:::data'];
const prefixes = fc.constantFrom(...BUCKETS.flatMap((it) => [it, `${it}/`, `${it}/key`]));

const basicSets: fc.Arbitrary<TrailSelectors> = fc.record({
  eventSelectors: fc.array(
    fc.record(
      {
        ReadWriteType: fc.constantFrom('All', 'ReadOnly', 'WriteOnly'),
        IncludeManagementEvents: fc.boolean(),
        ExcludeManagementEventSources: fc.subarray(['kms.amazonaws.com', 'rdsdata.amazonaws.com']),
        DataResources: fc.array(
          fc.oneof(
            fc.record({
              Type: fc.constant('AWS::S3::Object'),
              Values: fc.uniqueArray(fc.oneof(prefixes, fc.constantFrom('arn:aws:s3', 'arn:aws:s3:::')), {
                maxLength: 2,
              }),
            }),
            fc.constant({ Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] }),
          ),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 4 },
  ),
});

const readOnly = fc.option(fc.constantFrom('true', 'false'), { nil: undefined });
const only = (Field: string, value: string | undefined) => (value === undefined ? [] : [{ Field, Equals: [value] }]);

const managementSelectors = fc
  .record({ readOnly, out: fc.subarray(['kms.amazonaws.com', 'rdsdata.amazonaws.com']) })
  .map(({ readOnly: mode, out }) => ({
    FieldSelectors: [
      ...only('eventCategory', 'Management'),
      ...only('readOnly', mode),
      ...(out.length === 0 ? [] : [{ Field: 'eventSource', NotEquals: out }]),
    ],
  }));

const dataSelectors = fc
  .record({
    readOnly,
    arn: fc.uniqueArray(
      fc.record({
        operator: fc.constantFrom('StartsWith', 'NotStartsWith', 'Equals', 'NotEquals', 'EndsWith', 'NotEndsWith'),
        values: fc.uniqueArray(prefixes, { minLength: 1, maxLength: 2 }),
      }),
      { maxLength: 2, selector: ({ operator }) => operator },
    ),
    eventName: fc.option(fc.constant('PutObject'), { nil: undefined }),
  })
  .map(({ readOnly: mode, arn, eventName }) => ({
    FieldSelectors: [
      ...only('eventCategory', 'Data'),
      ...only('resources.type', 'AWS::S3::Object'),
      ...only('readOnly', mode),
      ...(arn.length === 0
        ? []
        : [{ Field: 'resources.ARN', ...Object.fromEntries(arn.map(({ operator, values }) => [operator, values])) }]),
      ...(eventName === undefined ? [] : [{ Field: 'eventName', NotEquals: [eventName] }]),
    ],
  }));

const advancedSets: fc.Arbitrary<TrailSelectors> = fc.record({
  advancedEventSelectors: fc.array(fc.oneof(managementSelectors, dataSelectors), { minLength: 1, maxLength: 4 }),
});

/** Selector sets of both kinds, and the default. */
export const selectorSets: fc.Arbitrary<TrailSelectors> = fc.oneof(basicSets, advancedSets, fc.constant({}));

export const managementEvents: fc.Arbitrary<SelectableEvent> = fc.record({
  category: fc.constant('Management' as const),
  source: fc.constantFrom('kms.amazonaws.com', 'rdsdata.amazonaws.com', 'iam.amazonaws.com'),
  name: fc.constantFrom('CreateTrail', 'Decrypt'),
  readOnly: fc.boolean(),
});

export const objectEvents: fc.Arbitrary<SelectableEvent> = fc.record({
  category: fc.constant('Data' as const),
  source: fc.constant('s3.amazonaws.com'),
  name: fc.constantFrom('PutObject', 'DeleteObject', 'GetObject'),
  readOnly: fc.boolean(),
  resourceType: fc.constant('AWS::S3::Object'),
  resourceArn: fc
    .tuple(fc.constantFrom(...BUCKETS, 'arn:aws:s3:::other'), fc.constantFrom('/key', '/key/a', '/z'))
    .map(([bucket, key]) => bucket + key),
});
