import type { Json, JsonObject } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import type { Encoded, Resource } from './hcl.ts';

/** What a change is in Terraform: a resource, or a sentence where there is none. */
export type Renderer = (change: Change) => Resource | string;

/** A comment for a resource that is in the code already and takes these arguments besides. */
export const SET_IN_PLACE = 'In the resource as you have it, set:';

/** A member of the input as text; empty where it is none. */
export function text(change: Change, member: string): string {
  const value = change.input[member];
  return typeof value === 'string' ? value : '';
}

/** A member of the input that is an object. */
export function object(change: Change, member: string): JsonObject {
  return asObject(change.input[member]);
}

export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A document that is a string in the API, as `jsonencode(...)`, so that it can be read and reviewed. */
export function document(value: string): Encoded | string {
  try {
    return { jsonencode: JSON.parse(value) };
  } catch {
    // Not JSON: it stays the string that it is.
    return value;
  }
}

/** The last part of an ARN or path. */
export function nameOf(arn: string): string {
  return arn.split(/[:/]/).at(-1) ?? arn;
}
