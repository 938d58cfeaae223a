import { describe, expect, it } from 'vitest';
import check from '../../../checks/key/rotation.ts';
import type { JsonObject, KeyRotation, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  healthySnapshot,
  KEY_ARN,
  unreachable,
  unsupported,
  withKey,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';

const rotating = (rotation: KeyRotation, key: JsonObject = {}) => withKey(healthySnapshot(), { rotation, key });
const OFF = { KeyRotationEnabled: false };
const keyed = (key: JsonObject) => rotating(OFF, key);

describe('key/rotation', () => {
  it.each<[string, Snapshot, JsonObject]>([
    ['every year', healthySnapshot(), { verdict: 'pass', resource: KEY_ARN }],
    ['no period told is a year', rotating({ KeyRotationEnabled: true }), { verdict: 'pass' }],
    ['off', keyed({}), { verdict: 'fail', reason: 'The key never rotates.', fix: 'auto' }],
    [
      'Period longer than max_days: fail',
      rotating({ KeyRotationEnabled: true, RotationPeriodInDays: 730 }),
      { verdict: 'fail', reason: 'The key rotates every 730 days; at most 365 are asked for.' },
    ],
    [
      'Asymmetric, HMAC, imported or custom-store key: not-applicable (asymmetric)',
      keyed({ KeySpec: 'RSA_2048' }),
      { verdict: 'not-applicable' },
    ],
    ['HMAC', keyed({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }), { verdict: 'not-applicable' }],
    ['imported', keyed({ Origin: 'EXTERNAL' }), { verdict: 'not-applicable' }],
    ['custom store', keyed({ Origin: 'AWS_CLOUDHSM' }), { verdict: 'not-applicable' }],
    [
      'Multi-region replica: judged on its primary',
      keyed({ MultiRegion: true }),
      { verdict: 'fail', fix: 'manual', notes: ['A multi-region key: its primary decides for every replica.'] },
    ],
    [
      'UnsupportedOperation: not-applicable',
      withKey(healthySnapshot(), { rotation: unsupported('kms:GetKeyRotationStatus') }),
      { verdict: 'not-applicable' },
    ],
    [
      'Key disabled or pending deletion: not-applicable, key/usable fails (disabled)',
      keyed({ KeyState: 'Disabled' }),
      { verdict: 'not-applicable', cause: 'key/usable' },
    ],
    ['pending deletion', keyed({ KeyState: 'PendingDeletion' }), { verdict: 'not-applicable', cause: 'key/usable' }],
    ['AWS managed key: not-applicable', keyed({ KeyManager: 'AWS' }), { verdict: 'not-applicable' }],
    [
      'no such key',
      withKey(healthySnapshot(), { key: absent('NotFoundException') }),
      { verdict: 'not-applicable', cause: 'key/usable' },
    ],
    [
      'AccessDenied on GetKeyRotationStatus: unknown, naming kms:GetKeyRotationStatus',
      withKey(healthySnapshot(), { rotation: denied('kms:GetKeyRotationStatus', ACCOUNT) }),
      { verdict: 'unknown', missingPermission: 'kms:GetKeyRotationStatus' },
    ],
    ['nothing told', withKey(healthySnapshot(), { rotation: absent('NotFoundException') }), { verdict: 'unknown' }],
    [
      'key outside the estate',
      withKey(healthySnapshot(), { key: unreachable('9') }),
      { verdict: 'unknown', missingPermission: 'sts:AssumeRole' },
    ],
  ])('%s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject(expected);
  });

  it('takes another longest period, within what KMS offers', () => {
    const settings = { max_days: 90 };
    expect(findingOf(check, healthySnapshot(), { settings }).verdict).toBe('fail');
    expect(check.settings.safeParse({ max_days: 89 }).success).toBe(false);
    expect(check.settings.safeParse({ max_days: 2561 }).success).toBe(false);
  });

  it('has nothing to say on a trail without a key', () => {
    expect(findingsOf(check, withTrail(healthySnapshot(), { KmsKeyId: undefined }))).toEqual([]);
  });
});

describe('plan of key/rotation', () => {
  const call = { account: ACCOUNT, region: 'us-east-1', resource: KEY_ARN };

  it('turns rotation on, and off again', () => {
    const change = onlyChange(planOf(check, keyed({}), { settings: { max_days: 180 } }));
    expect(change).toMatchObject({
      ...call,
      operation: 'kms:EnableKeyRotation',
      input: { KeyId: KEY_ARN, RotationPeriodInDays: 180 },
      target: `key.rotation:${KEY_ARN}`,
      expect: OFF,
      result: { KeyRotationEnabled: true, RotationPeriodInDays: 180 },
      undo: { ...call, operation: 'kms:DisableKeyRotation', input: { KeyId: KEY_ARN }, automatic: true },
    });
  });

  it('shortens a period, and puts the saved one back', () => {
    const change = onlyChange(planOf(check, rotating({ KeyRotationEnabled: true, RotationPeriodInDays: 730 })));
    expect(change).toMatchObject({
      expect: { KeyRotationEnabled: true, RotationPeriodInDays: 730 },
      undo: { operation: 'kms:EnableKeyRotation', input: { KeyId: KEY_ARN, RotationPeriodInDays: 730 } },
    });
  });

  it('never: Rotate on demand as part of the fix', () => {
    const { changes, class: given } = planOf(check, keyed({}));
    expect(given).toBe('auto');
    expect(changes.map(({ operation }) => operation)).toEqual(['kms:EnableKeyRotation']);
  });

  it('guides where the key is one of several regions, since only the primary takes the call', () => {
    const steps = [
      { command: expect.stringContaining('PrimaryKey') },
      { command: expect.stringContaining('enable-key-rotation') },
    ];
    expect(fixOf(check, keyed({ MultiRegion: true }))).toMatchObject({ kind: 'manual', steps });
  });
});
