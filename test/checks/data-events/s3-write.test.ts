import { describe, expect, it } from 'vitest';
import check from '../../../checks/data-events/s3-write.ts';
import type { JsonObject, Snapshot, TrailSelectors } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  BUCKET,
  denied,
  emptySnapshot,
  healthySnapshot,
  MANAGEMENT,
  TRAIL_ARN,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, advanced, basic, memberUnder, memberUnderUnknown, ORGANIZATION_TRAIL } from '../trail/support.ts';

const objects = (Values: string[], ReadWriteType = 'All') =>
  basic(ReadWriteType, true, { DataResources: [{ Type: 'AWS::S3::Object', Values }] });
const selecting = (...EventSelectors: JsonObject[]) => accountWith({ selectors: { EventSelectors } });
const management = advanced({ eventCategory: { Equals: ['Management'] } });
const writing = (more: { [field: string]: { [operator: string]: string[] } } = {}, type = 'AWS::S3::Object') =>
  advanced({ eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: [type] }, ...more });
const choosing = (...AdvancedEventSelectors: JsonObject[]) => accountWith({ selectors: { AdvancedEventSelectors } });

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  ['all writes', healthySnapshot, 'pass'],
  ['basic selector with arn:aws:s3, All', () => selecting(objects(['arn:aws:s3'])), 'pass'],
  ['basic selector with the older arn:aws:s3:::', () => selecting(objects(['arn:aws:s3:::'])), 'pass'],
  ['basic selector, WriteOnly', () => selecting(objects(['arn:aws:s3'], 'WriteOnly')), 'pass'],
  ['basic selector, ReadOnly', () => selecting(objects(['arn:aws:s3'], 'ReadOnly')), 'fail'],
  ['arn:aws:s3:::name/ covers that bucket alone', () => selecting(objects(['arn:aws:s3:::name/'])), 'fail'],
  [
    'arn:aws:s3:::name/ where only that bucket is asked for',
    () => selecting(objects(['arn:aws:s3:::name/'])),
    'pass',
    {},
    { buckets: ['name'] },
  ],
  ['name does not cover name-2', () => selecting(objects(['arn:aws:s3:::name/'])), 'fail', {}, { buckets: ['name-2'] }],
  ['advanced without readOnly', () => choosing(writing()), 'pass'],
  ['advanced with readOnly false', () => choosing(writing({ readOnly: { Equals: ['false'] } })), 'pass'],
  ['advanced with readOnly meant for reads alone', () => choosing(writing({ readOnly: { Equals: ['true'] } })), 'fail'],
  [
    'narrowed by StartsWith, where buckets names no others',
    () => choosing(writing({ 'resources.ARN': { StartsWith: ['arn:aws:s3:::one/', 'arn:aws:s3:::two/'] } })),
    'pass',
    {},
    { buckets: ['one', 'two'] },
  ],
  [
    'narrowed by StartsWith, where all are asked for',
    () => choosing(writing({ 'resources.ARN': { StartsWith: ['arn:aws:s3:::one/'] } })),
    'fail',
  ],
  [
    'NotStartsWith for log buckets',
    () => choosing(writing({ 'resources.ARN': { NotStartsWith: [`arn:aws:s3:::${BUCKET}/`] } })),
    'pass',
  ],
  [
    'NotStartsWith for exempt_buckets',
    () => choosing(writing({ 'resources.ARN': { NotStartsWith: ['arn:aws:s3:::scratch/'] } })),
    'pass',
    {},
    { exempt_buckets: ['scratch'] },
  ],
  [
    'NotStartsWith for another bucket',
    () => choosing(writing({ 'resources.ARN': { NotStartsWith: ['arn:aws:s3:::scratch/'] } })),
    'fail',
  ],
  ['narrowed by eventName', () => choosing(writing({ eventName: { Equals: ['DeleteObject'] } })), 'fail'],
  [
    'narrowed by userIdentity.arn',
    () => choosing(writing({ 'userIdentity.arn': { NotStartsWith: [`arn:aws:sts::${ACCOUNT}:assumed-role/app`] } })),
    'fail',
  ],
  ['the name of a selector means nothing', () => choosing({ ...management, Name: 'S3 objects' }), 'fail'],
  ['directory buckets are another type', () => choosing(writing({}, 'AWS::S3Express::Object')), 'fail'],
  ['no data events', () => selecting(basic('All')), 'fail', { fix: 'auto-second-approver', risk: 'cost' }],
  ['no selector ever put', () => accountWith({ selectors: {} }), 'fail'],
  [
    'organization trail with the selector: members inherit',
    () => memberUnder({}),
    'pass',
    { inheritedFrom: ORGANIZATION_TRAIL },
  ],
  ['account with no covering trail', () => emptySnapshot(), 'fail', { cause: 'trail/account-covered', fix: 'none' }],
  ['stopped', () => accountWith({ status: { IsLogging: false } }), 'fail', { cause: 'trail/account-covered' }],
  [
    'owner of an organization trail cannot be read: names that account',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'GetEventSelectors denied',
    () => accountWith({ selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
];

describe('data-events/s3-write', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });
});

