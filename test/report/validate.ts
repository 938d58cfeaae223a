import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

/** The JSON Schema of SARIF 2.1.0 as it is published, out of a package that carries it. */
export const SARIF_SCHEMA = createRequire(import.meta.url).resolve(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
);

/** What a JSON Schema says against a value; empty when it is valid. A name is one of `test/report/schemas`. */
export function validator(file: string): (value: unknown) => string[] {
  // The schema of SARIF is of draft 4, whose `id` is `$id` since; it uses nothing else that has changed.
  const {
    id: _,
    $schema: __,
    ...schema
  } = JSON.parse(readFileSync(file.startsWith('/') ? file : new URL(`schemas/${file}`, import.meta.url), 'utf8'));
  // One of its patterns is none with the flag `u`.
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  formats.default(ajv);
  const validate: ValidateFunction = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  };
}
