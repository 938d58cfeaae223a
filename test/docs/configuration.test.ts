import { expect, it } from 'vitest';
import { z } from 'zod';
import { fileSchema } from '../../src/config/schema/file.ts';
import { document } from './documents.ts';

/** Explained as one row: the members of an account, and what an approval policy may say, which `approval.default` lists. */
const IN_ONE_ROW = /^(environments\.<name>\.(accounts\[\]|approval|settings)\.|approval\.rules\[\]\.|checks\.<name>\.)/;

const schema = z.toJSONSchema(fileSchema({ commands: [], now: new Date() }), { unrepresentable: 'any' });
/** Keys of the first column of every table, but for environment variables. A name in `<>` stands for any key of a map. */
const explained = [...document('configuration.md').matchAll(/^\| (`[^|]*) \|/gm)]
  .flatMap(([, cell = '']) => [...cell.matchAll(/`([a-z][^`]*)`/g)])
  .map(([, key = '']) => key.replace(/\.<(region|id|key)>$/, ''));

it('configuration.md explains every key of the schema', () => {
  const keys = leaves(schema).filter((path) => !IN_ONE_ROW.test(path));
  expect(keys.length).toBeGreaterThan(30);
  expect(keys.filter((path) => !explained.includes(path))).toEqual([]);
});

it('configuration.md explains no key that the schema does not have', () => {
  const keys = leaves(schema);
  expect(explained.filter((path) => !keys.some((key) => key === path || key.startsWith(path)))).toEqual([]);
});

/** `environments.<name>.viewers`, `exemptions[].check`: every key that holds no further ones, and what a list or map holds. */
function leaves(schema: z.core.JSONSchema._JSONSchema, path = ''): string[] {
  if (typeof schema === 'boolean') return [path];
  const { properties, additionalProperties, items } = schema;
  if (properties !== undefined) {
    const within = path === '' ? '' : `${path}.`;
    return Object.entries(properties).flatMap(([key, value]) => leaves(value, `${within}${key}`));
  }
  if (typeof additionalProperties === 'object' && additionalProperties.properties !== undefined) {
    return leaves(additionalProperties, `${path}.<name>`);
  }
  if (items !== undefined && !Array.isArray(items) && typeof items === 'object' && items.properties !== undefined) {
    return leaves(items, `${path}[]`);
  }
  return [path];
}
