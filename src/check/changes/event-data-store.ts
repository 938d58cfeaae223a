import type { EventDataStore, Json, JsonObject } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import { storeSelectorsState } from '../state.ts';
import { accountOf, regionOf } from '../subject.ts';

/** Members of UpdateEventDataStore that fixes set; they have the same names in GetEventDataStore. */
export type StoreMembers = Partial<
  Pick<
    EventDataStore,
    | 'AdvancedEventSelectors'
    | 'KmsKeyId'
    | 'MultiRegionEnabled'
    | 'OrganizationEnabled'
    | 'RetentionPeriod'
    | 'TerminationProtectionEnabled'
  >
>;

/**
 * cloudtrail:UpdateEventDataStore with just the members given: it is a partial update. A key cannot be taken back and a
 * shorter retention deletes events, so the way back leaves both out; without any other member there is none.
 */
export function updateStore(
  store: EventDataStore,
  members: StoreMembers,
  words: { summary: string; undo: string },
): Change {
  const saved: JsonObject = {};
  const before: JsonObject = {};
  const input: JsonObject = {};
  for (const [name, value] of Object.entries(members)) {
    const was: Json = Object.entries(store).find(([member]) => member === name)?.[1] ?? null;
    input[name] = value;
    before[name] = was;
    if (name !== 'KmsKeyId' && name !== 'RetentionPeriod') saved[name] = was;
  }
  const call = callOn(store, 'cloudtrail:UpdateEventDataStore');
  const inverse = { ...call, input: { EventDataStore: store.EventDataStoreArn, ...saved } };
  return {
    ...call,
    input: { EventDataStore: store.EventDataStoreArn, ...input },
    summary: words.summary,
    target: `eventDataStore:${store.EventDataStoreArn}`,
    expect: stateOfMembers(before),
    result: stateOfMembers(input),
    ...(Object.keys(saved).length === 0 ? {} : { undo: { ...inverse, summary: words.undo, automatic: true } }),
  };
}

/** cloudtrail:RestoreEventDataStore, within the seven days that a deletion waits. Nobody takes that back. */
export function restoreStore(store: EventDataStore): Change {
  return {
    ...callOn(store, 'cloudtrail:RestoreEventDataStore'),
    input: { EventDataStore: store.EventDataStoreArn },
    summary: `Take the deletion of ${store.Name} back.`,
    target: `eventDataStore:${store.EventDataStoreArn}`,
    expect: { Status: 'PENDING_DELETION' },
    result: { Status: 'ENABLED' },
  };
}

/** cloudtrail:StartEventDataStoreIngestion. Nobody takes that back. */
export function startIngestion(store: EventDataStore): Change {
  return {
    ...callOn(store, 'cloudtrail:StartEventDataStoreIngestion'),
    input: { EventDataStore: store.EventDataStoreArn },
    summary: `Let ${store.Name} take in events again.`,
    target: `eventDataStore:${store.EventDataStoreArn}`,
    expect: { Status: 'STOPPED_INGESTION' },
    result: { Status: 'ENABLED' },
  };
}

function callOn({ EventDataStoreArn: arn }: EventDataStore, operation: string) {
  return { account: accountOf(arn), region: regionOf(arn), operation, resource: arn };
}

function stateOfMembers(members: JsonObject): JsonObject {
  const { AdvancedEventSelectors: selectors, ...rest } = members;
  return selectors === undefined ? rest : { ...rest, AdvancedEventSelectors: storeSelectorsState(selectors) };
}
