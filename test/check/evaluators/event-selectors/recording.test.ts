import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversData } from '../../../../src/check/evaluators/event-selectors/data.ts';
import { wouldRecord } from '../../../../src/check/evaluators/event-selectors/match.ts';
import { recorded, recordsAllManagement } from '../../../../src/check/evaluators/event-selectors/recording.ts';
import type { FieldSelector, TrailSelectors } from '../../../../src/check/evaluators/event-selectors/types.ts';
import { managementEvents, objectEvents, selectorSets } from '../arbitraries.ts';

const KMS = 'kms.amazonaws.com';
const RDS = 'rdsdata.amazonaws.com';

const advanced = (...selectors: readonly (readonly FieldSelector[])[]): TrailSelectors => ({
  advancedEventSelectors: selectors.map((FieldSelectors) => ({ Name: 'any name', FieldSelectors })),
});
const management = (...more: readonly FieldSelector[]) => [{ Field: 'eventCategory', Equals: ['Management'] }, ...more];
const readOnly = (value: string): FieldSelector => ({ Field: 'readOnly', Equals: [value] });
const without = (...sources: string[]): FieldSelector => ({ Field: 'eventSource', NotEquals: sources });

describe('management events', () => {
  const all = { covered: 'all' };
  const none = { covered: 'none' };
  const excluded = (...excludedSources: string[]) => ({ covered: 'excluded', excludedSources });
  it.each<[string, TrailSelectors, unknown, unknown]>([
    ['no selectors: the default', {}, all, all],
    ['basic All', { eventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] }, all, all],
    ['basic ReadOnly', { eventSelectors: [{ ReadWriteType: 'ReadOnly' }] }, all, none],
    ['basic WriteOnly', { eventSelectors: [{ ReadWriteType: 'WriteOnly' }] }, none, all],
    [
      'basic without management',
      { eventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: false }] },
      none,
      none,
    ],
    [
      'basic read and write selectors together',
      {
        eventSelectors: [
          { ReadWriteType: 'ReadOnly', ExcludeManagementEventSources: [KMS] },
          { ReadWriteType: 'WriteOnly' },
        ],
      },
      excluded(KMS),
      all,
    ],
    [
      'one basic selector leaves KMS out, another takes it in',
      { eventSelectors: [{ ExcludeManagementEventSources: [KMS, RDS] }, { ExcludeManagementEventSources: [RDS] }] },
      excluded(RDS),
      excluded(RDS),
    ],
    ['advanced, whole', advanced(management()), all, all],
    ['advanced, reads alone', advanced(management(readOnly('true'))), all, none],
    ['advanced, writes alone', advanced(management(readOnly('false'))), none, all],
    [
      'advanced, reads and writes apart',
      advanced(management(readOnly('true'), without(KMS)), management(readOnly('false'))),
      excluded(KMS),
      all,
    ],
    ['advanced without KMS and RDS', advanced(management(without(RDS, KMS))), excluded(KMS, RDS), excluded(KMS, RDS)],
    [
      'advanced, data only, though named as management',
      advanced([{ Field: 'eventCategory', Equals: ['Data'] }]),
      none,
      none,
    ],
    [
      'advanced, some event names only',
      advanced(management({ Field: 'eventName', Equals: ['CreateTrail'] })),
      { covered: 'partly', why: ['narrowed by eventName'] },
      { covered: 'partly', why: ['narrowed by eventName'] },
    ],
  ])('%s', (_, selectors, read, write) => {
    expect(recorded(selectors).management).toEqual({ read, write });
  });

  it('several trails together: what one leaves out another may take in', () => {
    const together = recorded(advanced(management(without(KMS))), advanced(management(without(RDS))));
    expect(together.management).toEqual({ read: all, write: all });
    expect(recordsAllManagement(recorded(advanced(management(without(KMS)))))).toBe(true);
    expect(recordsAllManagement(recorded(advanced(management(readOnly('true')))))).toBe(false);
  });
});

