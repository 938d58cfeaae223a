import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/digest-delivery-healthy.ts';
import type { JsonObject, Snapshot, TrailStatus } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  healthySnapshot,
  hoursBefore,
  MANAGEMENT,
  NOW,
  read,
  TRAIL_ARN,
  throttled,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf } from '../bucket/support.ts';
import { accountWith, memberUnder, memberUnderUnknown, ORGANIZATION_TRAIL, type TrailOptions } from './support.ts';

const ago = (hours: number) => hoursBefore(NOW, hours);
const late = { LatestDigestDeliveryTime: ago(5) };
const failing = (LatestDigestDeliveryError: string): TrailOptions => ({
  status: { LatestDigestDeliveryError, LatestDigestDeliveryTime: undefined },
});
const elsewhere = (status: Partial<TrailStatus>): TrailOptions => ({
  regionalStatus: { 'eu-west-1': read({ IsLogging: true, ...status }) },
});

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['digests arrive', healthySnapshot, 'pass', { evidence: { LatestDigestDeliveryTime: { 'us-east-1': ago(0.5) } } }],
  [
    'Validation off or trail stopped: not-applicable',
    () => accountWith({ ...failing('AccessDenied'), LogFileValidationEnabled: false }),
    'not-applicable',
    { cause: 'trail/log-file-validation' },
  ],
  [
    'trail stopped',
    () => accountWith({ status: { ...late, IsLogging: false } }),
    'not-applicable',
    { cause: 'trail/logging' },
  ],
  [
    'Validation on for less than 2 hours and no digest yet: unknown, too young',
    () => accountWith({ status: { LatestDigestDeliveryTime: undefined, StartLoggingTime: ago(1) } }),
    'unknown',
    { reason: expect.stringContaining('too young') },
  ],
  [
    'no digest yet and no error on an older trail, whose validation may be new',
    () => accountWith({ status: { LatestDigestDeliveryTime: undefined } }),
    'unknown',
  ],
  [
    'Error present but an old one, with a newer successful delivery: pass',
    () => accountWith({ status: { LatestDigestDeliveryError: 'AccessDenied' } }),
    'pass',
    { notes: [expect.stringContaining('digests have arrived since')] },
  ],
  [
    'an error, and the digest of the last hour is missing',
    () => accountWith({ status: { LatestDigestDeliveryError: 'AccessDenied', LatestDigestDeliveryTime: ago(2.5) } }),
    'fail',
    { reason: `From us-east-1 no digest arrived since ${ago(2.5)}: AccessDenied.` },
  ],
  ['an error and no digest at all', () => accountWith(failing('NoSuchBucket')), 'fail', { fix: 'manual' }],
  [
    'Quiet region without any API call: digests must still be fresh',
    () => accountWith({ ...elsewhere(late), status: { LatestDeliveryTime: ago(200) } }),
    'fail',
    { evidence: { missing: [{ region: 'eu-west-1', LatestDigestDeliveryTime: ago(5) }] } },
  ],
  ['a region from which none ever came', () => accountWith(elsewhere({})), 'fail'],
  [
    'Bucket policy that demands KMS headers: the finding points to bucket/delivery-policy',
    () => accountWith(failing('AccessDenied')),
    'fail',
    { notes: [expect.stringContaining('bucket/delivery-policy'), expect.stringContaining('demands KMS headers')] },
  ],
  [
    'a region closed by a service control policy is left out',
    () => accountWith({ regionalStatus: { 'eu-west-1': denied('cloudtrail:GetTrailStatus', ACCOUNT, { scp: true }) } }),
    'pass',
    { notes: ['Not sampled, closed by a service control policy: eu-west-1.'] },
  ],
  [
    'a region that could not be read',
    () => accountWith({ regionalStatus: { 'eu-west-1': throttled('cloudtrail:GetTrailStatus', ACCOUNT) } }),
    'unknown',
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'AccessDenied on GetTrailStatus: unknown, naming cloudtrail:GetTrailStatus',
    () => accountWith({ status: denied('cloudtrail:GetTrailStatus', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetTrailStatus' },
  ],
  ['deleted meanwhile', () => accountWith({ status: absent('TrailNotFoundException') }), 'not-applicable'],
];

describe('trail/digest-delivery-healthy', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    expect(findingsOf(check, accountWith(elsewhere(late)))).toMatchObject([
      { resource: TRAIL_ARN, region: 'us-east-1' },
    ]);
  });

  it('Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member', () => {
    expect(findingsOf(check, memberUnder(failing('AccessDenied')))).toMatchObject([
      { verdict: 'fail', account: MANAGEMENT, resource: ORGANIZATION_TRAIL },
    ]);
  });

  it('takes max_age_hours and sample_regions from the settings', () => {
    const old = accountWith({ status: late });
    expect(findingOf(check, old).verdict).toBe('fail');
    expect(findingOf(check, old, { settings: { max_age_hours: 6 } }).verdict).toBe('pass');
    expect(findingOf(check, accountWith(elsewhere(late)), { settings: { sample_regions: 'home' } }).verdict).toBe(
      'pass',
    );
  });
});

describe('steps of trail/digest-delivery-healthy', () => {
  it.each([
    ['NoSuchBucket', 'bucket/exists'],
    ['AccessDenied', 'bucket/delivery-policy'],
    ['KMS.DisabledException', 'key/usable'],
  ])('%s leads to %s, and never to a new trail', (error, id) => {
    const proposal = fixOf(check, accountWith(failing(error)));
    expect(proposal.kind).toBe('manual');
    expect(JSON.stringify(proposal)).toContain(id);
    expect(JSON.stringify(proposal)).toContain('Never create the trail again');
  });

  it('without an error names the policies of bucket and key', () => {
    expect(JSON.stringify(fixOf(check, accountWith({ status: late })))).toContain(
      'bucket/delivery-policy and key/delivery-policy',
    );
  });
});
