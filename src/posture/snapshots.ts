import { z } from 'zod';
import { splitPartKey } from '../check/state.ts';
import { emptySnapshot } from '../snapshot/empty.ts';
import type { Part, PartKey, PartName, Snapshot } from '../snapshot/types.ts';
import { loadParts, type NewPart, saveParts } from '../store/parts.ts';
import type { Store } from '../store/store.ts';

/*
 * The latest snapshot of each target, kept part by part: parts that two targets share are kept once, and a part that was
 * read again after a fix takes the place of the older one.
 */

/** Which parts the snapshot of a target consists of. */
const manifest = z.object({
  takenAt: z.string(),
  partition: z.string(),
  accounts: z.record(z.string(), z.looseObject({ id: z.string() })),
  keys: z.array(z.string()),
});

function manifestKey(target: string): string {
  return `snapshot:${target}`;
}

/** Keeps all parts of a snapshot as the latest of its target. */
export async function keepSnapshot(store: Store, target: string, snapshot: Snapshot): Promise<void> {
  const keys = keysOf(snapshot);
  await keepParts(store, snapshot, keys);
  const { takenAt, partition, accounts } = snapshot;
  const value = { takenAt, partition, accounts, keys };
  await saveParts(store, [{ key: manifestKey(target), account: target, takenAt: new Date(takenAt), value }]);
}

/** Keeps single parts, for example those read again after a fix. */
export async function keepParts(store: Store, snapshot: Snapshot, keys: readonly PartKey[]): Promise<void> {
  const takenAt = new Date(snapshot.takenAt);
  const parts = keys.flatMap((key): NewPart[] => {
    const { name, key: inner } = splitPartKey(key);
    const value = snapshot[name][inner];
    return value === undefined ? [] : [{ key, account: inner.split('/')[0] ?? '', takenAt, value }];
  });
  await saveParts(store, parts);
}

/** The latest snapshot of a target, or undefined when it was never read. */
export async function latestSnapshot(store: Store, target: string): Promise<Snapshot | undefined> {
  const [row] = await loadParts(store.query, [manifestKey(target)]);
  if (row === undefined) return undefined;
  const { takenAt, partition, accounts, keys } = manifest.parse(row.value);
  const snapshot: Snapshot = {
    ...emptySnapshot(takenAt, partition),
    accounts: accounts as unknown as Snapshot['accounts'],
  };
  for (const part of await loadParts(store.query, keys)) {
    const { name, key } = splitPartKey(part.key as PartKey);
    Object.assign(snapshot[name], { [key]: part.value });
  }
  return snapshot;
}

function keysOf(snapshot: Snapshot): PartKey[] {
  const { takenAt: _t, partition: _p, accounts: _a, ...parts } = snapshot;
  return Object.entries(parts).flatMap(([name, byKey]: [string, { [key: string]: Part<unknown> | object }]) =>
    Object.keys(byKey).map((key): PartKey => `${name as PartName}:${key}`),
  );
}