describe('data events', () => {
  const LOG = 'arn:aws:s3:::log';
  const object = (mode: string | undefined, ...more: readonly FieldSelector[]): readonly FieldSelector[] => [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
    ...(mode === undefined ? [] : [readOnly(mode)]),
    ...more,
  ];
  const basic = (ReadWriteType: string, ...Values: string[]): TrailSelectors => ({
    eventSelectors: [{ ReadWriteType, DataResources: [{ Type: 'AWS::S3::Object', Values }] }],
  });
  const arn = (operators: Omit<FieldSelector, 'Field'>): FieldSelector => ({ Field: 'resources.ARN', ...operators });

  it.each<[string, TrailSelectors, string, readonly string[], string]>([
    ['default set', {}, 'all', [], 'none'],
    ['basic, all of S3', basic('All', 'arn:aws:s3'), 'all', [], 'all'],
    ['basic, the older form', basic('WriteOnly', 'arn:aws-cn:s3:::'), 'all', [], 'all'],
    ['basic, reads alone', basic('ReadOnly', 'arn:aws:s3'), 'all', [], 'none'],
    ['basic, one bucket', basic('All', 'arn:aws:s3:::name/'), 'all', [], 'partly'],
    ['basic, that bucket', basic('All', 'arn:aws:s3:::name/'), 'arn:aws:s3:::name', [], 'all'],
    ['basic, a bucket whose name begins alike', basic('All', 'arn:aws:s3:::name/'), 'arn:aws:s3:::name-2', [], 'none'],
    ['basic, without the slash', basic('All', 'arn:aws:s3:::name'), 'arn:aws:s3:::name-2', [], 'none'],
    ['basic, a folder', basic('All', 'arn:aws:s3:::name/a/'), 'arn:aws:s3:::name', [], 'partly'],
    ['basic, no values', basic('All'), 'all', [], 'none'],
    ['advanced, both modes', advanced(object(undefined)), 'all', [], 'all'],
    ['advanced, writes', advanced(object('false')), 'all', [], 'all'],
    ['advanced, reads', advanced(object('true')), 'all', [], 'none'],
    [
      'advanced, some buckets',
      advanced(object('false', arn({ StartsWith: ['arn:aws:s3:::a/'] }))),
      'all',
      [],
      'partly',
    ],
    [
      'advanced, of these the one asked for',
      advanced(object('false', arn({ StartsWith: ['arn:aws:s3:::a/'] }))),
      'arn:aws:s3:::a',
      [],
      'all',
    ],
    [
      'advanced, all but the log bucket',
      advanced(object('false', arn({ NotStartsWith: [`${LOG}/`] }))),
      'all',
      [LOG],
      'all',
    ],
    [
      'advanced, all but a bucket that is not exempt',
      advanced(object('false', arn({ NotStartsWith: [`${LOG}/`] }))),
      'all',
      [],
      'partly',
    ],
    [
      'advanced, the left-out bucket itself',
      advanced(object('false', arn({ NotStartsWith: [`${LOG}/`] }))),
      LOG,
      [],
      'none',
    ],
    [
      'advanced, leaving out names that begin alike',
      advanced(object('false', arn({ NotStartsWith: [LOG] }))),
      'all',
      [LOG],
      'partly',
    ],
    [
      'advanced, what one leaves out the other takes in',
      advanced(object('false', arn({ NotStartsWith: [`${LOG}/`] })), object('false', arn({ StartsWith: [LOG] }))),
      'all',
      [],
      'all',
    ],
    [
      'narrowed by event name',
      advanced(object('false', { Field: 'eventName', Equals: ['DeleteObject'] })),
      'all',
      [],
      'partly',
    ],
    [
      'narrowed by caller',
      advanced(object('false', { Field: 'userIdentity.arn', NotEquals: ['x'] })),
      'all',
      [],
      'partly',
    ],
    ['a list of objects', advanced(object('false', arn({ Equals: [`${LOG}/a`] }))), 'all', [], 'partly'],
    ['an ending', advanced(object('false', arn({ NotEndsWith: ['.tmp'] }))), 'all', [], 'partly'],
    [
      'another type',
      advanced([
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: ['AWS::S3Express::Object'] },
      ]),
      'all',
      [],
      'none',
    ],
  ])('%s', (_, selectors, resource, exempt, expected) => {
    const question = { type: 'AWS::S3::Object', mode: 'write', resource, exempt } as const;
    expect(coversData(recorded(selectors), question).covered).toBe(expected);
  });

  it('says how a selector is narrowed', () => {
    const selectors = advanced(
      object(
        'false',
        { Field: 'eventName', Equals: ['PutObject'] },
        arn({ NotStartsWith: [`${LOG}/`, 'arn:aws:s3:::x/'] }),
      ),
    );
    expect(
      coversData(recorded(selectors), { type: 'AWS::S3::Object', mode: 'write', resource: 'all', exempt: [LOG] }),
    ).toEqual({ covered: 'partly', why: ['leaves out arn:aws:s3:::x/', 'narrowed by eventName'] });
  });

  it.each([
    ['arn:aws:lambda', 'all', 'all'],
    ['arn:aws:lambda:eu-west-1:111111111111:function:f', 'all', 'partly'],
    ['arn:aws:lambda:eu-west-1:111111111111:function:f', 'arn:aws:lambda:eu-west-1:111111111111:function:f', 'all'],
    ['arn:aws:lambda:eu-west-1:111111111111:function:f', 'arn:aws:lambda:eu-west-1:111111111111:function:f2', 'none'],
  ])('Lambda functions: %s for %s', (value, resource, expected) => {
    const selectors = { eventSelectors: [{ DataResources: [{ Type: 'AWS::Lambda::Function', Values: [value] }] }] };
    expect(coversData(recorded(selectors), { type: 'AWS::Lambda::Function', mode: 'write', resource }).covered).toBe(
      expected,
    );
  });
});

describe('the verdicts agree with single events', () => {
  it('management events', () => {
    fc.assert(
      fc.property(selectorSets, managementEvents, (selectors, event) => {
        const coverage = recorded(selectors).management[event.readOnly ? 'read' : 'write'];
        const out = coverage.covered === 'excluded' && coverage.excludedSources.includes(event.source);
        expect(wouldRecord(selectors, event)).toBe(coverage.covered !== 'none' && !out);
      }),
    );
  });

  it('S3 objects: all means every event outside the exempt buckets, none means none', () => {
    const where = fc.constantFrom('all', 'arn:aws:s3:::log', 'arn:aws:s3:::data');
    fc.assert(
      fc.property(selectorSets, objectEvents, where, fc.boolean(), (selectors, event, resource, exempting) => {
        const exempt = exempting ? ['arn:aws:s3:::log'] : [];
        const mode = event.readOnly ? 'read' : 'write';
        const { covered } = coversData(recorded(selectors), { type: 'AWS::S3::Object', mode, resource, exempt });
        const asked = resource === 'all' || event.resourceArn?.startsWith(`${resource}/`);
        const mayMiss = exempt.some((bucket) => event.resourceArn?.startsWith(`${bucket}/`));
        if (covered === 'all' && asked && !mayMiss) expect(wouldRecord(selectors, event)).toBe(true);
        if (covered === 'none' && asked) expect(wouldRecord(selectors, event)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
