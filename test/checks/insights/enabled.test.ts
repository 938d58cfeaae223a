import { describe, expect, it } from 'vitest';
import check from '../../../checks/insights/enabled.ts';
import managementEvents from '../../../checks/trail/management-events.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  emptySnapshot,
  MANAGEMENT,
  TRAIL_ARN,
  withInsights,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { data } from '../data-events/support.ts';
import { accountWith, basic, memberUnder, memberUnderUnknown, ORGANIZATION_TRAIL } from '../trail/support.ts';

const CALLS = 'ApiCallRateInsight';
const ERRORS = 'ApiErrorRateInsight';
const insight = (InsightType: string, EventCategories = ['Management']) => ({ InsightType, EventCategories });
const off = absent('InsightNotEnabledException');
const readsOnly = { selectors: { EventSelectors: [basic('ReadOnly')] } };

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  ['both types', () => accountWith({}), 'pass'],
  [
    'InsightNotEnabledException means off, not an error',
    () => withInsights(accountWith({}), { selectors: off }),
    'fail',
    { fix: 'auto-second-approver', risk: 'cost' },
  ],
  [
    'HasInsightSelectors false: GetInsightSelectors is not called',
    () => accountWith({ HasInsightSelectors: false, insights: denied('cloudtrail:GetInsightSelectors', ACCOUNT) }),
    'fail',
  ],
  [
    'Call rate on a trail that records no write management events: fail, it can never fire',
    () => accountWith(readsOnly),
    'fail',
    { reason: expect.stringContaining('write management') },
  ],
  ['errors of reads alone', () => accountWith(readsOnly), 'pass', {}, { types: [ERRORS] }],
  [
    'no management events at all',
    () => accountWith({ selectors: { AdvancedEventSelectors: [data('AWS::S3::Object')] } }),
    'fail',
    {},
    { types: [ERRORS] },
  ],
  [
    'Only one of the two types: fail, naming the other',
    () => accountWith({ insights: [insight(CALLS)] }),
    'fail',
    { reason: expect.stringContaining(ERRORS) },
  ],
  [
    'only the type that is asked for',
    () => accountWith({ insights: [insight(CALLS)] }),
    'pass',
    {},
    { types: [CALLS] },
  ],
  [
    'Categories missing in an older answer: Management',
    () => accountWith({ insights: [insight(CALLS, []), insight(ERRORS, [])] }),
    'pass',
  ],
  [
    'data events asked for and not looked at',
    () => accountWith({}),
    'fail',
    { reason: expect.stringContaining('(Data)') },
    { categories: ['Management', 'Data'] },
  ],
  [
    'data events asked for and not recorded',
    () => accountWith({ selectors: { EventSelectors: [basic('All')] }, insights: [insight(CALLS, ['Data'])] }),
    'fail',
    { reason: expect.stringContaining('no data events') },
    { types: [CALLS], categories: ['Data'] },
  ],
  ['no selector ever put: all management events', () => accountWith({ selectors: {} }), 'pass'],
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
  ['member under an organization trail', () => memberUnder({}), 'pass', { inheritedFrom: ORGANIZATION_TRAIL }],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'AccessDenied on GetInsightSelectors: unknown, naming cloudtrail:GetInsightSelectors',
    () => accountWith({ HasInsightSelectors: true, insights: denied('cloudtrail:GetInsightSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetInsightSelectors' },
  ],
  [
    'AccessDenied on GetEventSelectors',
    () => accountWith({ selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
];

describe('insights/enabled', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });

  it('Shadow copy in another region: no finding of its own; the trail is judged once, under its ARN and home region', () => {
    // Shadows are listed under the ARN of the trail, which is read once.
    const shadowed = withTrail(accountWith({}), {});
    expect(findingsOf(check, shadowed)).toMatchObject([{ verdict: 'pass', evidence: { trail: TRAIL_ARN } }]);
  });
});

describe('plan of insights/enabled', () => {
  it.each<[string, Parameters<typeof accountWith>[0], JsonObject, unknown, unknown]>([
    ['both where there were none', { insights: off }, {}, [insight(CALLS), insight(ERRORS)], []],
    [
      'the present ones and the missing one',
      { insights: [insight(ERRORS, ['Data'])] },
      { types: [CALLS] },
      [insight(ERRORS, ['Data']), insight(CALLS)],
      [insight(ERRORS, ['Data'])],
    ],
    [
      'the present categories and the missing one',
      { insights: [insight(CALLS, ['Data'])] },
      { types: [CALLS] },
      [insight(CALLS, ['Data', 'Management'])],
      [insight(CALLS, ['Data'])],
    ],
  ])('puts the whole list: %s', (_name, trail, settings, InsightSelectors, saved) => {
    const plan = planOf(check, accountWith(trail), { settings });
    expect(onlyChange(plan)).toMatchObject({
      operation: 'cloudtrail:PutInsightSelectors',
      account: ACCOUNT,
      input: { TrailName: TRAIL_ARN, InsightSelectors },
      target: `trail.insights:${TRAIL_ARN}`,
      undo: { operation: 'cloudtrail:PutInsightSelectors', input: { TrailName: TRAIL_ARN, InsightSelectors: saved } },
    });
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', reversible: 'yes' });
  });

  it('expects Insights to be off where they are', () => {
    expect(onlyChange(planOf(check, accountWith({ insights: off })))).toMatchObject({
      expect: null,
      result: { [CALLS]: ['Management'], [ERRORS]: ['Management'] },
    });
  });

  it('plans the missing write management events before it', () => {
    const plan = planOf(check, accountWith({ ...readsOnly, insights: off }), { with: [managementEvents] });
    expect(plan.changes.map(({ operation }) => operation)).toEqual([
      'cloudtrail:PutEventSelectors',
      'cloudtrail:PutInsightSelectors',
    ]);
  });

  it('is blocked where the trail would never fire', () => {
    expect(fixOf(check, accountWith({ ...readsOnly, insights: off }))).toMatchObject({
      kind: 'blocked',
      by: 'trail/management-events',
    });
  });

  it('is blocked where the account has no logging trail of its own', () => {
    const off = withInsights(memberUnder({}), {
      trail: ORGANIZATION_TRAIL,
      selectors: absent('InsightNotEnabledException'),
    });
    expect(fixOf(check, off)).toMatchObject({ kind: 'blocked', by: 'trail/account-covered' });
  });
});
