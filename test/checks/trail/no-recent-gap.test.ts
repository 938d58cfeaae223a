import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/no-recent-gap.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  hoursBefore,
  MANAGEMENT,
  NOW,
  TRAIL_ARN,
  unreachable,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf } from '../bucket/support.ts';
import {
  accountWith,
  advanced,
  basic,
  memberUnder,
  memberUnderUnknown,
  ORGANIZATION_TRAIL,
  type TrailOptions,
} from './support.ts';

const DAYS = 24;
const gap = (stopped: number, started: number): TrailOptions => ({
  status: { StopLoggingTime: hoursBefore(NOW, stopped), StartLoggingTime: hoursBefore(NOW, started) },
});
const recent = gap(5 * DAYS, 5 * DAYS - 1);
const dataOnly = {
  AdvancedEventSelectors: [
    advanced({ eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: ['AWS::Lambda::Function'] } }),
  ],
};

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['Never stopped, no StopLoggingTime: pass', () => accountWith({}), 'pass'],
  [
    'Stopped now: not-applicable, trail/logging fails',
    () => accountWith({ status: { IsLogging: false, StopLoggingTime: hoursBefore(NOW, 1) } }),
    'not-applicable',
    { cause: 'trail/logging' },
  ],
  [
    'Stop within the window and restart afterwards: fail, with both times and the accounts concerned',
    () => accountWith(recent),
    'fail',
    {
      fix: 'none',
      evidence: {
        StopLoggingTime: hoursBefore(NOW, 5 * DAYS),
        StartLoggingTime: hoursBefore(NOW, 5 * DAYS - 1),
        accounts: [ACCOUNT],
      },
      notes: [
        expect.stringContaining('AttributeValue=StopLogging --region us-east-1'),
        expect.stringContaining('AttributeValue=StartLogging'),
        expect.stringContaining('exempted'),
      ],
    },
  ],
  ['Stop before the window: pass', () => accountWith(gap(40 * DAYS, 40 * DAYS - 1)), 'pass'],
  ['a stop before the window that was ended within it', () => accountWith(gap(40 * DAYS, DAYS)), 'fail'],
  [
    'Gap covered by an organization trail: pass, the evidence names it',
    () => memberUnder({}, recent),
    'pass',
    { evidence: { coveredBy: ORGANIZATION_TRAIL } },
  ],
  ['gap covered by a second trail of the account', () => accountWith(recent, { name: 'second' }), 'pass'],
  ['the other trail was started later', () => accountWith(recent, { ...gap(9 * DAYS, 4 * DAYS), name: 'b' }), 'fail'],
  ['the other trail is stopped', () => accountWith(recent, { name: 'b', status: { IsLogging: false } }), 'fail'],
  ['the other trail records one region', () => accountWith(recent, { name: 'b', IsMultiRegionTrail: false }), 'fail'],
  [
    'the other trail records writes only',
    () => accountWith(recent, { name: 'b', selectors: { EventSelectors: [basic('WriteOnly')] } }),
    'fail',
  ],
  [
    'the other trail records other data events',
    () => accountWith({ ...recent, selectors: dataOnly }, { name: 'b' }),
    'fail',
  ],
  [
    'whether another trail covered it cannot be read',
    () => memberUnder({ status: denied('cloudtrail:GetTrailStatus', MANAGEMENT) }, recent),
    'unknown',
    { missingPermission: 'cloudtrail:GetTrailStatus' },
  ],
  [
    'what another trail records cannot be read',
    () => accountWith(recent, { name: 'b', selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
  [
    'StopLoggingTime present but no restart time: unknown',
    () => accountWith({ status: { StopLoggingTime: hoursBefore(NOW, 1), StartLoggingTime: undefined } }),
    'unknown',
  ],
  ['a restart before the stop', () => accountWith(gap(1, 2)), 'unknown'],
  [
    'AccessDenied on GetTrailStatus: unknown, naming cloudtrail:GetTrailStatus',
    () => accountWith({ status: denied('cloudtrail:GetTrailStatus', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetTrailStatus' },
  ],
  ['deleted meanwhile', () => accountWith({ status: absent('TrailNotFoundException') }), 'not-applicable'],
];

describe('trail/no-recent-gap', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot(), { of: TRAIL_ARN })).toMatchObject({ verdict, ...more });
  });

  it('takes lookback_days from the settings', () => {
    const settings = { lookback_days: 3 };
    expect(findingOf(check, accountWith(recent), { settings }).verdict).toBe('pass');
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    const [finding, ...others] = findingsOf(check, accountWith(recent));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ resource: TRAIL_ARN, region: 'us-east-1' });
  });

  it('Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member', () => {
    expect(findingsOf(check, memberUnder(recent))).toMatchObject([
      {
        verdict: 'fail',
        account: MANAGEMENT,
        resource: ORGANIZATION_TRAIL,
        fix: 'none',
        evidence: { organization: 'o-acme123456' },
      },
    ]);
  });

  it('knows of an organization trail only another one as cover', () => {
    const own = memberUnder(recent, { owner: MANAGEMENT, name: 'own' });
    expect(findingOf(check, own, { of: ORGANIZATION_TRAIL }).verdict).toBe('fail');
    const both = memberUnder(recent, { owner: MANAGEMENT, name: 'org-2', IsOrganizationTrail: true });
    expect(findingOf(check, both, { of: ORGANIZATION_TRAIL })).toMatchObject({
      verdict: 'pass',
      evidence: { coveredBy: expect.stringContaining('org-2') },
    });
  });

  it('is unknown where the owner of an organization trail cannot be read', () => {
    expect(findingOf(check, memberUnderUnknown())).toMatchObject({ verdict: 'unknown' });
  });

  it('is unknown where what else covers the account cannot be listed', () => {
    const snapshot = accountWith(recent);
    const blind = { ...snapshot, 'account.trails': { [ACCOUNT]: unreachable(ACCOUNT) } };
    expect(findingOf(check, blind).verdict).toBe('unknown');
  });
});
