import type { Json, JsonObject } from './types.ts';

/** A time as the snapshot keeps it: ISO 8601. */
export function isoTime(time: Date): string {
  return time.toISOString();
}

/** An answer of AWS as plain JSON: times become ISO 8601, members that are undefined go. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof Date) return isoTime(value);
  if (Array.isArray(value)) return value.map(toJson);
  return typeof value === 'object' ? toJsonObject(value) : null;
}

/** Like `toJson`, for a structure. */
export function toJsonObject(value: object): JsonObject {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, toJson(member)]));
}

export function toJsonObjects(values: readonly object[]): JsonObject[] {
  return values.map(toJsonObject);
}
