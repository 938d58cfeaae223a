/** True for a plain JSON object: not null, not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * One string or a list of them, as a list; AWS writes one-element lists as scalars, and people write booleans and
 * numbers where strings are meant. Anything else gives undefined.
 */
export function stringsOf(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const strings: string[] = [];
  for (const item of list) {
    if (typeof item === 'string') strings.push(item);
    else if (typeof item === 'number' || typeof item === 'boolean') strings.push(String(item));
    else return undefined;
  }
  return strings;
}

/** A list as a set: sorted by code unit, each value once. */
export function sortedSet(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}
