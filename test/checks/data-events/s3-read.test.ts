import { describe, expect, it } from 'vitest';
import check from '../../../checks/data-events/s3-read.ts';
import type { JsonObject, TrailSelectors } from '../../../src/snapshot/types.ts';
import { BUCKET, TRAIL_ARN } from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, basic, memberUnder } from '../trail/support.ts';
import { objectCases } from './object-cases.ts';
import { choosing, management, selecting } from './support.ts';

const cases = objectCases('read', {
  basic:
    'Basic selector with the value arn:<partition>:s3 (or the older arn:<partition>:s3:::), ReadWriteType All or ReadOnly: pass',
  advanced:
    'Advanced Data selector for AWS::S3::Object without readOnly: pass; with readOnly meant for writes alone: fail',
});

describe('data-events/s3-read', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });
});

describe('plan of data-events/s3-read', () => {
  const reads = [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
    { Field: 'readOnly', Equals: ['true'] },
    { Field: 'resources.ARN', NotStartsWith: [`arn:aws:s3:::${BUCKET}/`] },
  ];
  const lambda = basic('WriteOnly', false, {
    DataResources: [{ Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] }],
  });

  it.each<[string, TrailSelectors, JsonObject]>([
    [
      'advanced selectors, with one more that leaves log buckets out',
      { AdvancedEventSelectors: [management] },
      { AdvancedEventSelectors: [management, { FieldSelectors: reads }] },
    ],
    [
      'basic selectors stay basic, the others as they were read',
      { EventSelectors: [basic('All'), lambda] },
      {
        EventSelectors: [
          basic('All'),
          lambda,
          {
            ReadWriteType: 'ReadOnly',
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
      input: { TrailName: TRAIL_ARN, ...after },
      undo: { operation: 'cloudtrail:PutEventSelectors', input: { TrailName: TRAIL_ARN, ...selectors } },
    });
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', watchDelivery: [TRAIL_ARN] });
  });

  it('takes the partition of the caller', () => {
    const other = { ...accountWith({ selectors: { EventSelectors: [basic('All')] } }), partition: 'aws-us-gov' };
    expect(JSON.stringify(onlyChange(planOf(check, other)).input)).toContain('"arn:aws-us-gov:s3"');
  });

  it('is told to people where the set would be too large', () => {
    expect(fixOf(check, selecting(...Array.from({ length: 5 }, () => basic('All'))))).toMatchObject({ kind: 'manual' });
    const ARNs = Array.from({ length: 497 }, (_, at) => `arn:aws:s3:::bucket-${at}/`);
    const full = { ...management, FieldSelectors: [{ Field: 'resources.ARN', StartsWith: ARNs }] };
    expect(fixOf(check, choosing(full))).toMatchObject({ kind: 'manual' });
  });

  it('is blocked where the account has no logging trail of its own', () => {
    const half = memberUnder({ selectors: { EventSelectors: [basic('All')] } });
    expect(findingOf(check, half)).toMatchObject({ verdict: 'fail', fix: 'none' });
    expect(fixOf(check, half)).toMatchObject({ kind: 'blocked', by: 'trail/account-covered' });
  });
});
