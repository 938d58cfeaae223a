import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/versioning.ts';
import type { Snapshot } from '../../../src/snapshot/types.ts';
import { ARCHIVE, absent, BUCKET, denied, healthySnapshot, withBucket } from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf, onlyChange, planOf } from './support.ts';

const NO_LOCK = absent('ObjectLockConfigurationNotFoundError');
type Versioning = { Status?: 'Enabled' | 'Suspended'; MFADelete?: 'Enabled' | 'Disabled' };
const withVersioning = (versioning: Versioning, more: Parameters<typeof withBucket>[1] = {}): Snapshot =>
  withBucket(healthySnapshot(), { versioning, objectLock: NO_LOCK, ...more });

bucketEdges(
  check,
  {
    'bucket.versioning': {
      action: 's3:GetBucketVersioning',
      edge: 'AccessDenied on GetBucketVersioning: unknown, naming GetBucketVersioning',
    },
  },
  withVersioning({ Status: 'Enabled' }),
);

describe('bucket/versioning', () => {
  it.each<[string, Versioning, object]>([
    [
      'No Status in the answer: never enabled, fail',
      {},
      { reason: 'Versioning was never enabled.', fix: 'auto-second-approver', people: 2 },
    ],
    ['Suspended: fail', { Status: 'Suspended' }, { reason: 'Versioning is suspended.', fix: 'auto-second-approver' }],
    [
      'MFA delete on: versioning can only be changed by root, the fix becomes manual',
      { Status: 'Suspended', MFADelete: 'Enabled' },
      { fix: 'manual' },
    ],
  ])('fails: %s', (_, versioning, expected) => {
    expect(findingOf(check, withVersioning(versioning))).toMatchObject({ verdict: 'fail', ...expected });
  });

  it('Object Lock on implies versioning: pass', () => {
    const snapshot = withBucket(healthySnapshot(), { versioning: denied('s3:GetBucketVersioning', ARCHIVE) });
    expect(findingOf(check, snapshot)).toMatchObject({
      verdict: 'pass',
      notes: [expect.stringContaining('Object Lock')],
    });
  });

  describe('fix', () => {
    it('turns versions on, and says that there is no way back from never', () => {
      const plan = planOf(check, withVersioning({}));
      expect(onlyChange(plan)).toMatchObject({
        account: ARCHIVE,
        operation: 's3:PutBucketVersioning',
        input: { Bucket: BUCKET, ExpectedBucketOwner: ARCHIVE, VersioningConfiguration: { Status: 'Enabled' } },
        target: `bucket.versioning:${BUCKET}`,
        expect: { Status: null },
        result: { Status: 'Enabled' },
      });
      expect(onlyChange(plan).undo).toBeUndefined();
      expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', reversible: 'partly' });
      expect(plan.warnings[0]).toContain('no undo');
    });

    it('goes back to suspended, where it was that', () => {
      expect(onlyChange(planOf(check, withVersioning({ Status: 'Suspended' })))).toMatchObject({
        expect: { Status: 'Suspended' },
        undo: {
          operation: 's3:PutBucketVersioning',
          input: { ExpectedBucketOwner: ARCHIVE, VersioningConfiguration: { Status: 'Suspended' } },
        },
      });
    });

    it('passes on what it leaves', () => {
      expect(findingOf(check, withVersioning({ Status: 'Enabled' })).verdict).toBe('pass');
    });

    it('shows the rules that leave versions behind from then on', () => {
      const lifecycle = {
        Rules: [
          { ID: 'short', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 400 } },
          { ID: 'off', Status: 'Disabled', Filter: { Prefix: '' }, Expiration: { Days: 400 } },
          { ID: 'moves', Status: 'Enabled', Filter: { Prefix: '' }, Transitions: [] },
        ],
      };
      expect(planOf(check, withVersioning({}, { lifecycle })).warnings[1]).toContain('(short)');
      const unread = withVersioning({}, { lifecycle: denied('s3:GetLifecycleConfiguration', ARCHIVE) });
      expect(planOf(check, unread).warnings[1]).toContain('could not be read');
    });

    it('guides to the root user where MFA delete is on', () => {
      const fix = fixOf(check, withVersioning({ Status: 'Suspended', MFADelete: 'Enabled' }));
      expect(fix).toMatchObject({ kind: 'manual' });
      expect(JSON.stringify(fix)).toContain(`root user of account ${ARCHIVE}`);
    });
  });
});
