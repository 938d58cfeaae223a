import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/account-covered.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  emptySnapshot,
  healthySnapshot,
  hoursBefore,
  MANAGEMENT,
  NOW,
  REGION,
  TRAIL_ARN,
  withAccount,
  withBucket,
  withOrganization,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, planOf } from '../bucket/support.ts';
import { accountWith, advanced, listingDenied, memberUnder, ORGANIZATION_TRAIL } from './support.ts';

const dataOnly = {
  AdvancedEventSelectors: [
    advanced({ eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: ['AWS::S3::Object'] } }),
  ],
};

function memberJoined(hours: number, State = 'ACTIVE'): Snapshot {
  const accounts = emptySnapshot({ accounts: [ACCOUNT, { id: MANAGEMENT, inScope: false }] });
  const joined = { Id: ACCOUNT, State, JoinedTimestamp: hoursBefore(NOW, hours) };
  const organization = withOrganization(accounts, { accounts: [joined, { Id: MANAGEMENT }] });
  return withTrail(organization, {
    name: 'org',
    owner: MANAGEMENT,
    IsOrganizationTrail: true,
    visibleIn: [MANAGEMENT],
  });
}

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['own logging trail', healthySnapshot, 'pass', { evidence: { trail: TRAIL_ARN } }],
  [
    'own trail exists but is stopped, no organization trail',
    () => accountWith({ status: { IsLogging: false } }),
    'fail',
    { reason: 'No logging trail covers this account.', fix: 'auto-second-approver' },
  ],
  ['only a data-events trail', () => accountWith({ selectors: dataOnly }), 'fail'],
  [
    'member without a trail of its own under a logging organization trail: inherited',
    () => memberUnder({}),
    'pass',
    { inheritedFrom: ORGANIZATION_TRAIL, evidence: { trail: ORGANIZATION_TRAIL } },
  ],
  ['member joined lately and shows no shadow yet', () => memberJoined(3), 'unknown'],
  ['member joined long ago and shows no shadow', () => memberJoined(48), 'fail'],
  [
    'trail of the management account that is not an organization trail',
    () => memberUnder({ IsOrganizationTrail: false, visibleIn: [MANAGEMENT, ACCOUNT] }),
    'fail',
  ],
  ['no trail', () => emptySnapshot(), 'fail', { severity: 'critical' }],
  ['SUSPENDED account', () => memberJoined(48, 'SUSPENDED'), 'not-applicable'],
  ['PENDING_CLOSURE account', () => memberJoined(48, 'PENDING_CLOSURE'), 'not-applicable'],
  ['CLOSED account', () => memberJoined(48, 'CLOSED'), 'not-applicable'],
  [
    'DescribeTrails denied everywhere',
    () => listingDenied(),
    'unknown',
    { missingPermission: 'cloudtrail:DescribeTrails' },
  ],
  [
    'DescribeTrails denied by an SCP',
    () => {
      const trails = { [ACCOUNT]: denied('cloudtrail:DescribeTrails', ACCOUNT, { scp: true }) };
      return { ...emptySnapshot(), 'account.trails': trails };
    },
    'unknown',
    { reason: expect.stringContaining('service control policy') },
  ],
  [
    'GetTrailStatus denied',
    () => accountWith({ status: denied('cloudtrail:GetTrailStatus', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetTrailStatus' },
  ],
  [
    'GetEventSelectors denied',
    () => accountWith({ selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
  [
    'account that cannot be entered',
    () => withAccount(emptySnapshot({ accounts: [] }), { id: ACCOUNT, status: 'unreachable', reason: 'no such role' }),
    'unknown',
    { missingPermission: 'sts:AssumeRole' },
  ],
];

describe('trail/account-covered', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('waits as long for a new member as propagation_hours say', () => {
    expect(findingOf(check, memberJoined(3), { settings: { propagation_hours: 1 } }).verdict).toBe('fail');
  });
});

describe('plan of trail/account-covered', () => {
  const suffix = () => findingOf(check, emptySnapshot()).id.slice(0, 8);

  it('makes bucket and trail, starts it, and never deletes it by itself', () => {
    const name = `trail-check-${suffix()}`;
    const bucket = `${name}-${ACCOUNT}`;
    const arn = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/${name}`;
    const plan = planOf(check, emptySnapshot());
    expect(plan).toMatchObject({
      class: 'auto-second-approver',
      risk: 'cost',
      reversible: 'partly',
      watchDelivery: [arn],
    });
    const [, , , policy] = plan.changes;
    expect(plan.changes.map(({ operation, input }) => [operation, input])).toEqual([
      ['s3:CreateBucket', { Bucket: bucket, ObjectOwnership: 'BucketOwnerEnforced' }],
      [
        's3:PutPublicAccessBlock',
        {
          Bucket: bucket,
          ExpectedBucketOwner: ACCOUNT,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            IgnorePublicAcls: true,
            BlockPublicPolicy: true,
            RestrictPublicBuckets: true,
          },
        },
      ],
      [
        's3:PutBucketVersioning',
        { Bucket: bucket, ExpectedBucketOwner: ACCOUNT, VersioningConfiguration: { Status: 'Enabled' } },
      ],
      ['s3:PutBucketPolicy', policy?.input],
      [
        'cloudtrail:CreateTrail',
        {
          Name: name,
          S3BucketName: bucket,
          IsMultiRegionTrail: true,
          IncludeGlobalServiceEvents: true,
          EnableLogFileValidation: true,
        },
      ],
      ['cloudtrail:StartLogging', { Name: arn }],
    ]);
    const { Statement } = JSON.parse(String(policy?.input.Policy));
    expect(Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      'AWSCloudTrailAclCheck',
      'AWSCloudTrailWrite',
      'TlsOnly',
    ]);
    expect(String(policy?.input.Policy)).toContain(arn);
    expect(plan.changes.map(({ undo }) => undo && [undo.operation, undo.automatic])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      ['cloudtrail:DeleteTrail', false],
      undefined,
    ]);
  });

  it('names the region of a new bucket, but for us-east-1', () => {
    const elsewhere = withAccount(emptySnapshot(), { id: ACCOUNT, regions: ['eu-west-1'] });
    expect(planOf(check, elsewhere).changes[0]?.input).toMatchObject({
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    });
  });

  it('uses the declared archive, and merges into its policy without losing a statement', () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Mine',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:DeleteObject',
          Resource: `arn:aws:s3:::${BUCKET}/*`,
        },
      ],
    };
    const snapshot = withBucket(emptySnapshot({ accounts: [ACCOUNT, { id: ARCHIVE, inScope: false }] }), { policy });
    const plan = planOf(check, snapshot, { estate: { archive: { bucket: BUCKET, account: ARCHIVE } } });
    expect(plan.changes.map(({ operation, account }) => [operation, account])).toEqual([
      ['s3:PutBucketPolicy', ARCHIVE],
      ['cloudtrail:CreateTrail', ACCOUNT],
      ['cloudtrail:StartLogging', ACCOUNT],
    ]);
    const { Statement } = JSON.parse(String(plan.changes[0]?.input.Policy));
    expect(Statement[0]).toEqual(policy.Statement[0]);
    expect(plan.changes[0]?.undo).toMatchObject({
      operation: 's3:PutBucketPolicy',
      input: { Policy: JSON.stringify(policy), ExpectedBucketOwner: ARCHIVE },
    });
  });

  it.each<[string, () => Snapshot, string]>([
    ['an organization trail could cover the account', () => memberJoined(48), 'organization/trail'],
    ['a trail of its own only has to be started', () => accountWith({ status: { IsLogging: false } }), 'trail/logging'],
    [
      'the region has as many trails as it takes',
      () => accountWith(...[1, 2, 3, 4, 5].map((at) => ({ name: `data-${at}`, selectors: dataOnly }))),
      'trail/account-covered',
    ],
    [
      'the regions of the account are not known',
      () => withAccount(emptySnapshot(), { id: ACCOUNT, regions: denied('account:ListRegions', ACCOUNT) }),
      'bucket/exists',
    ],
  ])('is blocked where %s', (_name, snapshot, by) => {
    expect(fixOf(check, snapshot())).toMatchObject({ kind: 'blocked', by });
  });

  it('is blocked where the declared archive does not exist', () => {
    const gone = withBucket(emptySnapshot(), { bucket: absent('NoSuchBucket') });
    const estate = { archive: { bucket: BUCKET, account: ARCHIVE } };
    expect(fixOf(check, gone, { estate })).toMatchObject({ kind: 'blocked', by: 'bucket/exists' });
  });

  it('gives one finding an account, not one a region', () => {
    expect(findingsOf(check, emptySnapshot())).toHaveLength(1);
  });
});
