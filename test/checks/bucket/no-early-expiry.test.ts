import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/no-early-expiry.ts';
import { lifecycleState } from '../../../src/check/state.ts';
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
import { lifecycles } from './arbitraries.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, onlyChange, planOf } from './support.ts';

const rule = (more: JsonObject = {}): JsonObject => ({
  ID: 'early',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  Expiration: { Days: 1 },
  ...more,
});
const { Expiration: _, ...bare } = rule();
const withRules = (...Rules: JsonObject[]): Snapshot => withBucket(healthySnapshot(), { lifecycle: { Rules } });
const older = (NoncurrentDays: number, more: JsonObject = {}) => ({
  ...bare,
  NoncurrentVersionExpiration: { NoncurrentDays, ...more },
});
const rulesOf = (input: JsonObject) => (input.LifecycleConfiguration as { Rules: JsonObject[] }).Rules;

bucketEdges(check, {
  'bucket.lifecycle': {
    action: 's3:GetLifecycleConfiguration',
    edge: 'AccessDenied on GetBucketLifecycleConfiguration: unknown, naming s3:GetLifecycleConfiguration',
  },
});

describe('bucket/no-early-expiry', () => {
  const organization = withTrail(
    { ...withOrganization(withAccount(healthySnapshot(), { id: MANAGEMENT })), trail: {} },
    { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true },
  );
  const inOrganization = (Prefix: string) =>
    withBucket(organization, { lifecycle: { Rules: [rule({ Filter: { Prefix } })] } });

  it.each<[string, Snapshot, object]>([
    [
      'Expiration by Days',
      withRules(rule()),
      {
        fix: 'auto',
        severity: 'critical',
        reason:
          'early throws log files away after 1 days, before the 365 days they are to be kept; older ones may be lost already.',
      },
    ],
    [
      'Expiration by Days, by Date in the past or near future: judged alike',
      withRules(rule({ Expiration: { Date: '2026-01-01T00:00:00.000Z' } })),
      { fix: 'manual' },
    ],
    ['a date to come', withRules(rule({ Expiration: { Date: '2027-03-01T00:00:00.000Z' } })), { fix: 'manual' }],
    [
      'Rule behind a size filter: can match, judged',
      withRules(rule({ Filter: { And: { Prefix: 'AWSLogs/', ObjectSizeGreaterThan: 1 } } })),
      { fix: 'auto' },
    ],
    [
      'Rule limited to digests: judged, they are evidence too',
      withRules(rule({ Filter: { Prefix: `AWSLogs/${ACCOUNT}/CloudTrail-Digest/` } })),
      { fix: 'auto' },
    ],
    ['a rule of one region', withRules(rule({ Filter: { Prefix: `AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/` } })), {}],
    ['an old-style prefix', withRules({ ID: 'x', Status: 'Enabled', Prefix: 'AWS', Expiration: { Days: 90 } }), {}],
    [
      'NewerNoncurrentVersions kept but days short: judged by the days',
      withRules(older(7, { NewerNoncurrentVersions: 3 })),
      { reason: 'early throws old versions of log files away after 7 days, before 30 days.', fix: 'auto' },
    ],
    ['a member of an organization trail', inOrganization(`AWSLogs/o-acme123456/${ACCOUNT}/`), {}],
    ['a part of a member id', inOrganization('AWSLogs/o-acme123456/1'), {}],
  ])('fails: %s', (_name, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', ...expected });
  });

  it.each<[string, Snapshot, object]>([
    [
      'Rule for a prefix outside every log path: ignored',
      withRules(rule({ Filter: { Prefix: `AWSLogs/${ACCOUNT}/Config/` } })),
      { notes: [] },
    ],
    ['a prefix of another trail', withRules(rule({ Filter: { Prefix: 'reports/' } })), {}],
    ['another account', withRules(rule({ Filter: { Prefix: 'AWSLogs/999999999999/' } })), {}],
    ['no member of the organization', inOrganization('AWSLogs/o-acme123456/Config/'), {}],
    [
      'Rule behind a tag filter: ignored, CloudTrail objects carry no tags',
      withRules(rule({ Filter: { Tag: { Key: 'class', Value: 'short' } } })),
      { notes: [] },
    ],
    [
      'ExpiredObjectDeleteMarker or aborting uploads only: pass',
      withRules(rule({ Expiration: { ExpiredObjectDeleteMarker: true } }), {
        ...bare,
        ID: 'uploads',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      }),
      { notes: [] },
    ],
    [
      'Disabled rule: pass with a note',
      withRules(rule({ Status: 'Disabled' })),
      { notes: ['The disabled rule early would throw logs away early (after 1 days).'] },
    ],
    ['days enough', withRules(rule({ Expiration: { Days: 365 } }), older(30)), {}],
    ['a date beyond', withRules(rule({ Expiration: { Date: '2028-01-01T00:00:00.000Z' } })), {}],
    ['no rules', withBucket(healthySnapshot(), { lifecycle: absent('NoSuchLifecycleConfiguration') }), {}],
    [
      'old versions of a bucket that never had any',
      withBucket(healthySnapshot(), { lifecycle: { Rules: [older(1)] }, versioning: {} }),
      { notes: [expect.stringContaining('there are none')] },
    ],
  ])('passes: %s', (_name, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'pass', ...expected });
  });

  it('is unknown where early old versions hang on a versioning that cannot be read', () => {
    const versioning = denied('s3:GetBucketVersioning', ARCHIVE);
    const snapshot = withBucket(healthySnapshot(), { lifecycle: { Rules: [older(1)] }, versioning });
    expect(findingOf(check, snapshot)).toMatchObject({
      verdict: 'unknown',
      missingPermission: 's3:GetBucketVersioning',
    });
  });

  it('is as strict as the settings', () => {
    const settings = { retention_days: 30, noncurrent_days: 7 };
    const snapshot = withRules(rule({ Expiration: { Days: 30 } }), older(7));
    expect(findingOf(check, snapshot, { settings }).verdict).toBe('pass');
    expect(findingOf(check, snapshot).verdict).toBe('fail');
  });

  describe('fix', () => {
    it('raises what is early, and leaves everything else as it was read', () => {
      const other = rule({ ID: 'other', Filter: { Prefix: 'reports/' } });
      const wrong = { ...rule(), ...older(7, { NewerNoncurrentVersions: 3 }), Expiration: { Days: 1 } };
      const saved = { Rules: [other, wrong], TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' };
      const plan = planOf(check, withBucket(healthySnapshot(), { lifecycle: saved }));
      const change = onlyChange(plan);
      expect(change).toMatchObject({
        account: ARCHIVE,
        operation: 's3:PutBucketLifecycleConfiguration',
        input: {
          Bucket: BUCKET,
          ExpectedBucketOwner: ARCHIVE,
          TransitionDefaultMinimumObjectSize: 'varies_by_storage_class',
        },
        undo: { input: { LifecycleConfiguration: { Rules: saved.Rules } } },
      });
      expect(rulesOf(change.input)).toEqual([
        other,
        {
          ...wrong,
          Expiration: { Days: 365 },
          NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 3 },
        },
      ]);
      expect(plan).toMatchObject({ class: 'auto', risk: 'cost', reversible: 'yes' });
    });

    it('never rolls back by itself into throwing evidence away', () => {
      expect(onlyChange(planOf(check, withRules(rule()))).undo?.automatic).toBe(false);
    });

    it('never deletes the configuration, nor a rule', () => {
      const change = onlyChange(planOf(check, withRules(rule(), rule({ ID: 'b', Status: 'Disabled' }))));
      expect(change.operation).not.toContain('Delete');
      expect(change.undo?.operation).not.toContain('Delete');
      expect(rulesOf(change.input)).toHaveLength(2);
    });

    it('guides where any rule acts on a fixed date, which a plan cannot put back', () => {
      const dated = rule({ ID: 'dated', Filter: { Prefix: 'x/' }, Expiration: { Date: '2027-01-01T00:00:00.000Z' } });
      expect(findingOf(check, withRules(rule(), dated)).fix).toBe('manual');
      const fix = fixOf(check, withRules(rule(), dated));
      expect(fix.kind).toBe('manual');
      expect(JSON.stringify(fix)).toContain('365');
    });
  });

  describe('fix, over any rules', () => {
    const days = (member: unknown, name: string) =>
      typeof member === 'object' && member !== null && name in member
        ? Number((member as { [key: string]: unknown })[name])
        : undefined;

    it('only raises, loses no rule, is done after one run, and can be taken back', () => {
      fc.assert(
        fc.property(lifecycles, (lifecycle) => {
          const snapshot = withBucket(healthySnapshot(), { lifecycle });
          if (findingOf(check, snapshot).verdict !== 'fail') return;
          const change = onlyChange(planOf(check, snapshot));
          const after = rulesOf(change.input);
          expect(after).toHaveLength(lifecycle.Rules.length);
          for (const [index, before] of lifecycle.Rules.entries()) {
            const now = after[index] ?? {};
            const { Expiration: a, NoncurrentVersionExpiration: b, ...rest } = now;
            const { Expiration: c, NoncurrentVersionExpiration: d, ...restBefore } = before;
            expect(rest).toEqual(restBefore);
            expect(Object.keys(now).sort()).toEqual(Object.keys(before).sort());
            expect(days(a, 'Days') ?? 0).toBeGreaterThanOrEqual(days(c, 'Days') ?? 0);
            expect(days(b, 'NoncurrentDays') ?? 0).toBeGreaterThanOrEqual(days(d, 'NoncurrentDays') ?? 0);
          }
          const applied = withBucket(snapshot, { lifecycle: { ...lifecycle, Rules: after } });
          expect(findingOf(check, applied).verdict).toBe('pass');
          const Rules = rulesOf(change.undo?.input ?? {});
          expect(Rules).toEqual(lifecycle.Rules);
          expect(lifecycleState({ Rules })).toEqual(change.expect);
        }),
        { numRuns: 200 },
      );
    });
  });
});
