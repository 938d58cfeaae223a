import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/logging.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import { ACCOUNT, absent, denied, failed, healthySnapshot, MANAGEMENT, TRAIL_ARN } from '../../support/snapshot.ts';
import { findingOf, findingsOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, basic, memberUnder, memberUnderUnknown, ORGANIZATION_TRAIL } from './support.ts';

const stopped = { status: { IsLogging: false, StopLoggingTime: '2026-10-01T00:00:00.000Z' } };
const all = { EventSelectors: [basic('All')] };
const writes = { EventSelectors: [basic('WriteOnly')] };

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['it logs', healthySnapshot, 'pass'],
  [
    'stopped',
    () => accountWith(stopped),
    'fail',
    { severity: 'high', fix: 'auto', evidence: { IsLogging: false, StopLoggingTime: '2026-10-01T00:00:00.000Z' } },
  ],
  [
    'Stopped organization trail: fail in the owner; all members inherit the fail',
    () => memberUnder(stopped),
    'fail',
    { account: MANAGEMENT, resource: ORGANIZATION_TRAIL, severity: 'high' },
  ],
  [
    'Trail addressed by name outside its home region answers TrailNotFound: reader error, never a verdict',
    () => accountWith({ status: failed('cloudtrail:GetTrailStatus', ACCOUNT, 'TrailNotFoundException') }),
    'unknown',
  ],
  [
    'Logging again after a stop: pass here, trail/no-recent-gap tells of the hole',
    () => accountWith({ status: { StopLoggingTime: '2026-10-01T00:00:00.000Z' } }),
    'pass',
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

describe('trail/logging', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    const findings = findingsOf(check, memberUnder({}));
    expect(findings.map(({ resource, region }) => [resource, region])).toEqual([[ORGANIZATION_TRAIL, 'us-east-1']]);
  });

  it('Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member', () => {
    expect(findingsOf(check, memberUnder(stopped))).toMatchObject([
      { verdict: 'fail', account: MANAGEMENT, resource: ORGANIZATION_TRAIL },
    ]);
  });

  it.each<[string, Snapshot]>([
    ['another trail of the account', accountWith({ ...stopped, selectors: all }, { name: 'twin', selectors: all })],
    ['an organization trail', memberUnder({ selectors: all }, { ...stopped, selectors: writes })],
  ])('is of low severity and asks for a second approver where %s records the same', (_name, snapshot) => {
    expect(findingsOf(check, snapshot).find(({ resource }) => resource === TRAIL_ARN)).toMatchObject({
      verdict: 'fail',
      severity: 'low',
      fix: 'auto-second-approver',
      risk: 'cost',
      people: 2,
    });
  });

  it.each<[string, Snapshot, string]>([
    ['records less', accountWith({ ...stopped, selectors: all }, { name: 'twin', selectors: writes }), TRAIL_ARN],
    [
      'records one region only',
      accountWith({ ...stopped, selectors: all }, { name: 'twin', selectors: all, IsMultiRegionTrail: false }),
      TRAIL_ARN,
    ],
    [
      'is stopped too',
      accountWith({ ...stopped, selectors: all }, { name: 'twin', selectors: all, ...stopped }),
      TRAIL_ARN,
    ],
    [
      'does not reach the members',
      memberUnder({ ...stopped, selectors: all }, { name: 'mine', owner: MANAGEMENT, selectors: all }),
      ORGANIZATION_TRAIL,
    ],
  ])('stays high where the other trail %s', (_name, snapshot, arn) => {
    expect(findingsOf(check, snapshot).find(({ resource }) => resource === arn)?.severity).toBe('high');
  });
});

describe('plan of trail/logging', () => {
  it('starts the trail by ARN in its home region; stopping it again is never offered', () => {
    const plan = planOf(check, accountWith({ ...stopped, region: 'eu-west-1' }));
    const arn = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/audit`;
    const change = onlyChange(plan);
    expect(change).toMatchObject({
      operation: 'cloudtrail:StartLogging',
      account: ACCOUNT,
      region: 'eu-west-1',
      input: { Name: arn },
      target: `trail.status:${arn}`,
      expect: { IsLogging: false },
      result: { IsLogging: true },
    });
    expect(change.undo).toBeUndefined();
    expect(plan).toMatchObject({ class: 'auto', risk: 'safe', reversible: 'partly', watchDelivery: [arn] });
  });

  it('starts an organization trail from its owner', () => {
    expect(onlyChange(planOf(check, memberUnder(stopped))).account).toBe(MANAGEMENT);
  });
});
