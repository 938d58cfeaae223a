import { expect, it } from 'vitest';
import { createLimiter } from '../../src/aws/limiter.ts';

/** A limiter on a clock that only sleeping moves: `take` then tells how long it had to wait. */
function limiterOnItsOwnTime() {
  const time = { ms: 0 };
  const slept: number[] = [];
  const limiter = createLimiter({ clock: () => time.ms, sleep: (ms) => Promise.resolve(slept.push(Math.round(ms))) });
  const pass = (ms: number) => {
    time.ms += ms;
  };
  return { limiter, slept, pass };
}

const READ = { class: 'cloudtrail/read', perSecond: 10 };
const WRITE = { class: 'cloudtrail/write', perSecond: 1 };

it('lets a burst below the quota through, then spaces the rest', async () => {
  const { limiter, slept } = limiterOnItsOwnTime();
  for (let index = 0; index < 11; index += 1) await limiter.take('a/us-east-1', READ);
  expect(slept).toEqual([105, 211]);
});

it('writes once a second', async () => {
  const { limiter, slept } = limiterOnItsOwnTime();
  for (let index = 0; index < 3; index += 1) await limiter.take('a/us-east-1', WRITE);
  expect(slept).toEqual([1053, 2105]);
});

it('counts accounts, regions and classes apart', async () => {
  const { limiter, slept } = limiterOnItsOwnTime();
  for (const scope of ['a/us-east-1', 'a/eu-west-1', 'b/us-east-1']) await limiter.take(scope, WRITE);
  await limiter.take('a/us-east-1', READ);
  expect(slept).toEqual([]);
});

it('halves the rate when throttled, once for calls that were sent together, and recovers', async () => {
  const { limiter, slept, pass } = limiterOnItsOwnTime();
  for (let index = 0; index < 9; index += 1) await limiter.take('a', READ);
  limiter.throttled('a', READ);
  limiter.throttled('a', READ);
  await limiter.take('a', READ);
  pass(2_000);
  limiter.throttled('a', READ);
  for (let index = 0; index < 10; index += 1) await limiter.take('a', READ);
  expect(slept).toEqual([211, 211, 632]);
  pass(60_000);
  slept.length = 0;
  for (let index = 0; index < 10; index += 1) await limiter.take('a', READ);
  expect(slept).toEqual([105]);
});
