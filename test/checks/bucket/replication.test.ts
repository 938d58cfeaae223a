import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/replication.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  healthySnapshot,
  read,
  withBucket,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf } from './support.ts';

const TARGET = `${BUCKET}-replica`;
const rule = (more: JsonObject = {}): JsonObject => ({
  ID: 'copy',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
  Destination: { Bucket: `arn:aws:s3:::${TARGET}` },
  DeleteMarkerReplication: { Status: 'Disabled' },
  ...more,
});
const { SourceSelectionCriteria: _s, ...plainOnly } = rule();
const { Filter: _f, ...oldForm } = rule({ Prefix: '' });
const withRules = (...Rules: JsonObject[]): Snapshot =>
  withBucket(healthySnapshot(), { replication: { Role: 'arn:aws:iam::222222222222:role/r', Rules } });
function target(
  more: { region?: string; owner?: string | undefined; everyAccountListed?: boolean },
  snapshot = withRules(rule()),
): Snapshot {
  const { owner, ...bucket } = { Name: TARGET, region: 'us-east-1', owner: ARCHIVE, everyAccountListed: true, ...more };
  return withPart(snapshot, 'bucket', TARGET, read({ ...bucket, ...(owner === undefined ? {} : { owner }) }));
}
const unread = withPart(withRules(rule()), 'bucket', TARGET, denied('s3:ListBucket', ARCHIVE));

bucketEdges(check, {
  'bucket.replication': {
    action: 's3:GetReplicationConfiguration',
    edge: 'AccessDenied on GetBucketReplication: unknown, naming s3:GetReplicationConfiguration',
  },
});

describe('bucket/replication', () => {
  it.each<[string, Snapshot, JsonObject]>([
    [
      'no replication',
      withBucket(healthySnapshot(), { replication: absent('ReplicationConfigurationNotFoundError') }),
      {},
    ],
    ['Rule for another prefix: does not count', withRules(rule({ Filter: { Prefix: 'reports/' } })), {}],
    ['a rule behind a tag', withRules(rule({ Filter: { And: { Prefix: '', Tags: [{ Key: 'a', Value: 'b' }] } } })), {}],
    ['a rule behind one tag', withRules(rule({ Filter: { Tag: { Key: 'a', Value: 'b' } } })), {}],
    ['a disabled rule', withRules(rule({ Status: 'Disabled' })), {}],
    ['Target in the same region and account: fail', target({}), {}],
    ['the same region, where another is asked for', target({ owner: ACCOUNT }), { apart: 'region' }],
    ['the same account, where another is asked for', withRules(rule()), { apart: 'account' }],
    ['a target that does not exist', withPart(withRules(rule()), 'bucket', TARGET, absent('NoSuchBucket')), {}],
    [
      'Delete markers replicated: fail, a deletion would follow',
      withRules(rule({ DeleteMarkerReplication: { Status: 'Enabled' } })),
      {},
    ],
    ['a rule of the old form, which copies delete markers', withRules(oldForm), {}],
    [
      'KMS-encrypted objects without a rule for them (SourceSelectionCriteria): fail, logs are not copied',
      withRules(plainOnly),
      {},
    ],
    [
      'one of several prefixes left out',
      withBucket(withTrail(healthySnapshot(), { name: 'web', S3KeyPrefix: 'web' }), {
        replication: { Role: 'r', Rules: [rule({ Filter: { Prefix: 'AWSLogs/' } })] },
      }),
      {},
    ],
  ])('fails: %s', (_, snapshot, settings) => {
    expect(findingOf(check, snapshot, { settings })).toMatchObject({ verdict: 'fail', fix: 'manual' });
  });

  it.each<[string, Snapshot, JsonObject]>([
    ['another region', withRules(rule()), { apart: 'region' }],
    ['another account', target({ owner: ACCOUNT }), { apart: 'account' }],
    ['a bucket of nobody in the estate', target({ owner: undefined }), { apart: 'account' }],
    ['a rule for the very folder', withRules(rule({ Filter: { And: { Prefix: `AWSLogs/${ACCOUNT}/` } } })), {}],
    ['one good rule of two', withRules(rule({ Status: 'Disabled' }), rule({ ID: 'b' })), {}],
    [
      'an account named by the rule, of a target that cannot be read',
      withPart(
        withRules(rule({ Destination: { Bucket: `arn:aws:s3:::${TARGET}`, Account: '999999999999' } })),
        'bucket',
        TARGET,
        denied('s3:ListBucket', ARCHIVE),
      ),
      {},
    ],
    [
      'logs that are not encrypted with KMS, by a rule without criteria',
      withBucket(withTrail({ ...healthySnapshot(), trail: {} }, { KmsKeyId: undefined }), {
        replication: { Role: 'r', Rules: [plainOnly] },
      }),
      {},
    ],
  ])('passes: %s', (_, snapshot, settings) => {
    expect(findingOf(check, snapshot, { settings }).verdict).toBe('pass');
  });

  it('Replica bucket of this estate that is itself a target: not-applicable', () => {
    const copies = read({ Role: 'r', Rules: [rule({ Destination: { Bucket: `arn:aws:s3:::${BUCKET}` } })] });
    const snapshot = withPart(withRules(), 'bucket.replication', 'first', copies);
    expect(findingOf(check, snapshot)).toMatchObject({
      verdict: 'not-applicable',
      reason: 'The bucket is itself the copy of first.',
    });
  });

  it.each<[string, Snapshot]>([
    ['the target cannot be read', unread],
    ['the owner of the target is not known', target({ owner: undefined, everyAccountListed: false })],
    [
      'the encryption cannot be read, by a rule without criteria',
      withBucket(withTrail({ ...healthySnapshot(), trail: {} }, { KmsKeyId: undefined }), {
        replication: { Role: 'r', Rules: [plainOnly] },
        encryption: denied('s3:GetEncryptionConfiguration', ARCHIVE),
      }),
    ],
  ])('is unknown where %s', (_, snapshot) => {
    expect(findingOf(check, snapshot).verdict).toBe('unknown');
  });

  it('guides, with versioning at both ends and without delete markers', () => {
    const fix = fixOf(
      check,
      withBucket(healthySnapshot(), { replication: absent('ReplicationConfigurationNotFoundError') }),
    );
    expect(fix.kind).toBe('manual');
    const text = JSON.stringify(fix);
    expect(text).toContain('Status=Enabled');
    expect(text).toContain('aws_s3_bucket_replication_configuration');
    expect(text).not.toMatch(/DeleteMarkerReplication\W+Status\W+Enabled/);
  });
});
