import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/lifecycle.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  healthySnapshot,
  MANAGEMENT,
  withAccount,
  withBucket,
  withOrganization,
  withTrail,
} from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, onlyChange, planOf } from './support.ts';

const NONE = absent('NoSuchLifecycleConfiguration');
const LATER = [{ Days: 365, StorageClass: 'GLACIER_IR' }];
const rule = (more: JsonObject = {}): JsonObject => ({
  ID: 'keep',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  Expiration: { Days: 400 },
  NoncurrentVersionExpiration: { NoncurrentDays: 400 },
  ...more,
});

function withRules(...Rules: JsonObject[]): Snapshot {
  return withBucket(healthySnapshot(), { lifecycle: { Rules } });
}
const withNone = (versioning: { Status?: 'Enabled' } = { Status: 'Enabled' }) =>
  withBucket(healthySnapshot(), { lifecycle: NONE, versioning });

bucketEdges(check, {
  'bucket.lifecycle': {
    action: 's3:GetLifecycleConfiguration',
    edge: 'AccessDenied on GetBucketLifecycleConfiguration: unknown, naming s3:GetLifecycleConfiguration',
  },
  'bucket.versioning': 's3:GetBucketVersioning',
});

describe('bucket/lifecycle', () => {
  const { NoncurrentVersionExpiration: _, ...currentOnly } = rule();
  const { Filter: _filter, ...withoutFilter } = rule();
  const twoPrefixes = withTrail(healthySnapshot(), { name: 'web', S3KeyPrefix: 'web' });
  const organization = withTrail(
    { ...withOrganization(withAccount(healthySnapshot(), { id: MANAGEMENT })), trail: {} },
    { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true },
  );

  it.each<[string, Snapshot]>([
    ['No lifecycle configuration: fail, not an error', withNone()],
    [
      'Rule for another prefix or behind a tag or size filter: does not cover',
      withRules(rule({ Filter: { Prefix: 'reports/' } })),
    ],
    ['rule behind a tag filter', withRules(rule({ Filter: { Tag: { Key: 'a', Value: 'b' } } }))],
    ['rule behind a size filter', withRules(rule({ Filter: { ObjectSizeGreaterThan: 1024 } }))],
    ['Rule disabled: does not count', withRules(rule({ Status: 'Disabled' }))],
    [
      'Several trails with different prefixes: every path must be covered',
      withBucket(twoPrefixes, { lifecycle: { Rules: [rule({ Filter: { Prefix: 'AWSLogs/' } })] } }),
    ],
    ['old versions left undecided', withRules(currentOnly)],
    [
      'rule that only moves logs to another class of storage in use',
      withRules({ ...currentOnly, Expiration: {}, Transitions: [{ Days: 30, StorageClass: 'STANDARD_IA' }] }),
    ],
    [
      'organization trail: path of the organization not covered',
      withBucket(organization, { lifecycle: { Rules: [rule({ Filter: { Prefix: `AWSLogs/${MANAGEMENT}/` } })] } }),
    ],
  ])('fails: %s', (_name, snapshot) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', fix: 'auto-second-approver' });
  });

  it.each<[string, Snapshot]>([
    [
      'Expiry earlier than retention_days: pass here, bucket/no-early-expiry fails',
      withRules(rule({ Expiration: { Days: 30 } })),
    ],
    ['rule on the very folder of the trail', withRules(rule({ Filter: { Prefix: `AWSLogs/${ACCOUNT}/` } }))],
    ['old-style prefix', withRules({ ...withoutFilter, Prefix: 'AWSLogs/' })],
    [
      'every prefix covered',
      withBucket(twoPrefixes, {
        lifecycle: {
          Rules: [rule({ Filter: { Prefix: 'AWSLogs/' } }), rule({ ID: 'web', Filter: { Prefix: 'web/' } })],
        },
      }),
    ],
    [
      'old versions of a bucket without versioning',
      withBucket(healthySnapshot(), { lifecycle: { Rules: [currentOnly] }, versioning: {} }),
    ],
    [
      'organization trail with both its folders',
      withBucket(organization, { lifecycle: { Rules: [rule({ Filter: { Prefix: 'AWSLogs/' } })] } }),
    ],
  ])('passes: %s', (_name, snapshot) => {
    expect(findingOf(check, snapshot).verdict).toBe('pass');
  });

  it('MFA delete on: not-applicable, the two exclude each other', () => {
    const snapshot = withBucket(healthySnapshot(), {
      lifecycle: NONE,
      versioning: { Status: 'Enabled', MFADelete: 'Enabled' },
    });
    expect(findingOf(check, snapshot).verdict).toBe('not-applicable');
  });

  it('refuses settings that would delete logs before retention_days', () => {
    expect(check.settings.safeParse({ expire_after_days: 30 }).success).toBe(false);
    expect(check.settings.safeParse({ storage_class: 'DEEP_ARCHIVE' }).success).toBe(false);
    expect(check.settings.safeParse({ expire_after_days: 400 }).success).toBe(true);
  });

  describe('fix', () => {
    it('moves logs and old versions after a year and deletes nothing', () => {
      const plan = planOf(check, withNone());
      const change = onlyChange(plan);
      expect(change).toMatchObject({
        account: ARCHIVE,
        operation: 's3:PutBucketLifecycleConfiguration',
        input: { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE },
        expect: null,
        undo: { operation: 's3:DeleteBucketLifecycle', input: { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE } },
      });
      expect(change.input.LifecycleConfiguration).toEqual({
        Rules: [
          {
            ID: expect.stringMatching(/^trail-check-/),
            Status: 'Enabled',
            Filter: { Prefix: 'AWSLogs/' },
            Transitions: LATER,
            NoncurrentVersionTransitions: [{ NoncurrentDays: 365, StorageClass: 'GLACIER_IR' }],
          },
        ],
      });
      expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', reversible: 'partly', warnings: [] });
    });

    it('passes on what it leaves', () => {
      const { input } = onlyChange(planOf(check, withNone()));
      const lifecycle = input.LifecycleConfiguration as { Rules: JsonObject[] };
      expect(findingOf(check, withBucket(healthySnapshot(), { lifecycle })).verdict).toBe('pass');
    });

    it('keeps every rule, old prefixes rewritten as filters, and puts back what was read', () => {
      const old = { ID: 'old', Status: 'Enabled', Prefix: 'reports/', Expiration: { Days: 7 } };
      const other = rule({ ID: 'other', Filter: { Prefix: 'other/' } });
      const snapshot = withBucket(healthySnapshot(), {
        lifecycle: { Rules: [old, other], TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' },
      });
      const { input, undo } = onlyChange(planOf(check, snapshot));
      expect(input).toMatchObject({
        LifecycleConfiguration: {
          Rules: [
            { ID: 'old', Status: 'Enabled', Filter: { Prefix: 'reports/' }, Expiration: { Days: 7 } },
            other,
            { Filter: { Prefix: 'AWSLogs/' } },
          ],
        },
        TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
      });
      expect(undo?.input).toMatchObject({ LifecycleConfiguration: { Rules: [old, other] } });
    });

    it('decides only what is undecided, for each prefix of its own', () => {
      const snapshot = withBucket(twoPrefixes, {
        lifecycle: { Rules: [{ ...currentOnly, Filter: { Prefix: 'AWSLogs/' } }] },
      });
      const { Rules } = onlyChange(planOf(check, snapshot)).input.LifecycleConfiguration as { Rules: JsonObject[] };
      expect(Rules.slice(1)).toEqual([
        {
          ID: expect.any(String),
          Status: 'Enabled',
          Filter: { Prefix: 'AWSLogs/' },
          NoncurrentVersionTransitions: [{ NoncurrentDays: 365, StorageClass: 'GLACIER_IR' }],
        },
        expect.objectContaining({ Filter: { Prefix: 'web/AWSLogs/' }, Transitions: LATER }),
      ]);
    });

    it('shows an expiry as irreversible', () => {
      const plan = planOf(check, withNone({}), { settings: { expire_after_days: 730 } });
      const { Rules } = onlyChange(plan).input.LifecycleConfiguration as { Rules: JsonObject[] };
      expect(Rules).toMatchObject([{ Transitions: LATER, Expiration: { Days: 730 } }]);
      expect(plan).toMatchObject({
        risk: 'irreversible',
        reversible: 'no',
        warnings: [expect.stringContaining('730')],
      });
    });

    it('guides where a rule acts on a fixed date, which a plan cannot put back', () => {
      const dated = rule({ Filter: { Prefix: 'x/' }, Expiration: { Date: '2027-01-01T00:00:00.000Z' } });
      expect(findingOf(check, withRules(dated)).fix).toBe('manual');
      expect(fixOf(check, withRules(dated)).kind).toBe('manual');
    });

    it('does not go over the thousand rules of S3', () => {
      const many = Array.from({ length: 1000 }, (_item, index) =>
        rule({ ID: `r${index}`, Filter: { Prefix: `x${index}/` } }),
      );
      expect(fixOf(check, withRules(...many)).kind).toBe('blocked');
    });

    it('is not offered on what cannot be read', () => {
      const snapshot = withBucket(withNone(), {
        lifecycle: NONE,
        versioning: denied('s3:GetBucketVersioning', ARCHIVE),
      });
      expect(fixOf(check, snapshot)).toMatchObject({ kind: 'blocked' });
    });
  });
});
