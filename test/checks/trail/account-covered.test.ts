import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/account-covered.ts';
import { DEMO_ACCOUNTS } from '../../../src/sandbox/aws/index.ts';
import type { EventDataStore, JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import { demo } from '../../snapshot/support.ts';
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
  withEventDataStore,
  withOrganization,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, planOf } from '../bucket/support.ts';
import { accountWith, advanced, listingDenied, memberUnder, ORGANIZATION_TRAIL } from './support.ts';

const dataOnly = {
  AdvancedEventSelectors: [
    advanced({ eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: ['AWS::S3::Object'] } }),
  ],
};

const WRITES = { eventCategory: { Equals: ['Management'] }, readOnly: { Equals: ['false'] } };

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
    'Own trail exists but is stopped, no organization trail: fail',
    () => accountWith({ status: { IsLogging: false } }),
    'fail',
    { reason: 'No logging trail covers this account.', fix: 'auto-second-approver' },
  ],
  ['Only a data-events trail: fail', () => accountWith({ selectors: dataOnly }), 'fail'],
  [
    'Member without a trail of its own under a logging organization trail: pass, inherited, evidence is the shadow in the member',
    () => memberUnder({}),
    'pass',
    { inheritedFrom: ORGANIZATION_TRAIL, evidence: { trail: ORGANIZATION_TRAIL } },
  ],
  [
    'Trail of the management account that is not an organization trail: does not cover members',
    () => memberUnder({ IsOrganizationTrail: false, visibleIn: [MANAGEMENT, ACCOUNT] }),
    'fail',
  ],
  ['no trail', () => emptySnapshot(), 'fail', { severity: 'critical' }],
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

  it('Member joined less than propagation_hours ago and shows no shadow yet: unknown; later: fail', () => {
    expect(findingOf(check, memberJoined(3)).verdict).toBe('unknown');
    expect(findingOf(check, memberJoined(48)).verdict).toBe('fail');
    expect(findingOf(check, memberJoined(3), { settings: { propagation_hours: 1 } }).verdict).toBe('fail');
  });

  it.each(['SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'])(
    'Account whose State is SUSPENDED, PENDING_CLOSURE or CLOSED: not-applicable (%s)',
    (state) => {
      expect(findingOf(check, memberJoined(48, state)).verdict).toBe('not-applicable');
    },
  );

  it('DescribeTrails denied everywhere (or by an SCP): unknown, naming cloudtrail:DescribeTrails', () => {
    const refused = denied('cloudtrail:DescribeTrails', ACCOUNT, { scp: true });
    const unknown = { verdict: 'unknown', missingPermission: 'cloudtrail:DescribeTrails' };
    expect(findingOf(check, listingDenied())).toMatchObject(unknown);
    expect(findingOf(check, withPart(emptySnapshot(), 'account.trails', ACCOUNT, refused))).toMatchObject({
      ...unknown,
      reason: expect.stringContaining('service control policy'),
    });
  });

  it('DescribeTrails denied in one region while a multi-region trail shows in another: pass', async () => {
    const { take } = await demo({
      change: ({ knobs }) => {
        knobs.denied.push({ account: DEMO_ACCOUNTS.web, action: 'cloudtrail:DescribeTrails', region: 'eu-west-1' });
        knobs.denied.push({ account: DEMO_ACCOUNTS.web, action: 'cloudtrail:ListTrails' });
      },
    });
    const { snapshot } = await take([DEMO_ACCOUNTS.web], { parts: check.needs });
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'pass', account: DEMO_ACCOUNTS.web });
  });

  describe('Event data store but no trail: fail, unless accept_event_data_store is true', () => {
    const accept = { settings: { accept_event_data_store: true } };
    const storing = (store: Partial<EventDataStore> = {}) => withEventDataStore(emptySnapshot(), { store });

    it('is so', () => {
      expect(findingOf(check, storing()).verdict).toBe('fail');
      expect(findingOf(check, storing(), accept)).toMatchObject({
        verdict: 'pass',
        evidence: { eventDataStore: expect.stringContaining(':eventdatastore/') },
      });
    });

    it.each<[string, Partial<EventDataStore>]>([
      ['is stopped', { Status: 'STOPPED_INGESTION' }],
      ['records writes only', { AdvancedEventSelectors: [advanced(WRITES)] }],
    ])('accepts no store that %s', (_, more) => {
      expect(findingOf(check, storing(more), accept).verdict).toBe('fail');
    });

    it('is unknown where stores cannot be listed', () => {
      const refused = denied('cloudtrail:ListEventDataStores', ACCOUNT);
      const snapshot = withPart(emptySnapshot(), 'account.eventDataStores', `${ACCOUNT}/${REGION}`, refused);
      expect(findingOf(check, snapshot).verdict).toBe('fail');
      expect(findingOf(check, snapshot, accept)).toMatchObject({
        verdict: 'unknown',
        missingPermission: 'cloudtrail:ListEventDataStores',
      });
    });
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
