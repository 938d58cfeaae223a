import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/global-service-events.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  denied,
  emptySnapshot,
  healthySnapshot,
  MANAGEMENT,
  TRAIL_ARN,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import {
  accountWith,
  advanced,
  listingDenied,
  memberUnder,
  memberUnderUnknown,
  ORGANIZATION_TRAIL,
} from './support.ts';

const regional = { IsMultiRegionTrail: false };
const silent = { IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false };
const dataOnly = { AdvancedEventSelectors: [advanced({ eventCategory: { Equals: ['Data'] } })] };
const gov = (trail: object) =>
  withTrail(emptySnapshot({ partition: 'aws-us-gov' }), { region: 'us-gov-west-1', ...trail });

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['Any multi-region trail: pass; AWS does not allow one without global events', healthySnapshot, 'pass'],
  ['a multi-region trail homed elsewhere', () => accountWith({ region: 'eu-west-1' }), 'pass'],
  ['a single-region trail in us-east-1 with the flag', () => accountWith(regional), 'pass'],
  ['a single-region trail in us-east-1 without the flag', () => accountWith(silent), 'fail', { fix: 'auto' }],
  ['a trail with the flag that records data events only', () => accountWith({ selectors: dataOnly }), 'fail'],
  [
    'Single-region trail outside us-east-1 with the flag on: fail, the flag has had no effect there since November 2021',
    () => accountWith({ ...regional, region: 'eu-west-1' }),
    'fail',
  ],
  [
    'Partition whose global region is not in the table: unknown',
    () => gov(regional),
    'unknown',
    { reason: expect.stringContaining('aws-us-gov') },
  ],
  ['such a partition with a multi-region trail', () => gov({}), 'pass'],
  [
    'Trail configured in full but stopped: counts for nothing',
    () => accountWith({ status: { IsLogging: false } }, { ...silent, name: 'b' }),
    'fail',
  ],
  [
    'Account with no trail at all: not-applicable here, trail/account-covered fails',
    () => emptySnapshot(),
    'not-applicable',
    { cause: 'trail/account-covered' },
  ],
  [
    'only a stopped trail',
    () => accountWith({ status: { IsLogging: false } }),
    'not-applicable',
    { cause: 'trail/account-covered' },
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  ['DescribeTrails denied', () => listingDenied(), 'unknown', { missingPermission: 'cloudtrail:DescribeTrails' }],
  [
    'GetEventSelectors denied',
    () => accountWith({ selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
  [
    'a member inherits the failure, without a fix',
    () => memberUnder(silent),
    'fail',
    { inheritedFrom: ORGANIZATION_TRAIL, fix: 'none' },
  ],
];

describe('trail/global-service-events', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    expect(findingsOf(check, accountWith(silent))).toHaveLength(1);
  });
});

describe('plan of trail/global-service-events', () => {
  it('sets the flag on the trail of the global region, and nothing else', () => {
    const plan = planOf(check, accountWith({ ...silent, name: 'eu', region: 'eu-west-1' }, silent));
    expect(onlyChange(plan)).toMatchObject({
      operation: 'cloudtrail:UpdateTrail',
      resource: TRAIL_ARN,
      input: { Name: TRAIL_ARN, IncludeGlobalServiceEvents: true },
      expect: { IncludeGlobalServiceEvents: false },
      result: { IncludeGlobalServiceEvents: true },
      undo: { input: { Name: TRAIL_ARN, IncludeGlobalServiceEvents: false }, automatic: true },
    });
    expect(Object.keys(onlyChange(plan).input)).toHaveLength(2);
    expect(plan).toMatchObject({ class: 'auto', risk: 'safe', reversible: 'yes', watchDelivery: [TRAIL_ARN] });
  });

  it.each([
    ['the flag is never set in another region', { ...silent, region: 'eu-west-1' }],
    ['a data trail gets no flag', { ...silent, selectors: dataOnly }],
  ])('%s: the plan of trail/multi-region is what helps', (_name, trail) => {
    expect(fixOf(check, accountWith(trail))).toMatchObject({ kind: 'blocked', by: 'trail/multi-region' });
  });
});
