import type { Change } from '../check/plan.ts';
import { splitPartKey } from '../check/state.ts';
import type { JsonObject, Part, Snapshot } from '../snapshot/types.ts';

/**
 * The snapshot as it will be once `changes` have run, so that a plan can build on the plans that go before it. Only the
 * changed parts are copied.
 */
export function overlay(snapshot: Snapshot, changes: readonly Change[]): Snapshot {
  const result: Snapshot = { ...snapshot };
  for (const change of changes) {
    const { name, key } = splitPartKey(change.target);
    const parts = result[name] as { [key: string]: Part<unknown> };
    Object.assign(result, { [name]: { ...parts, [key]: after(change, parts[key]) } });
  }
  return result;
}

function after(change: Change, part: Part<unknown> | undefined): Part<unknown> {
  if (change.result === null) return { state: 'absent', code: change.operation };
  const { Policy, EventSelectors, AdvancedEventSelectors } = change.input;
  const { name } = splitPartKey(change.target);
  if (name === 'bucket.policy' || name === 'key.policy') return { state: 'read', value: { text: String(Policy) } };
  if (name === 'trail.selectors') {
    const value = AdvancedEventSelectors === undefined ? { EventSelectors } : { AdvancedEventSelectors };
    return { state: 'read', value };
  }
  const before = part?.state === 'read' ? (part.value as JsonObject) : {};
  return { state: 'read', value: withoutNulls({ ...before, ...change.result }, change.result) };
}

/** A member that is `null` in a result is missing afterwards. */
function withoutNulls(state: JsonObject, result: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(state).filter(([member]) => result[member] !== null));
}
