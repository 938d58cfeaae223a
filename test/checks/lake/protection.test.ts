import { describe, expect, it } from 'vitest';
import check from '../../../checks/lake/protection.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  denied,
  emptySnapshot,
  MANAGEMENT,
  withAccount,
  withEventDataStore,
  withOrganization,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { advanced } from '../trail/support.ts';
import { storeWith } from './support.ts';

const management = (more: Parameters<typeof advanced>[0] = {}) =>
  advanced({ eventCategory: { Equals: ['Management'] }, ...more });
const objects = advanced({ eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: ['AWS::S3::Object'] } });
const of = (...AdvancedEventSelectors: JsonObject[]) => storeWith({ AdvancedEventSelectors });
const insights = [advanced({ eventCategory: { Equals: ['Insight'] } })];
/** A store of the management account of an organization, or of a member. */
const inOrganization = (owner: string, OrganizationEnabled: boolean) => {
  const accounts = withOrganization(
    emptySnapshot({
      accounts: [
        { id: ACCOUNT, inScope: owner === ACCOUNT },
        { id: MANAGEMENT, inScope: owner === MANAGEMENT },
      ],
    }),
  );
  return withEventDataStore(accounts, { owner, store: { OrganizationEnabled } });
};

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  ['protected, long kept, everything taken in', () => storeWith({}), 'pass'],
  [
    'No event data store: not-applicable; never advise to create one, CloudTrail Lake takes no new customers since 31 May 2026',
    () => emptySnapshot(),
    'not-applicable',
    { reason: 'The account has no event data store.' },
  ],
  [
    'PENDING_DELETION: fail, with the note that RestoreEventDataStore still works',
    () => storeWith({ Status: 'PENDING_DELETION' }),
    'fail',
    { notes: [expect.stringContaining('RestoreEventDataStore')] },
  ],
  [
    'STOPPED_INGESTION: fail',
    () => storeWith({ Status: 'STOPPED_INGESTION' }),
    'fail',
    { fix: 'auto-second-approver', risk: 'cost', severity: 'medium' },
  ],
  ['just starting', () => storeWith({ Status: 'STARTING_INGESTION' }), 'unknown'],
  ['no termination protection', () => storeWith({ TerminationProtectionEnabled: false }), 'fail'],
  ['kept too short', () => storeWith({ RetentionPeriod: 90 }), 'fail', { reason: expect.stringContaining('90 days') }],
  [
    'Retention longer than asked: pass',
    () => storeWith({ RetentionPeriod: 3653 }),
    'pass',
    {},
    { retention_days: 400 },
  ],
  ['one region', () => storeWith({ MultiRegionEnabled: false }), 'fail'],
  [
    'Store for Insights, Config items or outside events: judged for protection and retention only (pass)',
    () => storeWith({ AdvancedEventSelectors: insights, Status: 'STOPPED_INGESTION', MultiRegionEnabled: false }),
    'pass',
  ],
  [
    'Store for Insights, Config items or outside events: judged for protection and retention only (fail)',
    () => storeWith({ AdvancedEventSelectors: insights, TerminationProtectionEnabled: false }),
    'fail',
  ],
  ['Store of a member account: organization-wide not asked', () => inOrganization(ACCOUNT, false), 'pass'],
  ['store of the management account that leaves the organization out', () => inOrganization(MANAGEMENT, false), 'fail'],
  ['store of the management account for the whole organization', () => inOrganization(MANAGEMENT, true), 'pass'],
  [
    'an organization that could not be read',
    () =>
      withPart(storeWith({}), 'organization', 'organization', denied('organizations:DescribeOrganization', ACCOUNT)),
    'unknown',
    { missingPermission: 'organizations:DescribeOrganization' },
  ],
  [
    'Management selector with readOnly or eventSource: fail, naming the field (readOnly)',
    () => of(management({ readOnly: { Equals: ['false'] } })),
    'fail',
    { reason: expect.stringContaining('readOnly') },
  ],
  [
    'Management selector with readOnly or eventSource: fail, naming the field (eventSource)',
    () => of(management({ eventSource: { NotEquals: ['kms.amazonaws.com'] } })),
    'fail',
    { reason: expect.stringContaining('eventSource') },
  ],
  [
    'one selector for reads and one for writes',
    () => of(management({ readOnly: { Equals: ['false'] } }), management({ readOnly: { Equals: ['true'] } })),
    'pass',
  ],
  ['data events alone', () => of(objects), 'fail', { reason: expect.stringContaining('no management events') }],
  [
    'AccessDenied on ListEventDataStores: unknown, naming cloudtrail:ListEventDataStores',
    () =>
      withAccount(emptySnapshot(), {
        id: ACCOUNT,
        eventDataStores: { 'us-east-1': denied('cloudtrail:ListEventDataStores', ACCOUNT) },
      }),
    'unknown',
    { missingPermission: 'cloudtrail:ListEventDataStores' },
  ],
];

