import type { ElementState } from './types.ts';

/**
 * What people have put into the elements of one message or view. It outlives redrawing, so half-typed text and choices
 * stay when the server sends the view again. Shaped like Slack's `state.values`: block, then action, then state.
 */
export interface Values {
  /** The present state of an element; the first call settles it to `initial`. */
  start(blockId: string, actionId: string, initial: ElementState): ElementState;
  set(blockId: string, actionId: string, state: ElementState): void;
  /** Everything held for these blocks. */
  of(blockIds: ReadonlySet<string>): Record<string, Record<string, ElementState>>;
}

/** Makes an empty store. */
export function createValues(): Values {
  const held = new Map<string, Map<string, ElementState>>();
  const set = (blockId: string, actionId: string, state: ElementState) => {
    const block = held.get(blockId) ?? new Map<string, ElementState>();
    held.set(blockId, block.set(actionId, state));
  };
  return {
    set,
    start(blockId, actionId, initial) {
      const present = held.get(blockId)?.get(actionId);
      if (present !== undefined && present.type === initial.type) return present;
      set(blockId, actionId, initial);
      return initial;
    },
    of: (blockIds) =>
      Object.fromEntries(
        [...held]
          .filter(([blockId]) => blockIds.has(blockId))
          .map(([blockId, actions]) => [blockId, Object.fromEntries(actions)]),
      ),
  };
}
