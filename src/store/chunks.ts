import { setImmediate as turn } from 'node:timers/promises';

// PGlite runs on the main thread: 250 findings hold it for some 25 ms, and a button has to be answered meanwhile.
const MAX_ROWS = 250;
const MAX_BYTES = 256 * 1024;

/** Cuts rows into portions that one statement may carry; a row that is too large by itself goes alone. */
export function* chunks<T>(rows: Iterable<T>, bytesOf: (row: T) => number = () => 0): Generator<T[]> {
  let chunk: T[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = bytesOf(row);
    if (chunk.length > 0 && (chunk.length >= MAX_ROWS || bytes + size > MAX_BYTES)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(row);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

/** Does the work portion by portion, with a turn of the event loop between, so that buttons are answered meanwhile. */
export async function inChunks<T>(
  rows: Iterable<T>,
  bytesOf: ((row: T) => number) | undefined,
  work: (chunk: T[]) => Promise<void>,
): Promise<void> {
  for (const chunk of chunks(rows, bytesOf)) {
    await work(chunk);
    await turn();
  }
}
