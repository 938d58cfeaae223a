import { placeOf } from './arn.ts';
import { readTags } from './cloudtrail-tags.ts';
import { toJsonObjects } from './json.ts';
import { mapPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import { type Reading, splitPlace } from './reading.ts';
import type { EventDataStore, Part } from './types.ts';

/** ARNs of the event data stores seen in one region of an account, those of its organization among them. */
async function listStores(reading: Reading, key: string): Promise<Part<string[]>> {
  const pages = await reading.askAll('cloudtrail:ListEventDataStores', splitPlace(key), {});
  return mapPart(pages, (answers) =>
    answers.flatMap(({ EventDataStores = [] }) =>
      EventDataStores.flatMap(({ EventDataStoreArn: arn }) => (arn === undefined ? [] : [arn])),
    ),
  );
}

/** An event data store, asked of its owner in its region, with its tags. */
async function readStore(reading: Reading, arn: string): Promise<Part<EventDataStore>> {
  const store = await reading.ask('cloudtrail:GetEventDataStore', placeOf(arn), { EventDataStore: arn });
  if (store.state !== 'read') return store;
  // Tags of a store that is being deleted are refused (InactiveEventDataStoreException).
  const gone = store.value.Status === 'PENDING_DELETION';
  const tags = gone ? read({}) : await readTags(reading, arn);
  if (tags.state !== 'read') return tags;
  const { KmsKeyId, BillingMode, FederationStatus } = store.value;
  return read({
    EventDataStoreArn: arn,
    Name: store.value.Name ?? '',
    Status: store.value.Status ?? '',
    AdvancedEventSelectors: toJsonObjects(store.value.AdvancedEventSelectors ?? []),
    MultiRegionEnabled: store.value.MultiRegionEnabled ?? false,
    OrganizationEnabled: store.value.OrganizationEnabled ?? false,
    RetentionPeriod: store.value.RetentionPeriod ?? 0,
    TerminationProtectionEnabled: store.value.TerminationProtectionEnabled ?? false,
    ...(KmsKeyId ? { KmsKeyId } : {}),
    ...(BillingMode ? { BillingMode } : {}),
    ...(FederationStatus ? { FederationStatus } : {}),
    tags: tags.value,
  });
}

export const storeParts: PartReaders<'account.eventDataStores' | 'eventDataStore'> = {
  'account.eventDataStores': {
    key: 'account/region',
    operations: ['cloudtrail:ListEventDataStores'],
    needs: [],
    read: listStores,
  },
  eventDataStore: {
    key: 'event data store ARN',
    operations: ['cloudtrail:GetEventDataStore', 'cloudtrail:ListTags'],
    needs: [],
    read: readStore,
  },
};
