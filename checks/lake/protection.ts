import { z } from 'zod';
import { restoreStore, startIngestion, updateStore } from '../../src/check/changes/event-data-store.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { holdsTrailEvents, STORE_NEEDS, storeOf } from '../../src/check/event-data-store.ts';
import { faultsOf, membersToSet } from '../../src/check/store-faults.ts';

const settings = z.strictObject({ retention_days: z.number().int().min(7).max(3653).default(365) });

/** The longest a store of the older pricing keeps events. */
const MOST_WITH_FIXED_PRICING = 2557;

export default defineCheck({
  id: 'lake/protection',
  title: 'Event data stores are kept and take in everything',
  severity: 'medium',
  scope: 'event-data-store',
  rationale:
    'A store without protection is one call away from being gone, and one that stopped ingesting answers with half the truth.',
  pass: 'The store has termination protection and a retention of at least retention_days; a store for CloudTrail events is also ENABLED, covers all regions and, when the management account owns it, the whole organization, and takes management events unfiltered.',
  seed: [],
  needs: [...STORE_NEEDS, 'organization'],
  events: [
    'CreateEventDataStore',
    'UpdateEventDataStore',
    'DeleteEventDataStore',
    'RestoreEventDataStore',
    'StopEventDataStoreIngestion',
    'StartEventDataStoreIngestion',
  ],
  controls: controlIds({}),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'partly',
    cost: 'Ingestion per gigabyte and storage of the longer period.',
    operations: [
      'cloudtrail:RestoreEventDataStore',
      'cloudtrail:StartEventDataStoreIngestion',
      'cloudtrail:UpdateEventDataStore',
    ],
  },

  evaluate({ snapshot, subject, settings }) {
    const found = storeOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { store } = found;
    const { EventDataStoreArn, Name, Status, RetentionPeriod, TerminationProtectionEnabled } = store;
    const faults = faultsOf(store, snapshot, settings.retention_days);
    const evidence = {
      EventDataStoreArn,
      Name,
      Status,
      RetentionPeriod,
      TerminationProtectionEnabled,
      MultiRegionEnabled: store.MultiRegionEnabled,
      OrganizationEnabled: store.OrganizationEnabled,
    };
    const notes = Status === 'PENDING_DELETION' ? ['RestoreEventDataStore still works while it waits.'] : [];
    const [first] = faults;
    if (first !== undefined) {
      return { verdict: 'fail', evidence: { ...evidence, faults }, notes, reason: `${Name}: ${faults.join('; ')}.` };
    }
    if (holdsTrailEvents(store)) {
      const organization = partOf(snapshot.organization, 'organization');
      if (!store.OrganizationEnabled && organization.state !== 'read' && organization.state !== 'absent') {
        return unknownBecause(organization, evidence);
      }
      if (Status !== 'ENABLED') {
        return { verdict: 'unknown', evidence, reason: `${Name} is ${Status}: look again when that is done.` };
      }
    }
    return { verdict: 'pass', evidence };
  },

  plan({ snapshot, subject, settings: { retention_days } }) {
    const found = storeOf(snapshot, subject);
    if ('judgement' in found) return manual(found.judgement.reason ?? 'The event data store could not be read.');
    const { store } = found;
    if (store.Status === 'STOPPING_INGESTION') return manual('It is just stopping. Scan again when it has stopped.');
    const longer = store.RetentionPeriod < retention_days;
    if (longer && retention_days > MOST_WITH_FIXED_PRICING && store.BillingMode === 'FIXED_RETENTION_PRICING') {
      return manual(
        `With its pricing ${store.Name} keeps events for ${MOST_WITH_FIXED_PRICING} days at most. Ask for less, or change the pricing of the store, which is a decision on costs.`,
      );
    }
    const members = membersToSet(store, snapshot, retention_days);
    const isStopped = store.Status === 'STOPPED_INGESTION' && holdsTrailEvents(store);
    return {
      kind: 'changes',
      plan: {
        summary: `Keep ${store.Name} and let it take in everything.`,
        changes: [
          ...(store.Status === 'PENDING_DELETION' ? [restoreStore(store)] : []),
          ...(isStopped ? [startIngestion(store)] : []),
          ...(Object.keys(members).length === 0
            ? []
            : [
                updateStore(store, members, {
                  summary: `Set ${Object.keys(members).join(', ')}; everything else of the store stays.`,
                  undo: 'Put the saved values back; a longer retention stays.',
                }),
              ]),
        ],
        warnings: longer ? ['A longer retention is not taken back by an undo: a shorter one deletes events.'] : [],
        guards: [
          'Before: the planned retention is not shorter; the whole organization is taken in from its management account only.',
          'After: GetEventDataStore equals the plan.',
        ],
      },
    };
  },
});
