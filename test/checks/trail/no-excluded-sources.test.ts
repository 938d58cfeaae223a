import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/no-excluded-sources.ts';
import type { JsonObject, Snapshot, TrailSelectors } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  denied,
  emptySnapshot,
  healthySnapshot,
  MANAGEMENT,
  TRAIL_ARN,
  withLogGroup,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import {
  accountWith,
  advanced,
  basic,
  listingDenied,
  memberUnder,
  memberUnderUnknown,
  ORGANIZATION_TRAIL,
  type TrailOptions,
} from './support.ts';

const KMS = 'kms.amazonaws.com';
const RDS = 'rdsdata.amazonaws.com';
const KEY_DELETION =
  '{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }';

const without = (...sources: string[]): TrailOptions => ({
  selectors: { EventSelectors: [basic('All', true, { ExcludeManagementEventSources: sources })] },
});
const choosing = (...AdvancedEventSelectors: JsonObject[]): TrailOptions => ({ selectors: { AdvancedEventSelectors } });
const management = (fields = {}) => advanced({ eventCategory: { Equals: ['Management'] }, ...fields }, 'management');
const data = advanced({ eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: ['AWS::S3::Object'] } });
const kmsInReads: TrailSelectors = {
  EventSelectors: [basic('ReadOnly', true, { ExcludeManagementEventSources: [KMS] }), basic('WriteOnly')],
};

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['nothing is left out', healthySnapshot, 'pass'],
  [
    'Basic ExcludeManagementEventSources with kms: fail',
    () => accountWith(without(KMS)),
    'fail',
    {
      fix: 'auto-second-approver',
      risk: 'cost',
      evidence: { excluded: { read: [KMS], write: [KMS] } },
      reason: `The trails leave out read and write events of ${KMS}.`,
    },
  ],
  [
    'Advanced eventSource NotEquals kms or rdsdata: fail',
    () => accountWith(choosing(management({ eventSource: { NotEquals: [KMS, RDS] } }), data)),
    'fail',
    { evidence: { excluded: { read: [KMS, RDS], write: [KMS, RDS] } } },
  ],
  ['One trail excludes KMS, another records it: pass', () => accountWith(without(KMS), { name: 'b' }), 'pass'],
  [
    'two trails that leave out different sources',
    () => accountWith(without(KMS), { ...without(RDS), name: 'b' }),
    'pass',
  ],
  [
    'another trail records it in one region only',
    () => accountWith(without(KMS), { name: 'b', IsMultiRegionTrail: false }),
    'fail',
  ],
  [
    'Excluded in the read selector only: fail for reads, the finding says that writes are kept',
    () => accountWith({ selectors: kmsInReads }),
    'fail',
    { reason: `The trails leave out read events of ${KMS}. Their write events are kept.` },
  ],
  [
    'reads are not recorded at all, which is another matter',
    () => accountWith({ selectors: { EventSelectors: [basic('WriteOnly')] } }),
    'pass',
  ],
  [
    'Account with no trail at all: not-applicable here, trail/account-covered fails',
    () => emptySnapshot(),
    'not-applicable',
    { cause: 'trail/account-covered' },
  ],
  [
    'Trail configured in full but stopped: counts for nothing',
    () => accountWith({ status: { IsLogging: false } }, { ...without(KMS), name: 'b' }),
    'fail',
  ],
  [
    'Trail without any selector set: the default applies, all management events, no data events',
    () => accountWith({ selectors: {} }),
    'pass',
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'AccessDenied on GetEventSelectors: unknown, naming cloudtrail:GetEventSelectors',
    () => accountWith({ selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }, { ...without(KMS), name: 'b' }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
  ['DescribeTrails denied', () => listingDenied(), 'unknown', { missingPermission: 'cloudtrail:DescribeTrails' }],
  [
    'a member inherits the failure, without a fix',
    () => memberUnder(without(KMS)),
    'fail',
    { inheritedFrom: ORGANIZATION_TRAIL, fix: 'none' },
  ],
];

describe('trail/no-excluded-sources', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Environment whose settings allow kms (pre-production): pass, with the allowance as evidence', () => {
    const settings = { allowed: [KMS] };
    expect(findingOf(check, accountWith(without(KMS)), { settings })).toMatchObject({
      verdict: 'pass',
      evidence: { allowed: [KMS] },
    });
    expect(findingOf(check, accountWith(without(KMS, RDS)), { settings })).toMatchObject({
      verdict: 'fail',
      evidence: { excluded: { read: [RDS], write: [RDS] } },
    });
  });

  it('Exclusion and alarm/key-deletion both present: the finding names the dead alarm', () => {
    const filters = { 'key-deletion': KEY_DELETION, everything: '{ $.eventName = * }' };
    const alarmed = (trail: TrailOptions) => withLogGroup(accountWith(trail), { filters });
    expect(findingOf(check, alarmed(without(KMS))).notes).toEqual([
      'These alarms wait for such events and never hear of them: key-deletion.',
    ]);
    expect(findingOf(check, alarmed(without(RDS))).notes).toEqual([]);
    // Both events are writes.
    expect(findingOf(check, alarmed({ selectors: kmsInReads })).notes).toEqual([]);
  });
});

