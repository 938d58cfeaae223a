import type { EventDataStore, Snapshot } from '../../../src/snapshot/types.ts';
import { emptySnapshot, withEventDataStore, withKey } from '../../support/snapshot.ts';

/** An account with one event data store and the key it is encrypted with. */
export function storeWith(
  store: { [Name in keyof EventDataStore]?: EventDataStore[Name] | undefined },
  snapshot: Snapshot = emptySnapshot(),
): Snapshot {
  return withKey(withEventDataStore(snapshot, { store }));
}
