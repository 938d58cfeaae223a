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
  [
    'Multi-region trail homed in a region nobody scanned: still found through its shadow, pass',
    () => accountWith({ region: 'ap-south-2' }),
    'pass',
  ],
  [
    'One single-region trail in every enabled region: fail, regions enabled later would be missed',
    () => accountWith({ ...limited, name: 'a' }, { ...limited, name: 'b', region: 'eu-west-1' }),
    'fail',
    { fix: 'auto' },
  ],
  ['Multi-region trail that records data events only: fail', () => accountWith({ selectors: dataOnly }), 'fail'],
  [
    'Second trail limited to one region, data events only: ignored even with every_trail',
    () => accountWith({}, { ...limited, name: 'data', selectors: dataOnly }),
    'pass',
  ],
  [
    'Account with no covering trail: fail, with trail/account-covered as the cause, so that a report shows one line',
    () => emptySnapshot(),
    'fail',
    { cause: 'trail/account-covered', fix: 'none' },
  ],
  [
    'Trail configured in full but stopped: counts for nothing',
    () => accountWith({ status: { IsLogging: false } }),
    'fail',
    { cause: 'trail/account-covered' },
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'AccessDenied on DescribeTrails: unknown, naming cloudtrail:DescribeTrails',
    () => listingDenied(),
    'unknown',
    { missingPermission: 'cloudtrail:DescribeTrails' },
  ],
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

  it('Organization trail limited to one region: fail for the owner and, inherited, for every member', () => {
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
    expect(findingOf(check, snapshot)).toMatchObject({
      verdict: 'fail',
      account: ACCOUNT,
      inheritedFrom: ORGANIZATION_TRAIL,
      fix: 'none',
    });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    const shown = accountWith({ visibleIn: [ACCOUNT], region: 'eu-west-1' });
    expect(findingsOf(check, shown)).toMatchObject([{ verdict: 'pass', evidence: { trail: expect.any(String) } }]);
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
