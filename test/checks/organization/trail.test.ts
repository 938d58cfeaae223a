import { describe, expect, it } from 'vitest';
import check from '../../../checks/organization/trail.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  emptySnapshot,
  MANAGEMENT,
  unreachable,
  withBucket,
  withOrganization,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, planOf, putDocument } from '../bucket/support.ts';
import { advanced, type TrailOptions } from '../trail/support.ts';

const ARN = `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/org`;
const ORGANIZATION = 'o-acme123456';
const dataOnly = { AdvancedEventSelectors: [advanced({ eventCategory: { Equals: ['Data'] } })] };

/** The management account, a member, and the archive with its bucket. */
function organization(
  trail: TrailOptions | undefined = {},
  options: NonNullable<Parameters<typeof withOrganization>[1]> = {},
): Snapshot {
  const accounts = emptySnapshot({ accounts: [MANAGEMENT, ACCOUNT, { id: ARCHIVE, inScope: false }] });
  const estate = withOrganization(accounts, options);
  const trails =
    trail === undefined
      ? estate
      : withTrail(estate, { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true, ...trail });
  return withBucket(trails);
}

const without = () => withPart(organization({}), 'trail', ARN, absent('TrailNotFoundException'));

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['a good organization trail', () => organization(), 'pass'],
  ['Account outside any organization: not-applicable', () => emptySnapshot(), 'not-applicable'],
  [
    'Organizations cannot be read from any account of the estate: unknown, naming the management account',
    () =>
      withPart(emptySnapshot(), 'organization', 'organization', denied('organizations:DescribeOrganization', ACCOUNT)),
    'unknown',
    { missingPermission: 'organizations:DescribeOrganization', evidence: { managementAccount: ACCOUNT } },
  ],
  [
    'Trail made by a delegated administrator: owned by the management account all the same, pass',
    () => organization({ CloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:org:*` }),
    'pass',
  ],
  [
    'Organization with consolidated billing only: fail, all features are needed first',
    () => organization({}, { featureSet: 'CONSOLIDATED_BILLING' }),
    'fail',
    { fix: 'none' },
  ],
  ['Organization trail records data events only: fail', () => organization({ selectors: dataOnly }), 'fail'],
  [
    'Trusted access off although the trail exists: fail',
    () => organization({}, { serviceAccess: [] }),
    'fail',
    { reason: 'Trusted access for cloudtrail.amazonaws.com is off.' },
  ],
  ['no organization trail', without, 'fail', { reason: 'No organization trail exists.', people: 2 }],
  [
    'a trail of a member is none of the organization',
    () => organization({ owner: ACCOUNT, IsOrganizationTrail: false }),
    'fail',
  ],
  [
    'AccessDenied on ListAWSServiceAccessForOrganization: unknown, naming organizations:ListAWSServiceAccessForOrganization',
    () => {
      const part = denied('organizations:ListAWSServiceAccessForOrganization', MANAGEMENT);
      return withPart(organization(), 'organization.serviceAccess', 'organization', part);
    },
    'unknown',
    { missingPermission: 'organizations:ListAWSServiceAccessForOrganization' },
  ],
  [
    'trails of the management account cannot be listed',
    () => withPart(without(), 'account.trails', MANAGEMENT, denied('cloudtrail:ListTrails', MANAGEMENT)),
    'unknown',
    { missingPermission: 'cloudtrail:ListTrails' },
  ],
  [
    'GetTrailStatus denied',
    () => organization({ status: denied('cloudtrail:GetTrailStatus', MANAGEMENT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetTrailStatus' },
  ],
  [
    'GetEventSelectors denied',
    () => organization({ selectors: denied('cloudtrail:GetEventSelectors', MANAGEMENT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
  [
    'the trail itself cannot be read',
    () => withPart(organization(), 'trail', ARN, unreachable(MANAGEMENT)),
    'unknown',
    { missingPermission: 'sts:AssumeRole' },
  ],
];

describe('organization/trail', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Organization trail stopped or single-region: fail', () => {
    expect(findingOf(check, organization({ status: { IsLogging: false } }))).toMatchObject({
      verdict: 'fail',
      reason: 'The organization trail is stopped.',
    });
    expect(findingOf(check, organization({ IsMultiRegionTrail: false })).verdict).toBe('fail');
  });

  it('Several partitions: one organization trail each', () => {
    // A run reads one partition: an organization of another one is another run's, with a trail and a finding of its own.
    const abroad = emptySnapshot({ partition: 'aws-us-gov', accounts: [MANAGEMENT] });
    expect(findingOf(check, organization()).resource).toMatch(/^arn:aws:/);
    expect(findingOf(check, withOrganization(abroad))).toMatchObject({
      verdict: 'fail',
      resource: expect.stringMatching(/^arn:aws-us-gov:/),
    });
  });
});

describe('plan of organization/trail', () => {
  const plain: TrailOptions = { IsOrganizationTrail: false };

  it('trusts, opens the bucket, and only then widens the trail; CloudTrail makes its role by itself', () => {
    const plan = planOf(check, organization(plain, { serviceAccess: [] }));
    expect(plan.changes.map(({ operation, account }) => [operation, account])).toEqual([
      ['organizations:EnableAWSServiceAccess', MANAGEMENT],
      ['s3:PutBucketPolicy', ARCHIVE],
      ['cloudtrail:UpdateTrail', MANAGEMENT],
    ]);
    const [access, policy, update] = plan.changes;
    expect(access?.input).toEqual({ ServicePrincipal: 'cloudtrail.amazonaws.com' });
    // Taking trust back would break every organization trail.
    expect(access?.undo).toBeUndefined();
    const text = JSON.stringify(policy && putDocument(policy));
    expect(text).toContain(`arn:aws:s3:::${BUCKET}/AWSLogs/${MANAGEMENT}/*`);
    expect(text).toContain(`arn:aws:s3:::${BUCKET}/AWSLogs/${ORGANIZATION}/*`);
    expect(text).toContain('TlsOnly');
    expect(update?.input).toEqual({ Name: ARN, IsOrganizationTrail: true });
    expect(update?.undo?.input).toEqual({ Name: ARN, IsOrganizationTrail: false });
    expect(plan).toMatchObject({
      class: 'auto-second-approver',
      risk: 'cost',
      reversible: 'partly',
      watchDelivery: [ARN],
    });
  });

  it('deletes no trail of a member', () => {
    const own = withTrail(organization(plain), { name: 'own', owner: ACCOUNT });
    const operations = planOf(check, own).changes.map(({ operation }) => operation);
    expect(operations).not.toContain('cloudtrail:DeleteTrail');
  });

  it('starts a stopped organization trail, and widens one of a single region', () => {
    const plan = planOf(
      check,
      organization({ status: { IsLogging: false }, IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false }),
    );
    expect(plan.changes.map(({ operation, input }) => [operation, input])).toEqual([
      ['cloudtrail:UpdateTrail', { Name: ARN, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true }],
      ['cloudtrail:StartLogging', { Name: ARN }],
    ]);
  });

  it.each<[string, () => Snapshot, string]>([
    ['there is no trail to widen', without, 'trail/account-covered'],
    [
      'the organization trail records no management events',
      () => organization({ selectors: dataOnly }),
      'trail/management-events',
    ],
    [
      'the bucket is out of reach',
      () => withBucket(organization(plain), { owner: undefined }),
      'bucket/delivery-policy',
    ],
    [
      'the bucket policy cannot be read',
      () => withBucket(organization(plain), { policy: denied('s3:GetBucketPolicy', ARCHIVE) }),
      'bucket/delivery-policy',
    ],
  ])('is blocked where %s', (_name, snapshot, by) => {
    expect(fixOf(check, snapshot())).toMatchObject({ kind: 'blocked', by });
  });
});
