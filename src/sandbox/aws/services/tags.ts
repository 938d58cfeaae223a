import { recordsIn, stringIn } from '../input.ts';
import type { Input } from '../types.ts';

/** Tags under the member names a service has of its own (KMS: `TagKey`, `TagValue`). */
export function tagsUnder(input: Input, member: string, names: { key: string; value: string }): Record<string, string> {
  return Object.fromEntries(
    recordsIn(input, member).map((tag) => [stringIn(tag, names.key) ?? '', stringIn(tag, names.value) ?? '']),
  );
}

/** Tags given as a map (`{team: 'security'}`). */
export function tagMap(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
}
