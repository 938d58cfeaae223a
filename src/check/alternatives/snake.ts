import type { Json, JsonObject } from '../../snapshot/types.ts';
import type { Body } from './hcl.ts';

/** `IsMultiRegionTrail` to `is_multi_region_trail`: how the AWS provider of Terraform derives most of its names. */
export function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/** Names that Terraform gives to members of the API, by the member; `undefined` leaves a member out. */
export type Names = { readonly [member: string]: string | undefined };

/**
 * An input of the API as a body: scalars and lists of scalars become arguments, objects and lists of objects become
 * blocks, one an item.
 */
export function bodyOf(input: JsonObject, names: Names = {}): Body {
  const members = Object.entries(input).flatMap(([member, value]) => {
    const name = Object.hasOwn(names, member) ? names[member] : snake(member);
    return name === undefined ? [] : [[name, value] as const];
  });
  return {
    arguments: Object.fromEntries(members.filter(([, value]) => !isNested(value))),
    blocks: members.flatMap(([name, value]) =>
      isNested(value) ? [value].flat().map((item) => [name, bodyOf(asObject(item), names)] as const) : [],
    ),
  };
}

function isNested(value: Json): value is JsonObject | JsonObject[] {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => typeof item === 'object' && item !== null);
  return typeof value === 'object' && value !== null;
}

function asObject(value: Json): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
