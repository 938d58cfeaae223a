import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/management-events.ts';
import type { JsonObject, Snapshot, TrailSelectors } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  emptySnapshot,
  failed,
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
  ['IncludeManagementEvents false: fail even if ReadWriteType is All', () => selecting(basic('All', false)), 'fail'],
  [
    'Selectors of one trail are a union: one read selector and one write selector together cover both',
    () => selecting(basic('ReadOnly'), basic('WriteOnly')),
    'pass',
  ],
  [
    'Advanced selectors are judged by their fields; the name of a selector means nothing',
    () => choosing({ ...data, Name: 'Management events' }),
    'fail',
  ],
  [
    'Trail without any selector set: the default applies, all management events, no data events',
    () => accountWith({ selectors: {} }),
    'pass',
  ],
  ['no selectors at all', () => accountWith({ selectors: absent('none') }), 'pass'],
  [
    'kms or rdsdata excluded: pass here, trail/no-excluded-sources fails',
    () =>
      selecting(basic('All', true, { ExcludeManagementEventSources: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] })),
    'pass',
  ],
  [
    'Account with no covering trail: fail, with trail/account-covered as the cause, so that a report shows one line',
    () => emptySnapshot(),
    'fail',
    { cause: 'trail/account-covered', fix: 'none' },
  ],
  [
    'Trail configured in full but stopped: counts for nothing',
    () => accountWith({ status: { IsLogging: false } }),
    'fail',
    { cause: 'trail/account-covered' },
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'AccessDenied on GetEventSelectors: unknown, naming cloudtrail:GetEventSelectors',
    () => accountWith({ selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
];

describe('trail/management-events', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Basic selector with ReadWriteType All and IncludeManagementEvents: pass; ReadOnly or WriteOnly alone: fail', () => {
    expect(findingOf(check, selecting(basic('All'))).verdict).toBe('pass');
    const lacking = (kind: string) => ({ verdict: 'fail', reason: `No trail records ${kind} management events.` });
    expect(findingOf(check, selecting(basic('ReadOnly')))).toMatchObject(lacking('write'));
    expect(findingOf(check, selecting(basic('WriteOnly')))).toMatchObject(lacking('read'));
  });

  it.each(['true', 'false'])('Advanced management selector with readOnly true or false alone: fail (%s)', (value) => {
    expect(findingOf(check, choosing(management({ readOnly: { Equals: [value] } }))).verdict).toBe('fail');
  });

  it('TrailNotFound or CloudTrailARNInvalid from a member on an organization trail: inherit, never fail', () => {
    // Nobody asks from the member: the trail is read at its owner, and what it answers there stands for the member.
    const { account, inheritedFrom, verdict } = findingOf(check, memberUnder({}));
    expect({ account, inheritedFrom, verdict }).toEqual({
      account: ACCOUNT,
      inheritedFrom: ORGANIZATION_TRAIL,
      verdict: 'pass',
    });
    const lost = failed('cloudtrail:GetEventSelectors', MANAGEMENT, 'CloudTrailARNInvalidException');
    expect(findingOf(check, memberUnder({ selectors: lost })).verdict).toBe('unknown');
  });

  it('Reads on one trail and writes on another: fail with the note that together they cover, pass with allow_split', () => {
    const reads = { name: 'reads', selectors: { EventSelectors: [basic('ReadOnly')] } };
    const writes = { name: 'writes', selectors: { EventSelectors: [basic('WriteOnly')] } };
    const settings = { allow_split: true };
    expect(findingOf(check, accountWith(reads, writes))).toMatchObject({
      verdict: 'fail',
      notes: ['Together the trails record both.'],
    });
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
