import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const HERE = import.meta.dirname;

const entry = z.strictObject({
  id: z.string(),
  title: z.string(),
  severity: z.string(),
  scope: z.string(),
  seed: z.array(z.string()),
  fix: z.strictObject({ class: z.string(), risk: z.string() }),
  settings: z.record(z.string(), z.unknown()),
  controls: z.record(z.string(), z.array(z.string())),
  /** Cases that the check must get right, each a sentence. */
  edge: z.array(z.string()),
});

/** What catalogue.yaml says of a check. */
export type Specification = z.infer<typeof entry>;

export function specifications(): Specification[] {
  const text = readFileSync(join(HERE, 'catalogue.yaml'), 'utf8');
  return z.looseObject({ checks: z.array(entry) }).parse(parse(text)).checks;
}

/** The sentences of the catalogue that the tests of a check do not speak of, in the test's own words or its helpers'. */
export function untested({ id, edge }: Specification): string[] {
  const text = normal(sources(join(HERE, `${id}.test.ts`)).join('\n'));
  return edge.filter((sentence) => !text.includes(normal(sentence.replace(/\.$/, ''))));
}

/** A test file and the files beside it that it takes its tables from. */
function sources(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file) || !file.startsWith(HERE) || !existsSync(file)) return [];
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => resolve(dirname(file), path));
  return [text, ...imported.flatMap((path) => sources(path, seen))];
}

/** As it reads, whatever the quotes of the text it stands in. */
function normal(text: string): string {
  return text.replaceAll(/\\(['"`])/g, '$1').replaceAll(/\s+/g, ' ');
}
