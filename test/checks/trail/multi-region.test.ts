import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/multi-region.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import { ACCOUNT, denied, emptySnapshot, healthySnapshot, MANAGEMENT, TRAIL_ARN } from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import {
  accountWith,
  advanced,
  listingDenied,
  memberUnder,
  memberUnderUnknown,
  ORGANIZATION_TRAIL,
} from './support.ts';

const dataOnly = { AdvancedEventSelectors: [advanced({ eventCategory: { Equals: ['Data'] } })] };
const limited = { IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false };

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['a logging multi-region trail', healthySnapshot, 'pass'],
  ['homed in a region nobody scanned', () => accountWith({ region: 'ap-south-2' }), 'pass'],
  [
    'one single-region trail in every enabled region',
    () => accountWith({ ...limited, name: 'a' }, { ...limited, name: 'b', region: 'eu-west-1' }),
    'fail',
    { fix: 'auto' },
  ],
  ['multi-region trail that records data events only', () => accountWith({ selectors: dataOnly }), 'fail'],
  [
    'organization trail limited to one region: fail for the member, inherited',
    () => memberUnder(limited),
    'fail',
    { inheritedFrom: ORGANIZATION_TRAIL, fix: 'none' },
  ],
  [
    'second trail limited to one region, data events only: ignored even with every_trail',
    () => accountWith({}, { ...limited, name: 'data', selectors: dataOnly }),
    'pass',
  ],
  ['account with no covering trail', () => emptySnapshot(), 'fail', { cause: 'trail/account-covered', fix: 'none' }],
  [
    'configured in full but stopped: counts for nothing',
    () => accountWith({ status: { IsLogging: false } }),
    'fail',
    { cause: 'trail/account-covered' },
  ],
  [
    'owner of an organization trail cannot be read: names that account',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  ['DescribeTrails denied', () => listingDenied(), 'unknown', { missingPermission: 'cloudtrail:DescribeTrails' }],
  [
    'GetEventSelectors denied',
    () => accountWith({ ...limited, selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
];

describe('trail/multi-region', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    const settings = { every_trail: true };
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });

  it('asks every management-event trail only with every_trail', () => {
    const snapshot = accountWith({}, { ...limited, name: 'second' });
    expect(findingOf(check, snapshot).verdict).toBe('pass');
    expect(findingOf(check, snapshot, { settings: { every_trail: true } }).verdict).toBe('fail');
  });

  it('fails the owner of a limited organization trail, who may mend it', () => {
    const snapshot = memberUnder(limited);
    const owner = snapshot.accounts[MANAGEMENT];
    const both =
      owner === undefined
        ? snapshot
        : { ...snapshot, accounts: { ...snapshot.accounts, [MANAGEMENT]: { ...owner, inScope: true } } };
    expect(findingsOf(check, both).find(({ account }) => account === MANAGEMENT)).toMatchObject({
      verdict: 'fail',
      fix: 'auto',
    });
  });
});

describe('plan of trail/multi-region', () => {
  it('widens the trail by its ARN in its home region, and sets nothing else', () => {
    const plan = planOf(check, accountWith({ ...limited }));
    expect(onlyChange(plan)).toMatchObject({
      operation: 'cloudtrail:UpdateTrail',
      account: ACCOUNT,
      region: 'us-east-1',
      resource: TRAIL_ARN,
      undo: { operation: 'cloudtrail:UpdateTrail', automatic: true },
    });
    // Without the global events AWS refuses it.
    expect(onlyChange(plan).input).toEqual({
      Name: TRAIL_ARN,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
    });
    expect(onlyChange(plan).undo?.input).toEqual({
      Name: TRAIL_ARN,
      IsMultiRegionTrail: false,
      IncludeGlobalServiceEvents: false,
    });
    expect(plan).toMatchObject({ risk: 'cost', watchDelivery: [TRAIL_ARN] });
  });

  it('widens a trail of the account itself where an organization trail is limited too', () => {
    const plan = planOf(check, memberUnder(limited, { ...limited }));
    expect(onlyChange(plan).resource).toBe(TRAIL_ARN);
  });

  it('makes no trail where there is none to widen', () => {
    expect(fixOf(check, emptySnapshot())).toMatchObject({ kind: 'blocked', by: 'trail/account-covered' });
  });
});
