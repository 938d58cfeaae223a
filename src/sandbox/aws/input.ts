/** Reading members of a parsed request. */
import { AwsError, type Input } from './types.ts';

/** A string member; undefined when absent. */
export function stringIn(input: Input, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
}

/** A string member that must be there; otherwise the service's validation error. */
export function neededString(input: Input, member: string, code = 'ValidationException'): string {
  const value = stringIn(input, member);
  if (value === undefined || value === '')
    throw new AwsError(code, `1 validation error detected: ${member} must not be null`);
  return value;
}

/** A list of strings; empty when absent. */
export function stringsIn(input: Input, member: string): string[] {
  const value = input[member];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A list of structures; empty when absent. */
export function recordsIn(input: Input, member: string): Input[] {
  const value = input[member];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function isRecord(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Tags: [{Key, Value}]` as a record. */
export function tagsIn(input: Input, member = 'Tags'): Record<string, string> {
  return Object.fromEntries(recordsIn(input, member).map((tag) => [String(tag.Key), String(tag.Value ?? '')]));
}

/** A record as `[{Key, Value}]`. */
export function tagList(tags: Record<string, string>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
