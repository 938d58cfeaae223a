import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

/** What a JSON Schema of `test/report/schemas` says against a value; empty when it is valid. */
export function validator(file: string): (value: unknown) => string[] {
  // The schema of SARIF is of draft 4, whose `id` is `$id` since; it uses nothing else that has changed.
  const {
    id: _,
    $schema: __,
    ...schema
  } = JSON.parse(readFileSync(new URL(`schemas/${file}`, import.meta.url), 'utf8'));
  // One of its patterns is none with the flag `u`.
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  formats.default(ajv);
  const validate: ValidateFunction = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  };
}
