import { describe, expect, it } from 'vitest';
import check from '../../../checks/data-events/declared-types.ts';
import type { JsonObject } from '../../../src/snapshot/types.ts';
import { BUCKET, TRAIL_ARN } from '../../support/snapshot.ts';
import { findingOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, advanced, basic } from '../trail/support.ts';
import { type Case, choosing, data, management, resources, selecting, uncovered, unread } from './support.ts';

const TABLE = 'AWS::DynamoDB::Table';
const MODEL = 'AWS::Bedrock::Model';
const tables = { types: { [TABLE]: 'all' } };
const kms = { network_sources: ['kms.amazonaws.com'] };
const network = (more: Parameters<typeof advanced>[0] = {}) =>
  advanced({ eventCategory: { Equals: ['NetworkActivity'] }, eventSource: { Equals: ['kms.amazonaws.com'] }, ...more });
const denials = { errorCode: { Equals: ['VpceAccessDenied'] } };

const cases: Case[] = [
  ['Both lists empty: not-applicable', () => selecting(basic('All')), 'not-applicable'],
  [
    'Type that basic selectors know (DynamoDB) declared in basic form: pass',
    () => selecting(resources(TABLE, ['arn:aws:dynamodb'])),
    'pass',
    {},
    tables,
  ],
  [
    'Type asked for with writes only: readOnly false passes',
    () => choosing(data(MODEL, { readOnly: { Equals: ['false'] } })),
    'pass',
    {},
    { types: { [MODEL]: 'write' } },
  ],
  [
    'all asked for and writes only recorded',
    () => choosing(data(MODEL, { readOnly: { Equals: ['false'] } })),
    'fail',
    { evidence: expect.objectContaining({ missing: [MODEL] }), fix: 'auto-second-approver' },
    { types: { [MODEL]: 'all' } },
  ],
  [
    'Network source recorded with errorCode VpceAccessDenied only: pass when denied_only is true',
    () => choosing(management, network(denials)),
    'pass',
    {},
    kms,
  ],
  [
    'Network source recorded with errorCode VpceAccessDenied only: fail when denied_only is false',
    () => choosing(management, network(denials)),
    'fail',
    {},
    { ...kms, denied_only: false },
  ],
  ['network source recorded in full', () => choosing(network()), 'pass', {}, { ...kms, denied_only: false }],
  [
    'network source narrowed by something else',
    () => choosing(network({ vpcEndpointId: { Equals: ['vpce-1'] } })),
    'fail',
    {},
    kms,
  ],
  [
    'network source of which writes alone are recorded',
    () => choosing(network({ readOnly: { Equals: ['false'] } })),
    'fail',
    {},
    kms,
  ],
  [
    'one of two recorded: names the other',
    () => choosing(data(TABLE)),
    'fail',
    { reason: expect.stringContaining('kms') },
    { ...tables, ...kms },
  ],
  [
    'Selector narrowed by eventName, by userIdentity.arn or by a list of ARNs: covers only that part, not "all" (eventName)',
    () => choosing(data(TABLE, { eventName: { Equals: ['PutItem'] } })),
    'fail',
    {},
    tables,
  ],
  [
    'Selector narrowed by eventName, by userIdentity.arn or by a list of ARNs: covers only that part, not "all" (caller)',
    () => choosing(data(TABLE, { 'userIdentity.arn': { Equals: ['arn:aws:iam::1:role/a'] } })),
    'fail',
    {},
    tables,
  ],
  [
    'Selector narrowed by eventName, by userIdentity.arn or by a list of ARNs: covers only that part, not "all" (ARNs)',
    () => selecting(resources(TABLE, ['arn:aws:dynamodb:us-east-1:111111111111:table/orders'])),
    'fail',
    {},
    tables,
  ],
  [
    'Advanced selectors are judged by their fields; the name of a selector means nothing',
    () => choosing({ ...management, Name: TABLE }),
    'fail',
    {},
    tables,
  ],
  [
    'S3 objects but those in the log bucket',
    () => choosing(data('AWS::S3::Object', { 'resources.ARN': { NotStartsWith: [`arn:aws:s3:::${BUCKET}/`] } })),
    'pass',
    {},
    { types: { 'AWS::S3::Object': 'all' } },
  ],
  [
    'two trails, one for each',
    () =>
      accountWith(
        { selectors: { AdvancedEventSelectors: [data(TABLE)] } },
        { name: 'second', selectors: { AdvancedEventSelectors: [network()] } },
      ),
    'pass',
    {},
    { ...tables, ...kms },
  ],
  ...[...uncovered, ...unread].map(
    ([name, snapshot, verdict, more = {}]): Case => [name, snapshot, verdict, more, tables],
  ),
];

describe('data-events/declared-types', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });
});

describe('plan of data-events/declared-types', () => {
  const onTrail = (AdvancedEventSelectors: JsonObject[]) => ({ TrailName: TRAIL_ARN, AdvancedEventSelectors });
  const model = {
    FieldSelectors: [
      { Field: 'eventCategory', Equals: ['Data'] },
      { Field: 'resources.type', Equals: [MODEL] },
    ],
  };

  it('adds one advanced selector for each type and source, and leaves the others as they were read', () => {
    const plan = planOf(check, choosing(management, data(TABLE)), { settings: { types: { [MODEL]: 'all' }, ...kms } });
    expect(onlyChange(plan).input).toMatchObject(
      onTrail([
        management,
        data(TABLE),
        model,
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['NetworkActivity'] },
            { Field: 'eventSource', Equals: ['kms.amazonaws.com'] },
            { Field: 'errorCode', Equals: ['VpceAccessDenied'] },
          ],
        },
      ]),
    );
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost' });
  });

  it('leaves a set basic where basic selectors know the type', () => {
    const { input } = onlyChange(planOf(check, selecting(basic('ReadOnly')), { settings: tables }));
    expect(input).toMatchObject({
      EventSelectors: [
        basic('ReadOnly'),
        { ReadWriteType: 'All', DataResources: [{ Type: TABLE, Values: ['arn:aws:dynamodb'] }] },
      ],
    });
  });

  it('rewrites a basic set as the equivalent advanced one where it does not, and says so', () => {
    const before = basic('WriteOnly', true, {
      ExcludeManagementEventSources: ['kms.amazonaws.com'],
      DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::one/'] }],
    });
    const plan = planOf(check, selecting(before), { settings: { types: { [MODEL]: 'all' } } });
    const change = onlyChange(plan);
    expect(change.input).toMatchObject(
      onTrail([
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Management'] },
            { Field: 'readOnly', Equals: ['false'] },
            { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
          ],
        },
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Data'] },
            { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
            { Field: 'readOnly', Equals: ['false'] },
            { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::one/'] },
          ],
        },
        model,
      ]),
    );
    expect(change.undo?.input).toMatchObject({ EventSelectors: [before] });
    expect(plan.warnings).toContainEqual(expect.stringContaining('equivalent'));
  });
});
