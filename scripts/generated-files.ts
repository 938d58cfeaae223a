import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Catalogue } from '../src/posture/catalogue.ts';
import { PACKS } from '../src/posture/packs/packs.ts';
import { scanSchema } from '../src/report/scan-schema.ts';
import { checkPage } from './check-page.ts';
import { checkTable, withTable } from './check-table.ts';
import { packsPage } from './packs-page.ts';
import { roleFiles } from './role-files.ts';

const PAGES = 'docs/checks';

/** A file of the repository that is not as the checks have it. */
export interface Stale {
  /** From the root of the repository. */
  path: string;
  /** As it must be; undefined: there must be no such file. */
  wanted: string | undefined;
}

/** Compares what is written with what the checks say. */
export async function staleFiles(root: string, catalogue: Catalogue): Promise<Stale[]> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const wanted = new Map([
    ['README.md', withTable(readme, checkTable(catalogue.values()))],
    ['docs/packs.md', packsPage(PACKS.values(), catalogue)],
    ['docs/scan.schema.json', `${JSON.stringify(z.toJSONSchema(scanSchema), null, 2)}\n`],
    ...roleFiles(catalogue),
    ...[...catalogue.values()].map((check) => [`${PAGES}/${check.id}.md`, checkPage(check)] as const),
  ]);
  const pages = await filesBelow(join(root, PAGES));
  const orphans = pages.map((name) => `${PAGES}/${name}`).filter((path) => !wanted.has(path));
  const written = await Promise.all(
    [...wanted].map(async ([path, text]) => ({ path, wanted: text, found: await textAt(join(root, path)) })),
  );
  return [
    ...written.filter(({ wanted, found }) => wanted !== found).map(({ path, wanted }) => ({ path, wanted })),
    ...orphans.map((path) => ({ path, wanted: undefined })),
  ];
}

/** Makes the files as they must be. */
export async function mend(root: string, stale: readonly Stale[]): Promise<void> {
  for (const { path, wanted } of stale) {
    const file = join(root, path);
    if (wanted === undefined) await rm(file);
    else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, wanted);
    }
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true });
    return entries.filter((name) => name.endsWith('.md'));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function textAt(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
