import { openStore } from '../../../src/store/open.ts';

/** Opens the store of a URL or folder, says so or says why not, and ends. */
const [place = ''] = process.argv.slice(2);
try {
  const where = place.startsWith('postgres:') ? { databaseUrl: place } : { dataDir: place };
  const store = await openStore(where, { now: () => new Date() });
  await store.close();
  process.stdout.write('opened\n');
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.name : 'Error'}\n`);
}
