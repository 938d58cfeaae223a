import { describe, expect, it } from 'vitest';
import check from '../../../checks/data-events/s3-write.ts';
import type { JsonObject, TrailSelectors } from '../../../src/snapshot/types.ts';
import { ACCOUNT, BUCKET, healthySnapshot, TRAIL_ARN } from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, basic, memberUnder } from '../trail/support.ts';
import { objectCases } from './object-cases.ts';
import { choosing, management, selecting } from './support.ts';

const cases = objectCases('write', {
  basic:
    'Basic selector with the value arn:<partition>:s3 (or the older arn:<partition>:s3:::), ReadWriteType All or WriteOnly: pass',
  advanced:
    'Advanced Data selector for AWS::S3::Object without readOnly: pass; with readOnly meant for reads alone: fail',
});

describe('data-events/s3-write', () => {
  it('passes on the healthy estate', () => {
    expect(findingOf(check, healthySnapshot())).toMatchObject({ verdict: 'pass' });
  });

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

  it('records only the buckets asked for, and leaves out what need not be recorded', () => {
    const change = (settings: JsonObject) =>
      JSON.stringify(onlyChange(planOf(check, choosing(management), { settings })).input);
    expect(change({ buckets: ['one'] })).toContain('{"Field":"resources.ARN","StartsWith":["arn:aws:s3:::one/"]}');
    expect(change({ exempt_buckets: ['scratch'] })).toContain(`"NotStartsWith":["${logs}","arn:aws:s3:::scratch/"]`);
  });

  it('warns that basic selectors take the deliveries in', () => {
    expect(planOf(check, selecting(basic('All'))).warnings).toContainEqual(expect.stringContaining('deliveries'));
    expect(planOf(check, choosing(management)).warnings).not.toContainEqual(expect.stringContaining('deliveries'));
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
