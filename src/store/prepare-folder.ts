import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/**
 * Makes the database files of a new folder in a thread of its own. PGlite takes seconds of the processor for that, and
 * would stop everything else that happens while a demo starts.
 */
export function prepareFolder(dataDir: string): Promise<void> {
  const files = join(dataDir, 'db');
  mkdirSync(files, { recursive: true, mode: 0o700 });
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { files } });
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

if (!isMainThread && typeof workerData?.files === 'string') {
  const { PGlite } = await import('@electric-sql/pglite');
  const pglite = await PGlite.create({ dataDir: workerData.files });
  await pglite.close();
}
