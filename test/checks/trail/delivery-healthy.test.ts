import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/delivery-healthy.ts';
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
import { accountWith, memberUnder, memberUnderUnknown, type TrailOptions } from './support.ts';

const failing = (LatestDeliveryError: string) => accountWith({ status: { LatestDeliveryError } });
const silence: TrailOptions['status'] = { LatestDeliveryTime: undefined, LatestDigestDeliveryTime: undefined };
const elsewhere = (status: Partial<TrailStatus>): TrailOptions => ({
  regionalStatus: { 'eu-west-1': read({ IsLogging: true, ...status }) },
});

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['log files arrive', healthySnapshot, 'pass'],
  [
    'Quiet region, no log for days but fresh digests: pass',
    () => accountWith({ status: { LatestDeliveryTime: hoursBefore(NOW, 100) } }),
    'pass',
  ],
  [
    'Trail younger than grace_minutes without a delivery: unknown, too young',
    () => accountWith({ status: { ...silence, StartLoggingTime: hoursBefore(NOW, 0.5) } }),
    'unknown',
    { reason: expect.stringContaining('too young') },
  ],
  [
    'Error in one region only: fail, naming the region',
    () => accountWith(elsewhere({ LatestDeliveryError: 'AccessDenied' })),
    'fail',
    { reason: 'Delivery from eu-west-1 fails with AccessDenied.' },
  ],
  [
    'nothing delivered, no error, outside the home region',
    () => accountWith({ ...elsewhere({}), LogFileValidationEnabled: false }),
    'pass',
  ],
  [
    'A timeout on the side of CloudTrail sets no error: freshness must catch it',
    () =>
      accountWith({
        status: { LatestDeliveryTime: hoursBefore(NOW, 30), LatestDigestDeliveryTime: hoursBefore(NOW, 26) },
      }),
    'fail',
    { reason: 'Nothing was delivered for more than 24 hours.' },
  ],
  [
    'nothing was ever delivered',
    () => accountWith({ status: silence }),
    'fail',
    { reason: 'Nothing was ever delivered.' },
  ],
  [
    'Stopped: not-applicable, trail/logging fails',
    () => accountWith({ status: { IsLogging: false, LatestDeliveryError: 'AccessDenied' } }),
    'not-applicable',
    { cause: 'trail/logging' },
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

describe('trail/delivery-healthy', () => {
  it.each([
    ['NoSuchBucket', 'bucket/exists'],
    ['AccessDenied', 'bucket/delivery-policy'],
    ['KMS.DisabledException', 'key/'],
  ])(
    'Error code decides the advice: NoSuchBucket leads to bucket/exists, AccessDenied to bucket/delivery-policy, KMS codes to key/* (%s)',
    (code, id) => {
      expect(findingOf(check, failing(code))).toMatchObject({
        verdict: 'fail',
        fix: 'manual',
        notes: [expect.stringContaining(id)],
      });
    },
  );

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    const shown = accountWith(elsewhere({ LatestDeliveryError: 'AccessDenied' }));
    expect(findingsOf(check, shown)).toMatchObject([{ resource: TRAIL_ARN, region: 'us-east-1' }]);
  });

  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('The frozen fields LatestDeliveryAttempt* and TimeLogging*: never read', () => {
    const frozen = { LatestDeliveryAttemptSucceeded: '', TimeLoggingStarted: '' };
    const snapshot = accountWith({ status: { ...silence, ...frozen } });
    expect(findingOf(check, snapshot)).toEqual(findingOf(check, accountWith({ status: silence })));
  });

  it('Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member', () => {
    expect(findingsOf(check, memberUnder({})).map(({ account }) => account)).toEqual([MANAGEMENT]);
  });

  it('looks at the home region alone where sample_regions say so', () => {
    const snapshot = accountWith(elsewhere({ LatestDeliveryError: 'AccessDenied' }));
    expect(findingOf(check, snapshot, { settings: { sample_regions: 'home' } }).verdict).toBe('pass');
  });

  it('takes max_age_hours and grace_minutes from the settings', () => {
    const old = accountWith({
      status: { LatestDeliveryTime: hoursBefore(NOW, 30), LatestDigestDeliveryTime: undefined },
    });
    expect(findingOf(check, old, { settings: { max_age_hours: 48 } }).verdict).toBe('pass');
    const young = accountWith({ status: { ...silence, StartLoggingTime: hoursBefore(NOW, 3) } });
    expect(findingOf(check, young, { settings: { grace_minutes: 240 } }).verdict).toBe('unknown');
  });
});

describe('steps of trail/delivery-healthy', () => {
  it.each([
    ['NoSuchBucket', 'bucket/exists'],
    ['AccessDenied', 'bucket/delivery-policy'],
    ['KMS.NotFoundException', 'key/usable'],
  ])('%s names %s as what to mend, and never another bucket', (error, id) => {
    const proposal = fixOf(check, failing(error));
    expect(proposal.kind).toBe('manual');
    const text = JSON.stringify(proposal);
    expect(text).toContain(id);
    expect(text).toContain('Never point the trail at another bucket');
  });
});