describe('plan of data-events/s3-write', () => {
  const logs = `arn:aws:s3:::${BUCKET}/`;
  const added = [
    {
      FieldSelectors: [
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
        { Field: 'readOnly', Equals: ['false'] },
        { Field: 'resources.ARN', NotStartsWith: [logs] },
      ],
    },
    {
      // Deletions of logs are recorded, deliveries are not.
      FieldSelectors: [
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
        { Field: 'readOnly', Equals: ['false'] },
        { Field: 'resources.ARN', StartsWith: [logs] },
        { Field: 'eventName', NotEquals: ['PutObject'] },
      ],
    },
  ];

  it.each<[string, TrailSelectors, JsonObject]>([
    [
      'advanced selectors, with two more that leave deliveries out',
      { AdvancedEventSelectors: [management] },
      { AdvancedEventSelectors: [management, ...added] },
    ],
    [
      'basic selectors, with arn:aws:s3 in one for writes alone',
      { EventSelectors: [basic('All')] },
      {
        EventSelectors: [
          basic('All'),
          {
            ReadWriteType: 'WriteOnly',
            IncludeManagementEvents: false,
            DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }],
          },
        ],
      },
    ],
  ])('puts the whole set: %s', (_name, selectors, after) => {
    const plan = planOf(check, accountWith({ selectors }));
    expect(onlyChange(plan)).toMatchObject({
      operation: 'cloudtrail:PutEventSelectors',
      account: ACCOUNT,
      input: { TrailName: TRAIL_ARN, ...after },
      undo: {
        operation: 'cloudtrail:PutEventSelectors',
        input: { TrailName: TRAIL_ARN, ...selectors },
        automatic: true,
      },
    });
    expect(plan).toMatchObject({
      class: 'auto-second-approver',
      risk: 'cost',
      reversible: 'yes',
      watchDelivery: [TRAIL_ARN],
    });
  });

  it('takes the partition of the caller', () => {
    const other = { ...accountWith({ selectors: { EventSelectors: [basic('All')] } }), partition: 'aws-cn' };
    expect(JSON.stringify(onlyChange(planOf(check, other)).input)).toContain('"arn:aws-cn:s3"');
  });

  it('says what to remove where the set would be too large', () => {
    expect(fixOf(check, selecting(...Array.from({ length: 5 }, () => basic('All'))))).toMatchObject({ kind: 'manual' });
  });

  it('is blocked where the account has no logging trail of its own', () => {
    const half = { EventSelectors: [basic('All')] };
    const finding = findingOf(check, memberUnder({ selectors: half }));
    expect(finding).toMatchObject({ verdict: 'fail', fix: 'none' });
    expect(fixOf(check, memberUnder({ selectors: half }))).toMatchObject({ kind: 'blocked' });
  });
});
