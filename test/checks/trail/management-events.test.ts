import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/management-events.ts';
import type { JsonObject, Snapshot, TrailSelectors } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  emptySnapshot,
  healthySnapshot,
  MANAGEMENT,
  TRAIL_ARN,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, advanced, basic, memberUnder, memberUnderUnknown, ORGANIZATION_TRAIL } from './support.ts';

const selecting = (...EventSelectors: JsonObject[]) => accountWith({ selectors: { EventSelectors } });
const choosing = (...AdvancedEventSelectors: JsonObject[]) => accountWith({ selectors: { AdvancedEventSelectors } });
const management = (more: { [field: string]: { [operator: string]: string[] } } = {}) =>
  advanced({ eventCategory: { Equals: ['Management'] }, ...more });
const data = advanced({ eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: ['AWS::Lambda::Function'] } });

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['all of them', healthySnapshot, 'pass'],
  ['basic selector with ReadWriteType All', () => selecting(basic('All')), 'pass'],
  [
    'ReadOnly alone',
    () => selecting(basic('ReadOnly')),
    'fail',
    { reason: 'No trail records write management events.' },
  ],
  [
    'WriteOnly alone',
    () => selecting(basic('WriteOnly')),
    'fail',
    { reason: 'No trail records read management events.' },
  ],
  ['IncludeManagementEvents false', () => selecting(basic('All', false)), 'fail'],
  ['selectors of one trail are a union', () => selecting(basic('ReadOnly'), basic('WriteOnly')), 'pass'],
  ['advanced selectors are judged by their fields', () => choosing({ ...data, Name: 'Management events' }), 'fail'],
  ['trail without any selector set: the default applies', () => accountWith({ selectors: {} }), 'pass'],
  ['no selectors at all', () => accountWith({ selectors: absent('none') }), 'pass'],
  ['advanced with readOnly true alone', () => choosing(management({ readOnly: { Equals: ['true'] } })), 'fail'],
  ['advanced with readOnly false alone', () => choosing(management({ readOnly: { Equals: ['false'] } })), 'fail'],
  [
    'kms or rdsdata excluded',
    () =>
      selecting(basic('All', true, { ExcludeManagementEventSources: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] })),
    'pass',
  ],
  [
    'reads on one trail and writes on another',
    () =>
      accountWith(
        { name: 'reads', selectors: { EventSelectors: [basic('ReadOnly')] } },
        { name: 'writes', selectors: { EventSelectors: [basic('WriteOnly')] } },
      ),
    'fail',
    { notes: ['Together the trails record both.'] },
  ],
  ['account with no covering trail', () => emptySnapshot(), 'fail', { cause: 'trail/account-covered', fix: 'none' }],
  [
    'configured in full but stopped',
    () => accountWith({ status: { IsLogging: false } }),
    'fail',
    { cause: 'trail/account-covered' },
  ],
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
  [
    'a member inherits from the organization trail',
    () => memberUnder({}),
    'pass',
    { inheritedFrom: ORGANIZATION_TRAIL },
  ],
];

describe('trail/management-events', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('lets two trails share the events with allow_split', () => {
    const reads = { name: 'reads', selectors: { EventSelectors: [basic('ReadOnly')] } };
    const writes = { name: 'writes', selectors: { EventSelectors: [basic('WriteOnly')] } };
    const settings = { allow_split: true };
    expect(findingOf(check, accountWith(reads, writes), { settings }).verdict).toBe('pass');
    expect(findingOf(check, accountWith(reads), { settings }).verdict).toBe('fail');
  });
});

describe('plan of trail/management-events', () => {
  const lambda = { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] };

  it.each<[string, TrailSelectors, JsonObject]>([
    [
      'basic selectors, the data resources as they were',
      { EventSelectors: [basic('WriteOnly'), basic('ReadOnly', false, { DataResources: [lambda] })] },
      { EventSelectors: [basic('All'), basic('ReadOnly', false, { DataResources: [lambda] })] },
    ],
    [
      'advanced selectors, the data selector as it was',
      { AdvancedEventSelectors: [management({ readOnly: { Equals: ['false'] } }), data] },
      { AdvancedEventSelectors: [management(), data] },
    ],
  ])('puts the whole set: %s', (_name, selectors, after) => {
    const plan = planOf(check, accountWith({ selectors }));
    const change = onlyChange(plan);
    expect(change).toMatchObject({
      operation: 'cloudtrail:PutEventSelectors',
      account: ACCOUNT,
      input: { TrailName: TRAIL_ARN, ...after },
      undo: {
        operation: 'cloudtrail:PutEventSelectors',
        input: { TrailName: TRAIL_ARN, ...selectors },
        automatic: true,
      },
    });
    expect(Object.keys(change.input)).toHaveLength(2);
    expect(plan).toMatchObject({ class: 'auto', risk: 'cost', reversible: 'yes', watchDelivery: [TRAIL_ARN] });
  });

  it('mends a trail of the account itself, a multi-region one before the others', () => {
    const half = { selectors: { EventSelectors: [basic('WriteOnly')] } };
    const snapshot = memberUnder(
      half,
      { ...half, name: 'regional', IsMultiRegionTrail: false },
      { ...half, name: 'wide' },
    );
    expect(onlyChange(planOf(check, snapshot)).resource).toBe(`arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/wide`);
  });

  it('says what to remove where the set would be too large', () => {
    const others = Array.from({ length: 5 }, () => basic('WriteOnly', false, { DataResources: [lambda] }));
    expect(fixOf(check, selecting(...others))).toMatchObject({ kind: 'manual' });
  });
});
