import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/no-duplicate-events.ts';
import type { JsonObject, Snapshot, TrailSelectors } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  denied,
  emptySnapshot,
  healthySnapshot,
  hoursBefore,
  LOG_GROUP_ARN,
  MANAGEMENT,
  NOW,
  read,
  withAccount,
  withLogGroup,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import {
  accountWith,
  advanced,
  basic,
  listingDenied,
  memberUnder,
  memberUnderUnknown,
  ORGANIZATION_TRAIL,
  type TrailOptions,
} from './support.ts';

const arnOf = (name: string, region = 'us-east-1') => `arn:aws:cloudtrail:${region}:${ACCOUNT}:trail/${name}`;
const selecting = (...EventSelectors: JsonObject[]): TrailOptions => ({ selectors: { EventSelectors } });
const data = advanced({ eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: ['AWS::S3::Object'] } });
const management = advanced({ eventCategory: { Equals: ['Management'] } });
const lambda = { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] };
/** The poorer one: it has data events to go on with, and nothing hangs on it. */
const poor: TrailOptions = {
  name: 'poor',
  KmsKeyId: undefined,
  LogFileValidationEnabled: false,
  CloudWatchLogsLogGroupArn: undefined,
  HasInsightSelectors: false,
  selectors: { AdvancedEventSelectors: [management, data] },
};

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['one trail', healthySnapshot, 'pass'],
  [
    'Organization trail and own trail, both with management events: fail',
    () => memberUnder({}, {}),
    'fail',
    {
      evidence: {
        copies: [{ region: 'every region', events: ['read', 'write'], trails: [ORGANIZATION_TRAIL, arnOf('audit')] }],
      },
    },
  ],
  [
    'Read-only trail and write-only trail: pass, they do not overlap',
    () => accountWith(selecting(basic('ReadOnly')), { ...selecting(basic('WriteOnly')), name: 'b' }),
    'pass',
  ],
  [
    'one trail records all, the other writes',
    () => accountWith({}, { ...selecting(basic('WriteOnly')), name: 'b' }),
    'fail',
    { reason: '2 trails record the same write management events in every region.' },
  ],
  [
    'Multi-region trail and a single-region one: fail for that region only',
    () => accountWith({}, { name: 'b', region: 'eu-west-1', IsMultiRegionTrail: false }),
    'fail',
    { evidence: { copies: [{ region: 'eu-west-1' }] }, reason: expect.stringContaining('in eu-west-1.') },
  ],
  [
    'two single-region trails in different regions',
    () => accountWith({ IsMultiRegionTrail: false }, { name: 'b', region: 'eu-west-1', IsMultiRegionTrail: false }),
    'pass',
  ],
  ['Multi-region trail seen in 17 regions: one trail, pass', () => accountWith({}), 'pass'],
  [
    'Trail with data events only: never counted',
    () => accountWith({}, { name: 'b', selectors: { AdvancedEventSelectors: [data] } }),
    'pass',
  ],
  ['Stopped trail: not counted', () => accountWith({}, { name: 'b', status: { IsLogging: false } }), 'pass'],
  [
    'Second trail that delivers to a security vendor: an exemption, not a special case',
    () => accountWith({}, { name: 'vendor', S3BucketName: 'siem-vendor-intake' }),
    'fail',
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'AccessDenied on GetEventSelectors: unknown, naming cloudtrail:GetEventSelectors',
    () => accountWith({}, { name: 'b', selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
  ['DescribeTrails denied', () => listingDenied(), 'unknown', { missingPermission: 'cloudtrail:DescribeTrails' }],
  ['no trail at all', () => emptySnapshot(), 'not-applicable', { cause: 'trail/account-covered' }],
  [
    'two organization trails: inherited by the member, without a fix',
    () => memberUnder({}, { owner: MANAGEMENT, name: 'org-2', IsOrganizationTrail: true, visibleIn: [ACCOUNT] }),
    'fail',
    { inheritedFrom: ORGANIZATION_TRAIL, fix: 'none' },
  ],
];

describe('trail/no-duplicate-events', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('takes allowed_copies from the settings', () => {
    const settings = { allowed_copies: 2 };
    expect(findingOf(check, accountWith({}, { name: 'b' }), { settings }).verdict).toBe('pass');
    expect(findingOf(check, accountWith({}, { name: 'b' }, { name: 'c' }), { settings }).verdict).toBe('fail');
  });
});

describe('plan of trail/no-duplicate-events', () => {
  it.each<[string, TrailSelectors, TrailSelectors]>([
    ['advanced selectors', { AdvancedEventSelectors: [management, data] }, { AdvancedEventSelectors: [data] }],
    [
      'basic selectors',
      { EventSelectors: [basic('All', true, { DataResources: [lambda] }), basic('WriteOnly')] },
      { EventSelectors: [basic('All', false, { DataResources: [lambda], ExcludeManagementEventSources: [] })] },
    ],
  ])('takes the management events from the poorer trail and keeps its other events: %s', (_name, selectors, after) => {
    const plan = planOf(check, accountWith({}, { ...poor, selectors }));
    expect(onlyChange(plan)).toMatchObject({
      operation: 'cloudtrail:PutEventSelectors',
      resource: arnOf('poor'),
      input: { TrailName: arnOf('poor'), ...after },
      undo: { input: { TrailName: arnOf('poor'), ...selectors }, automatic: true },
    });
    expect(onlyChange(plan).input).toEqual({ TrailName: arnOf('poor'), ...after });
    expect(plan).toMatchObject({
      class: 'auto-second-approver',
      risk: 'disruptive',
      reversible: 'yes',
      watchDelivery: [arnOf('audit'), arnOf('poor')],
    });
    expect(plan.warnings).toHaveLength(1);
  });

  it("takes them from the member's own trail, never from the organization's", () => {
    expect(onlyChange(planOf(check, memberUnder({}, poor))).resource).toBe(arnOf('poor'));
    const scanned = withAccount(memberUnder({ ...poor, name: 'org' }, { owner: MANAGEMENT }), { id: MANAGEMENT });
    const of = `arn:aws:iam::${MANAGEMENT}:root`;
    expect(findingOf(check, scanned, { of })).toMatchObject({ verdict: 'fail', fix: 'manual' });
    expect(JSON.stringify(fixOf(check, scanned, { of }))).toContain('org cannot lose them: other accounts');
  });

  const whole = 'no other trail records as much';
  const guided: [string, () => Snapshot, string][] = [
    [
      'nothing would be left to record',
      () => accountWith({}, { ...poor, ...selecting(basic('All')) }),
      'has to record something',
    ],
    ['the default set is all it has', () => accountWith({}, { ...poor, selectors: {} }), 'has to record something'],
    [
      'it is the only one with validation',
      () => accountWith({ LogFileValidationEnabled: false }, { ...poor, LogFileValidationEnabled: true }),
      whole,
    ],
    [
      'it is the only one with a key',
      () => accountWith({ KmsKeyId: undefined }, { ...poor, KmsKeyId: 'arn:aws:kms:us-east-1:111111111111:key/1' }),
      whole,
    ],
    ['the other trail records one region', () => accountWith({ IsMultiRegionTrail: false }, poor), whole],
    ['the other trail records writes only', () => accountWith(selecting(basic('WriteOnly')), poor), whole],
    [
      'the other trail leaves KMS out',
      () => accountWith(selecting(basic('All', true, { ExcludeManagementEventSources: ['kms.amazonaws.com'] })), poor),
      whole,
    ],
    [
      'the other trail cannot deliver',
      () => accountWith({ status: { LatestDeliveryError: 'AccessDenied' } }, poor),
      whole,
    ],
    [
      'the other trail has delivered nothing for days',
      () => accountWith({ status: { LatestDeliveryTime: hoursBefore(NOW, 50) } }, poor),
      whole,
    ],
    [
      'the other trail cannot deliver from one region',
      () =>
        accountWith(
          { regionalStatus: { 'eu-west-1': read({ IsLogging: true, LatestDeliveryError: 'NoSuchBucket' }) } },
          poor,
        ),
      whole,
    ],
    ['its Insights need them', () => accountWith({}, { ...poor, HasInsightSelectors: true }), 'Insights'],
    [
      'its log group feeds an alarm',
      () => withLogGroup(accountWith({}, { ...poor, CloudWatchLogsLogGroupArn: `${LOG_GROUP_ARN}:*` })),
      'feeds the alarm cloudtrail-changes',
    ],
    [
      'whether its log group feeds an alarm cannot be read',
      () =>
        withPart(
          accountWith({}, { ...poor, CloudWatchLogsLogGroupArn: `${LOG_GROUP_ARN}:*` }),
          'logGroup.filters',
          LOG_GROUP_ARN,
          denied('logs:DescribeMetricFilters', ACCOUNT),
        ),
      'could not be read',
    ],
  ];

  // Whatever hinders the poor one, Insights hinder the other.
  it.each(guided)('is guided where %s', (_name, snapshot, text) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict: 'fail', fix: 'manual' });
    const proposal = fixOf(check, snapshot());
    expect(proposal.kind).toBe('manual');
    expect(JSON.stringify(proposal)).toContain(text);
    expect(JSON.stringify(proposal)).not.toMatch(/stop-logging|delete-trail/);
  });

  it('lets a log group without alarms fall silent', () => {
    const snapshot = accountWith({}, { ...poor, CloudWatchLogsLogGroupArn: `${LOG_GROUP_ARN}:*` });
    const quiet = withLogGroup(snapshot, { alarms: {} });
    expect(onlyChange(planOf(check, quiet)).resource).toBe(arnOf('poor'));
  });

  it('leaves one of two equal trails alone', () => {
    const both = { ...poor, selectors: { AdvancedEventSelectors: [management, data] } };
    const plan = planOf(check, accountWith({ ...both, name: 'a' }, { ...both, name: 'b' }));
    expect(plan.changes.map(({ resource }) => resource)).toEqual([arnOf('a')]);
  });
});
