import { join } from 'node:path';
import { loadCatalogue } from '../src/posture/catalogue.ts';
import { mend, staleFiles } from './generated-files.ts';

/** Writes the check pages and the table of the README; with `--check` says what is stale and fails. */
const root = join(import.meta.dirname, '..');
const stale = await staleFiles(root, await loadCatalogue(join(root, 'checks')));

if (!process.argv.includes('--check')) {
  await mend(root, stale);
  process.stdout.write(stale.length === 0 ? 'Everything is up to date.\n' : `Wrote ${paths()}.\n`);
} else if (stale.length > 0) {
  process.stderr.write(`Not as the checks have it: ${paths()}.\nRun npm run generate and commit what it writes.\n`);
  process.exitCode = 1;
}

function paths(): string {
  return stale.map(({ path }) => path).join(', ');
}
