import { describe, expect, it } from 'vitest';
import check from '../../../checks/data-events/lambda.ts';
import type { JsonObject, TrailSelectors } from '../../../src/snapshot/types.ts';
import { ACCOUNT, ARCHIVE, TRAIL_ARN } from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, basic, memberUnder, ORGANIZATION_TRAIL } from '../trail/support.ts';
import { type Case, choosing, data, management, resources, selecting, uncovered, unread } from './support.ts';

const TYPE = 'AWS::Lambda::Function';
const arnOf = (name: string, account = ACCOUNT) => `arn:aws:lambda:us-east-1:${account}:function:${name}`;
const functions = (...Values: string[]) => resources(TYPE, Values);

const cases: Case[] = [
  ['Basic value arn:<partition>:lambda: pass for all functions', () => selecting(functions('arn:aws:lambda')), 'pass'],
  [
    'Advanced Data selector for AWS::Lambda::Function without ARN narrowing: pass',
    () => choosing(management, data(TYPE)),
    'pass',
  ],
  ['writes alone: an invocation is one', () => choosing(data(TYPE, { readOnly: { Equals: ['false'] } })), 'pass'],
  ['reads alone', () => choosing(data(TYPE, { readOnly: { Equals: ['true'] } })), 'fail'],
  [
    'Listed functions only, functions asks for all: fail',
    () => selecting(functions(arnOf('pay'), arnOf('ship'))),
    'fail',
    { fix: 'auto-second-approver', risk: 'cost' },
  ],
  [
    'listed functions that are asked for',
    () => selecting(functions(arnOf('pay'))),
    'pass',
    {},
    { functions: [arnOf('pay')] },
  ],
  ['another one is asked for', () => selecting(functions(arnOf('pay'))), 'fail', {}, { functions: [arnOf('pay-2')] }],
  [
    'functions of other accounts are asked for there',
    () => selecting(basic('All')),
    'not-applicable',
    {},
    { functions: [arnOf('pay', ARCHIVE)] },
  ],
  [
    'Selector narrowed by eventName, by userIdentity.arn or by a list of ARNs: covers only that part, not "all" (eventName)',
    () => choosing(data(TYPE, { eventName: { Equals: ['Invoke'] } })),
    'fail',
  ],
  [
    'Selector narrowed by eventName, by userIdentity.arn or by a list of ARNs: covers only that part, not "all" (caller)',
    () => choosing(data(TYPE, { 'userIdentity.arn': { NotEquals: ['arn:aws:iam::1:role/a'] } })),
    'fail',
  ],
  [
    'Selector narrowed by eventName, by userIdentity.arn or by a list of ARNs: covers only that part, not "all" (ARNs)',
    () => choosing(data(TYPE, { 'resources.ARN': { Equals: [arnOf('pay')] } })),
    'fail',
  ],
  [
    'Advanced selectors are judged by their fields; the name of a selector means nothing',
    () => choosing({ ...management, Name: 'Lambda' }),
    'fail',
  ],
  ['no selector ever put', () => accountWith({ selectors: {} }), 'fail'],
  [
    'members inherit the pass',
    () => memberUnder({ selectors: { EventSelectors: [functions('arn:aws:lambda')] } }),
    'pass',
    { inheritedFrom: ORGANIZATION_TRAIL },
  ],
  ...uncovered,
  ...unread,
];

describe('data-events/lambda', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });

  it('takes ARNs of functions and nothing else', () => {
    expect(check.settings.safeParse({ functions: ['pay'] }).success).toBe(false);
  });
});

describe('plan of data-events/lambda', () => {
  const reads = basic('ReadOnly', true);

  it.each<[string, TrailSelectors, JsonObject, JsonObject]>([
    [
      'advanced selectors get one more',
      { AdvancedEventSelectors: [management] },
      {},
      {
        AdvancedEventSelectors: [
          management,
          {
            FieldSelectors: [
              { Field: 'eventCategory', Equals: ['Data'] },
              { Field: 'resources.type', Equals: [TYPE] },
            ],
          },
        ],
      },
    ],
    [
      'of listed functions only those that are missing, with their versions',
      { AdvancedEventSelectors: [data(TYPE, { 'resources.ARN': { Equals: [arnOf('pay')] } })] },
      { functions: [arnOf('pay'), arnOf('ship')] },
      {
        AdvancedEventSelectors: [
          data(TYPE, { 'resources.ARN': { Equals: [arnOf('pay')] } }),
          {
            FieldSelectors: [
              { Field: 'eventCategory', Equals: ['Data'] },
              { Field: 'resources.type', Equals: [TYPE] },
              { Field: 'resources.ARN', Equals: [arnOf('ship')], StartsWith: [`${arnOf('ship')}:`] },
            ],
          },
        ],
      },
    ],
    [
      'basic selectors stay basic, the others as they were read',
      { EventSelectors: [reads] },
      {},
      {
        EventSelectors: [
          reads,
          {
            ReadWriteType: 'All',
            IncludeManagementEvents: false,
            DataResources: [{ Type: TYPE, Values: ['arn:aws:lambda'] }],
          },
        ],
      },
    ],
  ])('puts the whole set: %s', (_name, selectors, settings, after) => {
    expect(onlyChange(planOf(check, accountWith({ selectors }), { settings }))).toMatchObject({
      operation: 'cloudtrail:PutEventSelectors',
      input: { TrailName: TRAIL_ARN, ...after },
      undo: { input: { TrailName: TRAIL_ARN, ...selectors }, automatic: true },
    });
  });

  it('writes no value that PutEventSelectors refuses, and the partition of the caller', () => {
    const other = { ...selecting(basic('All')), partition: 'aws-cn' };
    const text = JSON.stringify(onlyChange(planOf(check, other)).input);
    expect(text).toContain('"arn:aws-cn:lambda"');
    expect(text).not.toContain('lambda:*');
  });

  it('is told to people where the set would be too large', () => {
    const full = Array.from({ length: 5 }, () => basic('ReadOnly'));
    expect(fixOf(check, selecting(...full))).toMatchObject({ kind: 'manual' });
  });
});
