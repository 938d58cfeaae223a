import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import type { Check, Scope } from '../check/check.ts';
import type { PartName } from '../snapshot/types.ts';

/** A check with its types put away: the runner hands it what its own `needs`, `scope` and `settings` ask for. */
export type AnyCheck = Omit<Check<PartName, Scope, unknown>, 'settings'> & { settings: z.ZodType<unknown> };

/** All checks by id, in the order of their files. */
export type Catalogue = ReadonlyMap<string, AnyCheck>;

/**
 * Loads `checks/<resource>/<name>.ts`, one check a file. A file whose default export is not the check of its own path
 * is refused, so that the id is always the path.
 */
export async function loadCatalogue(directory: string): Promise<Catalogue> {
  const resources = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const files = await Promise.all(
    resources.map(async ({ name }) =>
      (await readdir(join(directory, name))).filter((file) => file.endsWith('.ts')).map((file) => `${name}/${file}`),
    ),
  );
  const loaded = await Promise.all(
    files
      .flat()
      .sort()
      .map(async (file) => {
        const module: { default?: AnyCheck } = await import(pathToFileURL(join(directory, file)).href);
        const id = file.slice(0, -'.ts'.length);
        if (module.default?.id !== id) throw new Error(`checks/${file} must export the check "${id}" by default.`);
        return [id, module.default] as const;
      }),
  );
  return new Map(loaded);
}

/** Parts of the snapshot that a set of checks reads. */
export function partsNeeded(checks: Iterable<AnyCheck>): Set<PartName> {
  return new Set([...checks].flatMap((check) => [...check.needs]));
}
