/** Members that are neither text nor lists of it; ../input.ts reads those. */
import { isRecord } from '../input.ts';
import { AwsError, type Input, type Json } from '../types.ts';

/** A boolean; AwsQuery clients send `true` and `false` as text. */
export function flagIn(input: Input, member: string): boolean | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new AwsError('SerializationException', `${member} must be a boolean.`);
}

export function numberIn(input: Input, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && !Number.isNaN(number)) return number;
  throw new AwsError('SerializationException', `${member} must be a number.`);
}

/** JSON clients send times in epoch seconds. */
export function dateIn(input: Input, member: string): Date | undefined {
  const seconds = numberIn(input, member);
  return seconds === undefined ? undefined : new Date(seconds * 1000);
}

/** The value as plain JSON; members that are undefined are dropped. */
export function jsonOf(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') {
    return value;
  }
  if (Array.isArray(value)) return value.map(jsonOf);
  if (!isRecord(value)) throw new AwsError('SerializationException', 'The request holds a value that is not JSON.');
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, jsonOf(member)]));
}
