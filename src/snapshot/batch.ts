/**
 * Joins requests for one key each into requests for many: what is asked in the same turn of the event loop goes out
 * together. `load` answers in the order of the keys it got.
 */
export function batched<T>(load: (keys: string[]) => Promise<T[]>, largest: number): (key: string) => Promise<T> {
  let waiting: { key: string; resolve: (value: T) => void; reject: (error: unknown) => void }[] = [];

  async function send(batch: typeof waiting): Promise<void> {
    try {
      const values = await load(batch.map(({ key }) => key));
      for (const [index, { key, resolve, reject }] of batch.entries()) {
        const value = values[index];
        if (value === undefined) reject(new Error(`nothing was answered for ${key}`));
        else resolve(value);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  function sendAll(): void {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += largest) void send(all.slice(start, start + largest));
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(sendAll);
      waiting.push({ key, resolve, reject });
    });
}