describe('plan of trail/no-excluded-sources', () => {
  const lambda = { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] };

  it.each<[string, TrailSelectors, TrailSelectors]>([
    [
      'basic selectors, the data resources as they were',
      {
        EventSelectors: [
          basic('All', true, { ExcludeManagementEventSources: [KMS, RDS], DataResources: [lambda] }),
          basic('ReadOnly', false, { DataResources: [lambda] }),
        ],
      },
      {
        EventSelectors: [
          basic('All', true, { ExcludeManagementEventSources: [], DataResources: [lambda] }),
          basic('ReadOnly', false, { DataResources: [lambda] }),
        ],
      },
    ],
    [
      'reads alone, the writes as they were',
      kmsInReads,
      { EventSelectors: [basic('ReadOnly', true, { ExcludeManagementEventSources: [] }), basic('WriteOnly')] },
    ],
    [
      'advanced selectors, the data selector as it was',
      { AdvancedEventSelectors: [management({ eventSource: { NotEquals: [KMS, RDS] } }), data] },
      { AdvancedEventSelectors: [management(), data] },
    ],
  ])('puts the whole set: %s', (_name, selectors, after) => {
    const plan = planOf(check, accountWith({ selectors }));
    const change = onlyChange(plan);
    expect(change).toMatchObject({
      operation: 'cloudtrail:PutEventSelectors',
      input: { TrailName: TRAIL_ARN, ...after },
      undo: {
        operation: 'cloudtrail:PutEventSelectors',
        input: { TrailName: TRAIL_ARN, ...selectors },
        automatic: true,
      },
    });
    expect(Object.keys(change.input)).toHaveLength(2);
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', reversible: 'yes' });
    expect(plan.warnings).toHaveLength(1);
  });

  it('leaves out what is allowed to be left out', () => {
    const plan = planOf(check, accountWith(without(KMS, RDS)), { settings: { allowed: [KMS] } });
    expect(onlyChange(plan).input.EventSelectors).toMatchObject([{ ExcludeManagementEventSources: [KMS] }]);
  });

  it('mends a multi-region trail before the others', () => {
    const snapshot = accountWith(
      { ...without(KMS), name: 'regional', IsMultiRegionTrail: false },
      { ...without(KMS), name: 'wide' },
    );
    expect(onlyChange(planOf(check, snapshot)).resource).toContain('trail/wide');
  });

  it('is for the owner of the trail where no own trail leaves them out', () => {
    const snapshot = memberUnder(without(KMS), { selectors: { EventSelectors: [basic('ReadOnly', false)] } });
    expect(fixOf(check, snapshot)).toMatchObject({ kind: 'blocked' });
  });
});
