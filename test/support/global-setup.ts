import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes the folder that the tests use as TMPDIR. */
export default function setup(): void {
  mkdirSync(join(tmpdir(), 'trail-check-tests'), { recursive: true });
}
