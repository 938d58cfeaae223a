import type { EventDataStore, Snapshot } from '../snapshot/types.ts';
import type { StoreMembers } from './changes/event-data-store.ts';
import { holdsTrailEvents } from './event-data-store.ts';
import { managementFault, withAllManagement } from './store-coverage.ts';
import { accountOf } from './subject.ts';

type Organizations = Pick<Snapshot, 'organization'>;

/** What is wrong with the store, in words; a store without CloudTrail events is asked for protection and retention. */
export function faultsOf(store: EventDataStore, snapshot: Organizations, retentionDays: number): string[] {
  const faults: string[] = [];
  if (store.Status === 'PENDING_DELETION') faults.push('it waits for its deletion');
  if (!store.TerminationProtectionEnabled) faults.push('it has no termination protection');
  if (store.RetentionPeriod < retentionDays) {
    faults.push(`it keeps events for ${store.RetentionPeriod} days, not ${retentionDays}`);
  }
  if (!holdsTrailEvents(store)) return faults;
  if (store.Status === 'STOPPED_INGESTION' || store.Status === 'STOPPING_INGESTION') faults.push('it takes in nothing');
  if (!store.MultiRegionEnabled) faults.push('it covers one region only');
  if (lacksOrganization(store, snapshot)) faults.push('it covers the management account only');
  const narrowed = managementFault(store);
  return narrowed === undefined ? faults : [...faults, narrowed];
}

/** Asked of a store of the management account; a member cannot take in the others. */
function lacksOrganization(store: EventDataStore, { organization }: Organizations): boolean {
  const part = organization.organization;
  const isManagement = part?.state === 'read' && part.value.MasterAccountId === accountOf(store.EventDataStoreArn);
  return isManagement && !store.OrganizationEnabled;
}

/** Members of UpdateEventDataStore that mend it; a retention is only ever made longer. */
export function membersToSet(store: EventDataStore, snapshot: Organizations, retentionDays: number): StoreMembers {
  const kept: StoreMembers = {
    ...(store.TerminationProtectionEnabled ? {} : { TerminationProtectionEnabled: true }),
    ...(store.RetentionPeriod < retentionDays ? { RetentionPeriod: retentionDays } : {}),
  };
  if (!holdsTrailEvents(store)) return kept;
  const selectors = withAllManagement(store.AdvancedEventSelectors);
  return {
    ...kept,
    ...(store.MultiRegionEnabled ? {} : { MultiRegionEnabled: true }),
    ...(lacksOrganization(store, snapshot) ? { OrganizationEnabled: true } : {}),
    ...(selectors === store.AdvancedEventSelectors ? {} : { AdvancedEventSelectors: selectors }),
  };
}
