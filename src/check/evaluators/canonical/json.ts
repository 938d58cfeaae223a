import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys and without `undefined`: equal values give equal text, whatever the order they were built in.
 * Dates are ISO strings, as `JSON.stringify` writes them. Arrays keep their order.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null';
}

/** A list whose order means nothing, in the order of its canonical text. Equal items stay, each. */
export function canonicalOrder<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: canonicalJson(item) }))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
    .map(({ item }) => item);
}

/** SHA-256 of the UTF-8 text, in lower-case hex. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toJSON();
  // fromEntries defines the keys instead of assigning them, so that a tag named __proto__ survives.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
