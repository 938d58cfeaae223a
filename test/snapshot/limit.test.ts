import { expect, test } from 'vitest';
import { createLimiter } from '../../src/snapshot/limit.ts';

/** Starts `count` works in a lane; each stays until it is let go. */
function crowd(limiter: ReturnType<typeof createLimiter>) {
  const waiting: (() => void)[] = [];
  let running = 0;
  const done: Promise<void>[] = [];
  return {
    add(lane: string, count: number) {
      for (let index = 0; index < count; index += 1) {
        done.push(
          limiter.run(lane, async () => {
            running += 1;
            await new Promise<void>((resolve) => waiting.push(resolve));
            running -= 1;
          }),
        );
      }
    },
    async running() {
      await new Promise((resolve) => setImmediate(resolve));
      return running;
    },
    async release(count: number) {
      for (const go of waiting.splice(0, count)) go();
      await new Promise((resolve) => setImmediate(resolve));
    },
    async finish() {
      while (waiting.length > 0) await this.release(waiting.length);
      await Promise.all(done);
    },
  };
}

test('a lane runs so many at once, other lanes beside it', async () => {
  const works = crowd(createLimiter({ perLane: 2, total: 10 }));
  works.add('a', 5);
  expect(await works.running()).toBe(2);
  works.add('b', 1);
  expect(await works.running()).toBe(3);
  await works.finish();
  expect(await works.running()).toBe(0);
});

test('all lanes together run so many at once', async () => {
  const works = crowd(createLimiter({ perLane: 8, total: 3 }));
  for (const lane of ['a', 'b', 'c', 'd']) works.add(lane, 2);
  expect(await works.running()).toBe(3);
  await works.finish();
});

test('a throttled lane runs half as many, and comes back with success', async () => {
  const limiter = createLimiter({ perLane: 4, total: 100 });
  const works = crowd(limiter);
  limiter.slowDown('a');
  works.add('a', 30);
  expect(await works.running()).toBe(2);
  await works.release(2);
  for (let index = 0; index < 9; index += 1) await works.release(2);
  expect(await works.running()).toBe(3);
  await works.finish();
});

test('a work that fails makes room like any other', async () => {
  const limiter = createLimiter({ perLane: 1, total: 1 });
  await expect(limiter.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await limiter.run('a', () => Promise.resolve('yes'))).toBe('yes');
});
