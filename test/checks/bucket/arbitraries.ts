import fc from 'fast-check';
import type { JsonObject } from '../../../src/snapshot/types.ts';
import { ACCOUNT } from '../../support/snapshot.ts';

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