describe('lake/protection', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });

  it('Organization store seen from a member: inherited', () => {
    // One finding, at the owner; a member that sees it has nothing of its own to judge.
    const accounts = withOrganization(emptySnapshot({ accounts: [ACCOUNT, MANAGEMENT] }));
    const seen = withEventDataStore(accounts, {
      owner: MANAGEMENT,
      visibleIn: [ACCOUNT],
      store: { OrganizationEnabled: true },
    });
    expect(findingsOf(check, seen)).toMatchObject([{ account: MANAGEMENT, verdict: 'pass' }]);
  });
});

describe('plan of lake/protection', () => {
  it('sets what is wrong and nothing else, data selectors as they were read', () => {
    const narrowed = management({ readOnly: { Equals: ['false'] } });
    const snapshot = storeWith({
      TerminationProtectionEnabled: false,
      AdvancedEventSelectors: [objects, narrowed],
      RetentionPeriod: 90,
    });
    const plan = planOf(check, snapshot);
    const change = onlyChange(plan);
    const { EventDataStore, ...set } = change.input;
    expect(change.operation).toBe('cloudtrail:UpdateEventDataStore');
    expect(EventDataStore).toContain(':eventdatastore/');
    expect(set).toEqual({
      TerminationProtectionEnabled: true,
      RetentionPeriod: 365,
      AdvancedEventSelectors: [objects, management()],
    });
    expect(change.undo).toMatchObject({
      operation: 'cloudtrail:UpdateEventDataStore',
      input: { TerminationProtectionEnabled: false, AdvancedEventSelectors: [objects, narrowed] },
    });
    // A shorter retention deletes events.
    expect(change.undo?.input).not.toHaveProperty('RetentionPeriod');
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', reversible: 'partly' });
  });

  it('adds a selector where there is none for management events', () => {
    expect(onlyChange(planOf(check, of(objects))).input.AdvancedEventSelectors).toEqual([
      objects,
      { Name: 'All management events', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
    ]);
  });

  it('never shortens a retention, and has no way back where only that was set', () => {
    const longer = onlyChange(planOf(check, storeWith({ RetentionPeriod: 90 })));
    expect(longer.undo).toBeUndefined();
    const kept = onlyChange(planOf(check, storeWith({ TerminationProtectionEnabled: false, RetentionPeriod: 3653 })));
    expect(kept.input).not.toHaveProperty('RetentionPeriod');
  });

  it('restores a store that waits for its deletion, then protects it', () => {
    const plan = planOf(check, storeWith({ Status: 'PENDING_DELETION', TerminationProtectionEnabled: false }));
    expect(plan.changes.map(({ operation }) => operation)).toEqual([
      'cloudtrail:RestoreEventDataStore',
      'cloudtrail:UpdateEventDataStore',
    ]);
    expect(plan.changes[0]?.undo).toBeUndefined();
  });

  it('starts one that was stopped', () => {
    expect(onlyChange(planOf(check, storeWith({ Status: 'STOPPED_INGESTION' })))).toMatchObject({
      operation: 'cloudtrail:StartEventDataStoreIngestion',
      expect: { Status: 'STOPPED_INGESTION' },
      result: { Status: 'ENABLED' },
    });
  });

  it('takes the organization in from the management account', () => {
    expect(onlyChange(planOf(check, inOrganization(MANAGEMENT, false)))).toMatchObject({
      account: MANAGEMENT,
      input: { OrganizationEnabled: true },
      undo: { input: { OrganizationEnabled: false } },
    });
  });

  it('Retention above 2557 days with fixed pricing: cannot be planned', () => {
    const settings = { retention_days: 3000 };
    expect(fixOf(check, storeWith({}), { settings })).toMatchObject({ kind: 'manual' });
    const extendable = storeWith({ BillingMode: 'EXTENDABLE_RETENTION_PRICING' });
    expect(onlyChange(planOf(check, extendable, { settings })).input).toMatchObject({ RetentionPeriod: 3000 });
  });

  it('waits where the store is just stopping', () => {
    expect(fixOf(check, storeWith({ Status: 'STOPPING_INGESTION' }))).toMatchObject({ kind: 'manual' });
  });
});
