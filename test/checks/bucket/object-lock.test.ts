import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/object-lock.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import { ARCHIVE, absent, BUCKET, denied, TRAIL_ARN, withBucket, withPart } from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, healthyStatements, onlyChange, planOf, withAcl } from './support.ts';

const OFF = absent('ObjectLockConfigurationNotFoundError');
const BASE = { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE };
type Given = NonNullable<Parameters<typeof withBucket>[1]>;
const locked = (objectLock: NonNullable<Given['objectLock']>, more: Given = {}): Snapshot =>
  withBucket(withAcl(), { objectLock, ...more });

function withWriter(Principal: JsonObject): Snapshot {
  const writer = {
    Sid: 'Other',
    Effect: 'Allow',
    Principal,
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${BUCKET}/*`,
  };
  return locked(OFF, { policy: { Version: '2012-10-17', Statement: [...healthyStatements(), writer] } });
}

bucketEdges(
  check,
  {
    'bucket.objectLock': {
      action: 's3:GetBucketObjectLockConfiguration',
      edge: 'AccessDenied on GetObjectLockConfiguration: unknown, naming s3:GetBucketObjectLockConfiguration',
    },
  },
  withAcl(),
);

describe('bucket/object-lock', () => {
  it.each<[string, Snapshot, JsonObject, object]>([
    ['ObjectLockConfigurationNotFoundError: off, fail', locked(OFF), {}, { reason: 'Object Lock is off.' }],
    ['Enabled without default retention: fail, new files are not locked', locked({}), {}, {}],
    [
      'GOVERNANCE where only COMPLIANCE is allowed: fail',
      locked({ Mode: 'GOVERNANCE', Days: 400 }),
      { modes: ['COMPLIANCE'] },
      {},
    ],
    ['a retention too short', locked({ Mode: 'COMPLIANCE', Days: 364 }), {}, { evidence: { days: 364 } }],
    ['years too few', locked({ Mode: 'GOVERNANCE', Years: 1 }), { min_days: 366 }, { evidence: { days: 365 } }],
  ])('fails: %s', (_, snapshot, settings, expected) => {
    expect(findingOf(check, snapshot, { settings })).toMatchObject({
      verdict: 'fail',
      fix: 'auto-second-approver',
      people: 2,
      ...expected,
    });
  });

  it.each<[string, Snapshot, JsonObject]>([
    ['Retention in years: converted, 1 year is 365 days', locked({ Mode: 'COMPLIANCE', Years: 1 }), {}],
    ['GOVERNANCE, by default', locked({ Mode: 'GOVERNANCE', Days: 365 }), {}],
    ['as short as the settings allow', locked({ Mode: 'GOVERNANCE', Days: 90 }), { min_days: 90 }],
  ])('passes: %s', (_, snapshot, settings) => {
    expect(findingOf(check, snapshot, { settings }).verdict).toBe('pass');
  });

  describe('fix', () => {
    it('turns versioning on first, then locks in GOVERNANCE mode, with no way back', () => {
      const plan = planOf(check, locked(OFF, { versioning: { Status: 'Suspended' } }));
      expect(plan.changes).toMatchObject([
        {
          operation: 's3:PutBucketVersioning',
          input: { ...BASE, VersioningConfiguration: { Status: 'Enabled' } },
          target: `bucket.versioning:${BUCKET}`,
        },
        {
          operation: 's3:PutObjectLockConfiguration',
          account: ARCHIVE,
          input: {
            ...BASE,
            ObjectLockConfiguration: {
              ObjectLockEnabled: 'Enabled',
              Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } },
            },
          },
          target: `bucket.objectLock:${BUCKET}`,
          expect: null,
          result: { Mode: 'GOVERNANCE', Days: 365, Years: null },
        },
      ]);
      expect(plan.changes.map(({ undo }) => undo)).toEqual([undefined, undefined]);
      expect(plan).toMatchObject({
        class: 'auto-second-approver',
        risk: 'irreversible',
        reversible: 'no',
        watchDelivery: [TRAIL_ARN],
      });
      expect(plan.warnings.join(' ')).toMatch(/cannot be undone.*GOVERNANCE: for 365 days/);
      expect(plan.cost).toContain('Nothing can be removed');
    });

    it('leaves versioning alone where it is on', () => {
      expect(onlyChange(planOf(check, locked(OFF))).operation).toBe('s3:PutObjectLockConfiguration');
    });

    it('never chooses COMPLIANCE unless the settings take nothing else, and says then that nobody can undo it', () => {
      const plan = planOf(check, locked(OFF), { settings: { modes: ['COMPLIANCE'], min_days: 90 } });
      expect(onlyChange(plan).result).toEqual({ Mode: 'COMPLIANCE', Days: 90, Years: null });
      expect(plan.warnings.join(' ')).toContain('not the root user and not AWS');
    });

    it.each<[string, Given['objectLock'], JsonObject, object]>([
      ['keeps a stronger mode', { Mode: 'COMPLIANCE', Days: 30 }, {}, { Mode: 'COMPLIANCE', Days: 365, Years: null }],
      [
        'keeps a longer time',
        { Mode: 'GOVERNANCE', Years: 3 },
        { modes: ['COMPLIANCE'] },
        { Mode: 'COMPLIANCE', Days: null, Years: 3 },
      ],
      [
        'keeps a longer time in days',
        { Mode: 'GOVERNANCE', Days: 900 },
        { modes: ['COMPLIANCE'] },
        { Mode: 'COMPLIANCE', Days: 900, Years: null },
      ],
    ])('%s, and undo goes back for files to come', (_, objectLock, settings, result) => {
      const change = onlyChange(planOf(check, locked(objectLock ?? OFF), { settings }));
      expect(change.result).toEqual(result);
      expect(change.undo?.input).toMatchObject({
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: objectLock } },
      });
    });

    it('undoes to a lock without default retention', () => {
      const change = onlyChange(planOf(check, locked({})));
      expect(change.expect).toEqual({ Mode: null, Days: null, Years: null });
      expect(change.undo?.input).toEqual({ ...BASE, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } });
    });

    it('passes on what it leaves', () => {
      expect(findingOf(check, locked({ Mode: 'GOVERNANCE', Days: 365 })).verdict).toBe('pass');
    });

    const delivery = {
      Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' },
      Permission: 'WRITE',
    };
    const early = { ID: 'early', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } };
    const logsHere = { TargetBucket: BUCKET, TargetPrefix: 'access/' };

    it.each<[string, Snapshot, string]>([
      [
        'Bucket that also receives server access logs: the fix is refused',
        withPart(locked(OFF), 'bucket.logging', 'another', { state: 'read', value: logsHere }),
        'another logs its access here',
      ],
      ['access logs by policy', withWriter({ Service: 'logging.s3.amazonaws.com' }), 'server access logs'],
      ['access logs by ACL', withAcl([delivery], locked(OFF)), 'its ACL'],
      ['AWS Config, which does not deliver there', withWriter({ Service: 'config.amazonaws.com' }), 'AWS Config'],
      ['another writer', withWriter({ AWS: '999999999999' }), '999999999999'],
      ['a rule that expires logs before the lock ends', locked(OFF, { lifecycle: { Rules: [early] } }), 'early'],
      [
        'rules that cannot be read',
        locked(OFF, { lifecycle: denied('s3:GetLifecycleConfiguration', ARCHIVE) }),
        'rules',
      ],
      [
        'MFA delete over suspended versions',
        locked(OFF, { versioning: { Status: 'Suspended', MFADelete: 'Enabled' } }),
        'root user',
      ],
      ['writers that are not known', locked(OFF, { policy: denied('s3:GetBucketPolicy', ARCHIVE) }), 'not known'],
    ])('is refused: %s', (_, snapshot, word) => {
      expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', fix: 'manual' });
      const fix = fixOf(check, snapshot);
      expect(fix.kind).toBe('manual');
      expect(JSON.stringify(fix)).toContain(word);
    });

    it("counts CloudTrail's old accounts as CloudTrail", () => {
      const snapshot = withWriter({ AWS: 'arn:aws:iam::086441151436:root' });
      expect(fixOf(check, snapshot).kind).toBe('plan');
    });
  });
});
