import { describe, expect, it } from 'vitest';
import check from '../../../checks/key/usable.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  BUCKET,
  denied,
  healthySnapshot,
  KEY_ARN,
  TRAIL_ARN,
  unreachable,
  withBucket,
  withKey,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, planOf } from '../bucket/support.ts';

const withState = (KeyState: string, more: JsonObject = {}) =>
  withKey(healthySnapshot(), { key: { KeyState, ...more } });

describe('key/usable', () => {
  it('passes on an enabled symmetric key in the region of the bucket', () => {
    expect(findingOf(check, healthySnapshot())).toMatchObject({ verdict: 'pass', resource: KEY_ARN });
  });

  it.each<[string, Snapshot, JsonObject]>([
    [
      'PendingDeletion, with the deletion date',
      withState('PendingDeletion', { DeletionDate: '2026-12-01T08:00:00.000Z' }),
      {
        reason: 'The key will be deleted on 2026-12-01, and all logs encrypted with it are lost then.',
        fix: 'auto',
      },
    ],
    ['Disabled', withState('Disabled'), { reason: 'The key is Disabled, so nothing is delivered.', fix: 'auto' }],
    ['PendingImport', withState('PendingImport'), { fix: 'manual' }],
    ['Unavailable', withState('Unavailable'), { fix: 'manual' }],
    ['PendingReplicaDeletion', withState('PendingReplicaDeletion'), { fix: 'manual' }],
    [
      'key in another region than the bucket',
      withBucket(healthySnapshot(), { region: 'eu-west-1' }),
      { reason: `The key lies in us-east-1, the bucket ${BUCKET} in eu-west-1.`, fix: 'manual' },
    ],
    ['disabled and in another region', withBucket(withState('Disabled'), { region: 'eu-west-1' }), { fix: 'manual' }],
    ['NotFound', withKey(healthySnapshot(), { key: absent('NotFoundException') }), { fix: 'manual' }],
    ['managed by AWS', withKey(healthySnapshot(), { key: { KeyManager: 'AWS' } }), { fix: 'manual' }],
    ['not symmetric', withKey(healthySnapshot(), { key: { KeySpec: 'RSA_2048' } }), { fix: 'manual' }],
  ])('fails: %s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', ...expected });
  });

  it('judges an alias by the key behind it', () => {
    const alias = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/audit`;
    const snapshot = withKey(withTrail(healthySnapshot(), { KmsKeyId: alias }), {
      reference: alias,
      key: { Arn: KEY_ARN, KeyState: 'Disabled' },
    });
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', evidence: { key: alias, Arn: KEY_ARN } });
    expect(planOf(check, snapshot).changes).toMatchObject([{ resource: KEY_ARN, input: { KeyId: KEY_ARN } }]);
  });

  it("passes a multi-region replica in the bucket's region", () => {
    expect(findingOf(check, withKey(healthySnapshot(), { key: { MultiRegion: true } })).verdict).toBe('pass');
  });

  it('gives one finding for a key of many trails', () => {
    const snapshot = withTrail(healthySnapshot(), { name: 'second' });
    expect(findingsOf(check, snapshot)).toMatchObject([{ evidence: { trails: [TRAIL_ARN, expect.anything()] } }]);
  });

  it('has nothing to say on a trail without a key', () => {
    expect(findingsOf(check, withTrail(healthySnapshot(), { KmsKeyId: undefined }))).toEqual([]);
  });

  it.each<[string, Snapshot, string]>([
    [
      'AccessDenied on DescribeKey',
      withKey(healthySnapshot(), { key: denied('kms:DescribeKey', ACCOUNT) }),
      'kms:DescribeKey',
    ],
    ['key of an account outside the estate', withKey(healthySnapshot(), { key: unreachable('9') }), 'sts:AssumeRole'],
    [
      'AccessDenied on HeadBucket',
      withBucket(healthySnapshot(), { bucket: denied('s3:ListBucket', ACCOUNT) }),
      's3:ListBucket',
    ],
  ])('is unknown: %s', (_, snapshot, missingPermission) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'unknown', missingPermission });
  });

  it('is silent on the region where the bucket does not exist', () => {
    expect(findingOf(check, withPart(healthySnapshot(), 'bucket', BUCKET, absent('NoSuchBucket'))).verdict).toBe(
      'pass',
    );
  });

  describe('fix', () => {
    it('cancels the deletion and enables, for a cancelled key is disabled', () => {
      const { changes, watchDelivery } = planOf(check, withState('PendingDeletion'));
      expect(changes).toMatchObject([
        { operation: 'kms:CancelKeyDeletion', account: ACCOUNT, region: 'us-east-1', input: { KeyId: KEY_ARN } },
        { operation: 'kms:EnableKey', expect: { KeyState: 'Disabled' }, result: { KeyState: 'Enabled' } },
      ]);
      expect(watchDelivery).toEqual([TRAIL_ARN]);
    });

    it('only enables a disabled key, and offers no way to disable it again', () => {
      const { changes } = planOf(check, withState('Disabled'));
      expect(changes.map(({ operation }) => operation)).toEqual(['kms:EnableKey']);
      expect(changes[0]?.undo).toBeUndefined();
    });

    it.each(['PendingImport', 'Unavailable'])('guides for %s', (state) => {
      expect(fixOf(check, withState(state))).toMatchObject({ kind: 'manual' });
    });
  });
});
