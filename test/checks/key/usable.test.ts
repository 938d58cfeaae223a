import { describe, expect, it } from 'vitest';
import check from '../../../checks/key/usable.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
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
      'PendingDeletion: fail, with the deletion date',
      withState('PendingDeletion', { DeletionDate: '2026-12-01T08:00:00.000Z' }),
      {
        reason: 'The key will be deleted on 2026-12-01, and all logs encrypted with it are lost then.',
        fix: 'auto',
      },
    ],
    [
      'Key in another region than the bucket: fail',
      withBucket(healthySnapshot(), { region: 'eu-west-1' }),
      { reason: `The key lies in us-east-1, the bucket ${BUCKET} in eu-west-1.`, fix: 'manual' },
    ],
    ['disabled and in another region', withBucket(withState('Disabled'), { region: 'eu-west-1' }), { fix: 'manual' }],
    [
      'NotFound: fail, old logs cannot be read any more',
      withKey(healthySnapshot(), { key: absent('NotFoundException') }),
      { fix: 'manual' },
    ],
    ['managed by AWS', withKey(healthySnapshot(), { key: { KeyManager: 'AWS' } }), { fix: 'manual' }],
    ['not symmetric', withKey(healthySnapshot(), { key: { KeySpec: 'RSA_2048' } }), { fix: 'manual' }],
  ])('fails: %s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', ...expected });
  });

  it.each<[string, JsonObject]>([
    ['Disabled', { fix: 'auto' }],
    ['PendingImport', { fix: 'manual' }],
    ['Unavailable', { fix: 'manual' }],
    ['PendingReplicaDeletion', { fix: 'manual' }],
  ])('Disabled, PendingImport, Unavailable, PendingReplicaDeletion: fail, naming the state (%s)', (state, expected) => {
    const reason = `The key is ${state}, so nothing is delivered.`;
    expect(findingOf(check, withState(state))).toMatchObject({ verdict: 'fail', reason, ...expected });
  });

  it('Alias in KmsKeyId: resolved before judging', () => {
    const alias = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/audit`;
    const snapshot = withKey(withTrail(healthySnapshot(), { KmsKeyId: alias }), {
      reference: alias,
      key: { Arn: KEY_ARN, KeyState: 'Disabled' },
    });
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', evidence: { key: alias, Arn: KEY_ARN } });
    expect(planOf(check, snapshot).changes).toMatchObject([{ resource: KEY_ARN, input: { KeyId: KEY_ARN } }]);
  });

  it("Multi-region replica in the bucket's region: pass", () => {
    expect(findingOf(check, withKey(healthySnapshot(), { key: { MultiRegion: true } })).verdict).toBe('pass');
  });

  it('One key used by many trails: one finding', () => {
    const snapshot = withTrail(healthySnapshot(), { name: 'second' });
    expect(findingsOf(check, snapshot)).toMatchObject([{ evidence: { trails: [TRAIL_ARN, expect.anything()] } }]);
  });

  it('has nothing to say on a trail without a key', () => {
    expect(findingsOf(check, withTrail(healthySnapshot(), { KmsKeyId: undefined }))).toEqual([]);
  });

  it.each<[string, Snapshot, string]>([
    [
      'AccessDenied on DescribeKey: unknown, naming kms:DescribeKey',
      withKey(healthySnapshot(), { key: denied('kms:DescribeKey', ACCOUNT) }),
      'kms:DescribeKey',
    ],
    [
      'AccessDenied on HeadBucket',
      withBucket(healthySnapshot(), { bucket: denied('s3:ListBucket', ACCOUNT) }),
      's3:ListBucket',
    ],
  ])('is unknown: %s', (_, snapshot, missingPermission) => {
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'unknown', missingPermission });
  });

  it('Key in another account of the estate: read there; outside: unknown', () => {
    const arn = `arn:aws:kms:us-east-1:${ARCHIVE}:key/0a0b0c0d`;
    const snapshot = withTrail(healthySnapshot(), { KmsKeyId: arn });
    const known = withKey(snapshot, { reference: arn, key: { Arn: arn, KeyState: 'Disabled' } });
    expect(findingOf(check, known)).toMatchObject({ verdict: 'fail', account: ARCHIVE, resource: arn });
    const beyond = withKey(snapshot, { reference: arn, key: unreachable(ARCHIVE) });
    expect(findingOf(check, beyond)).toMatchObject({ verdict: 'unknown', missingPermission: 'sts:AssumeRole' });
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
