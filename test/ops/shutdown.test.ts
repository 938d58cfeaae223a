import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { createLogger } from '../../src/ops/logger.ts';
import { createShutdown } from '../../src/ops/shutdown.ts';

const logger = createLogger({ level: 'silent' });

it('runs hooks once, the last added first, and goes on after a failure', async () => {
  const order: string[] = [];
  const shutdown = createShutdown({ logger, deadlineMs: 10_000 });
  shutdown.add('store', () => void order.push('store'));
  shutdown.add('slack', () => {
    order.push('slack');
    throw new Error('socket');
  });
  const [first, second] = await Promise.all([shutdown.run('test'), shutdown.run('again')]);
  expect({ first, second, order }).toEqual({ first: false, second: false, order: ['slack', 'store'] });
});

it('gives up at the deadline', async () => {
  const shutdown = createShutdown({ logger, deadlineMs: 1 });
  shutdown.add('stuck', () => new Promise<void>(() => {}));
  expect(await shutdown.run('test')).toBe(false);
});

it('exits 0 after a signal, and 1 at once after a second one', async () => {
  const signals = new EventEmitter();
  const codes: number[] = [];
  const { promise: exited, resolve: onExit } = Promise.withResolvers<void>();
  const { promise: work, resolve: finish } = Promise.withResolvers<void>();
  const shutdown = createShutdown({ logger, deadlineMs: 10_000 });
  shutdown.add('work', () => work);
  shutdown.listen(signals, (code) => {
    codes.push(code);
    if (codes.length === 2) onExit();
  });
  signals.emit('SIGTERM');
  signals.emit('SIGINT');
  expect(codes).toEqual([1]);
  finish();
  await exited;
  expect(codes).toEqual([1, 0]);
});
