import { z } from 'zod';
import type { Json, JsonObject } from '../snapshot/types.ts';
import type { Change } from './plan.ts';

const shape = z.strictObject({ $output: z.tuple([z.int().min(0), z.string()]) });

/** A value that stands for what an earlier step answered: `{$output: [step, member]}`. */
export function outputReference(value: Json): { step: number; member: string } | undefined {
  const parsed = shape.safeParse(value);
  if (!parsed.success) return undefined;
  const [step, member] = parsed.data.$output;
  return { step, member };
}

/** The change with every reference to a step moved to where that step is now. */
export function moveReferences(change: Change, moved: (step: number) => number): Change {
  const { undo } = change;
  return {
    ...change,
    input: moveIn(change.input, moved),
    ...(undo === undefined ? {} : { undo: { ...undo, input: moveIn(undo.input, moved) } }),
  };
}

function moveIn(input: JsonObject, moved: (step: number) => number): JsonObject {
  const move = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(move);
    if (value === null || typeof value !== 'object') return value;
    const reference = outputReference(value);
    if (reference !== undefined) return { $output: [moved(reference.step), reference.member] };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, move(inner)]));
  };
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, move(value)]));
}
