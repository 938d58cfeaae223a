import type { JsonObject } from '../../snapshot/types.ts';
import { cut } from './limits.ts';

/** What differs between two states of evidence as `-` and `+` lines, one a member; nested values are on one line. */
export function evidenceDiff(before: JsonObject, after: JsonObject): string[] {
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return members.flatMap((member) => {
    const [old, fresh] = [line(member, before[member]), line(member, after[member])];
    if (old === fresh) return [];
    return [...(old === undefined ? [] : [`- ${old}`]), ...(fresh === undefined ? [] : [`+ ${fresh}`])];
  });
}

function line(member: string, value: JsonObject[string] | undefined): string | undefined {
  if (value === undefined) return undefined;
  return cut(`${member}: ${value === null ? 'none' : JSON.stringify(value)}`, 300);
}
