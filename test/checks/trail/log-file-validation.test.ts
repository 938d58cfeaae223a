import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/log-file-validation.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  healthySnapshot,
  MANAGEMENT,
  REGION,
  TRAIL_ARN,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, memberUnder, memberUnderUnknown, ORGANIZATION_TRAIL } from './support.ts';

const off = { LogFileValidationEnabled: false };

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['on', healthySnapshot, 'pass'],
  ['off', () => accountWith(off), 'fail', { fix: 'auto', risk: 'safe', people: 1 }],
  [
    'Stopped trail: still judged; the finding says that it is stopped',
    () => accountWith({ ...off, status: { IsLogging: false } }),
    'fail',
    { notes: ['The trail is stopped.'] },
  ],
  [
    'Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member',
    () => memberUnder(off),
    'fail',
    { account: MANAGEMENT, resource: ORGANIZATION_TRAIL },
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'Turned on an hour ago, no digest yet: pass here, trail/digest-delivery-healthy waits',
    () => accountWith({ status: { LatestDigestDeliveryTime: undefined } }),
    'pass',
  ],
  [
    'AccessDenied on DescribeTrails: unknown, naming cloudtrail:DescribeTrails',
    () => withPart(accountWith({}), 'trail', TRAIL_ARN, denied('cloudtrail:DescribeTrails', ACCOUNT)),
    'unknown',
    { missingPermission: 'cloudtrail:DescribeTrails' },
  ],
  [
    'deleted while the estate was read',
    () => withPart(accountWith({}), 'trail', TRAIL_ARN, absent('TrailNotFoundException')),
    'not-applicable',
  ],
];

describe('trail/log-file-validation', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    expect(findingsOf(check, accountWith(off))).toMatchObject([{ resource: TRAIL_ARN, region: REGION }]);
  });

  it('Several trails of the same name in different accounts: separate findings, keyed by ARN', () => {
    const findings = findingsOf(check, memberUnder({ name: 'audit' }, { ...off }));
    expect(findings.map(({ resource, verdict }) => [resource, verdict])).toEqual([
      [`arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/audit`, 'pass'],
      [TRAIL_ARN, 'fail'],
    ]);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(2);
  });
});

describe('plan of trail/log-file-validation', () => {
  it('turns validation on and passes no other parameter', () => {
    const plan = planOf(check, accountWith(off));
    const change = onlyChange(plan);
    expect(change).toMatchObject({ operation: 'cloudtrail:UpdateTrail', account: ACCOUNT, region: REGION });
    expect(change.input).toEqual({ Name: TRAIL_ARN, EnableLogFileValidation: true });
    expect(change.undo).toMatchObject({
      operation: 'cloudtrail:UpdateTrail',
      input: { Name: TRAIL_ARN, EnableLogFileValidation: false },
      automatic: true,
    });
    expect(change).toMatchObject({
      target: `trail:${TRAIL_ARN}`,
      expect: { LogFileValidationEnabled: false },
      result: { LogFileValidationEnabled: true },
    });
    expect(plan).toMatchObject({ class: 'auto', risk: 'safe', reversible: 'partly', watchDelivery: [TRAIL_ARN] });
  });

  it('says that what was delivered before can never be validated', () => {
    expect(planOf(check, accountWith(off)).warnings).toEqual([expect.stringContaining('never be validated')]);
  });
});
