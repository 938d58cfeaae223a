import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/mfa-delete.ts';
import type { JsonObject } from '../../../src/snapshot/types.ts';
import { ARCHIVE, absent, BUCKET, denied, healthySnapshot, withBucket } from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf } from './support.ts';

const NO_LOCK = absent('ObjectLockConfigurationNotFoundError');
const NO_LIFECYCLE = absent('NoSuchLifecycleConfiguration');
const unprotected = (more: Parameters<typeof withBucket>[1] = {}) =>
  withBucket(healthySnapshot(), { objectLock: NO_LOCK, lifecycle: NO_LIFECYCLE, ...more });

function mfaPolicy(Condition: JsonObject, more: JsonObject = {}): JsonObject {
  const deny = {
    Sid: 'Mfa',
    Effect: 'Deny',
    Principal: '*',
    Action: ['s3:DeleteObjectVersion', 's3:PutBucketVersioning'],
    Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
    Condition,
    ...more,
  };
  return { Version: '2012-10-17', Statement: [deny] };
}
const PRESENT = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } };

bucketEdges(check, {
  'bucket.versioning': {
    action: 's3:GetBucketVersioning',
    edge: 'AccessDenied on GetBucketVersioning: unknown, naming GetBucketVersioning',
  },
});

describe('bucket/mfa-delete', () => {
  it('passes where MFADelete is Enabled', () => {
    const snapshot = unprotected({ versioning: { Status: 'Enabled', MFADelete: 'Enabled' } });
    expect(findingOf(check, snapshot).verdict).toBe('pass');
  });

  it('No MFADelete in the answer: off', () => {
    expect(findingOf(check, unprotected())).toMatchObject({ verdict: 'fail', fix: 'manual' });
  });

  it('accept contains object-lock and the bucket has default retention: pass, the substitute is named', () => {
    expect(findingOf(check, healthySnapshot())).toMatchObject({
      verdict: 'pass',
      evidence: { substitute: 'Object Lock in COMPLIANCE mode' },
    });
  });

  it('does not accept Object Lock without default retention', () => {
    expect(findingOf(check, unprotected({ objectLock: {} })).verdict).toBe('fail');
  });

  it('accepts no substitute where the settings ask for MFA delete alone', () => {
    expect(findingOf(check, healthySnapshot(), { settings: { accept: ['mfa-delete'] } }).verdict).toBe('fail');
  });

  it.each<[string, JsonObject, 'pass' | 'fail']>([
    [
      'accept contains mfa-policy and a Deny covers DeleteObjectVersion and PutBucketVersioning without MFA for everybody: pass',
      mfaPolicy(PRESENT),
      'pass',
    ],
    [
      'accept contains mfa-policy: a Deny by the age of MFA',
      mfaPolicy({ Null: { 'aws:MultiFactorAuthAge': 'true' } }),
      'pass',
    ],
    [
      'accept contains mfa-policy: a Deny that lasting keys slip through',
      mfaPolicy({ Bool: { 'aws:MultiFactorAuthPresent': 'false' } }),
      'fail',
    ],
    [
      'accept contains mfa-policy: a Deny for one role',
      mfaPolicy(PRESENT, { Principal: { AWS: `arn:aws:iam::${ARCHIVE}:role/admin` } }),
      'fail',
    ],
    [
      'accept contains mfa-policy: a Deny that leaves versioning out',
      mfaPolicy(PRESENT, { Action: 's3:DeleteObjectVersion' }),
      'fail',
    ],
    [
      'accept contains mfa-policy: a Deny for a part of the bucket',
      mfaPolicy(PRESENT, { Resource: `arn:aws:s3:::${BUCKET}/x/*` }),
      'fail',
    ],
  ])('%s', (_, policy, verdict) => {
    const settings = { accept: ['mfa-delete', 'mfa-policy'] };
    expect(findingOf(check, unprotected({ policy }), { settings }).verdict).toBe(verdict);
    expect(findingOf(check, unprotected({ policy })).verdict).toBe('fail');
  });

  it.each<[string, JsonObject, Parameters<typeof withBucket>[1], string]>([
    [
      'Object Lock',
      {},
      { objectLock: denied('s3:GetBucketObjectLockConfiguration', ARCHIVE) },
      's3:GetBucketObjectLockConfiguration',
    ],
    ['the policy', { accept: ['mfa-policy'] }, { policy: denied('s3:GetBucketPolicy', ARCHIVE) }, 's3:GetBucketPolicy'],
  ])('is unknown where %s could be the substitute and cannot be read', (_, settings, more, missingPermission) => {
    expect(findingOf(check, unprotected(more), { settings })).toMatchObject({ verdict: 'unknown', missingPermission });
  });

  it('Lifecycle configuration present: MFA delete cannot be combined with it, the finding says so and points to Object Lock', () => {
    const snapshot = withBucket(healthySnapshot(), { objectLock: NO_LOCK });
    expect(findingOf(check, snapshot).notes.join()).toContain('Object Lock');
    const steps = JSON.stringify(fixOf(check, snapshot));
    expect(steps).toContain('put-object-lock-configuration');
    expect(steps).not.toContain('--mfa');
  });

  it('guides to the root user, and never offers a button', () => {
    const proposal = fixOf(check, unprotected());
    expect(proposal.kind).toBe('manual');
    expect(JSON.stringify(proposal)).toContain(`root user of account ${ARCHIVE}`);
    expect(JSON.stringify(proposal)).toContain('MFADelete=Enabled');
  });
});
