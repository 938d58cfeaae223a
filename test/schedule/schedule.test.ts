import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../src/ops/logger.ts';
import { createSchedule, type Schedule } from '../../src/schedule/schedule.ts';
import { claimSlot } from '../../src/store/slots.ts';
import { STORE_KINDS, storesOn, type TestStore, testClock } from '../support/store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const JOB = 'scan 0 7 * * * UTC';
const logger = createLogger({ level: 'silent' });

describe.each(STORE_KINDS)('a schedule on %s', (kind) => {
  let stores: Awaited<ReturnType<typeof storesOn>>;
  let opened: TestStore;
  let clock: ReturnType<typeof testClock>;
  let started: Schedule[];

  beforeAll(async () => {
    stores = await storesOn(kind);
    opened = await stores.open({ now: () => clock.now() });
  });
  afterAll(async () => {
    await opened?.close();
    await stores?.stop();
  });
  beforeEach(async () => {
    clock = testClock('2026-11-02T06:00:00.000Z');
    started = [];
    await opened.store.query.deleteFrom('cronSlots').execute();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await stopAll();
  });

  const stopAll = () => Promise.all(started.map((schedule) => schedule.stop()));

  /** One process: gives the slots it was given. */
  async function boot({ scan = '0 7 * * *', timezone = 'UTC', fail = false } = {}) {
    const slots: string[] = [];
    const schedule = createSchedule({
      config: { schedules: { scan, timezone } },
      store: opened.store,
      now: () => clock.now(),
      logger,
      run: async (slot) => {
        slots.push(slot.toISOString());
        if (fail) throw new Error('the database went away');
      },
    });
    started.push(schedule);
    await schedule.start();
    return { slots, stop: () => schedule.stop() };
  }

  it('that is new has missed nothing', async () => {
    clock.advance(2 * HOUR);
    expect((await boot()).slots).toEqual([]);
  });

  it('makes up for a slot missed while everything was down, once', async () => {
    await (await boot()).stop();
    clock.advance(2 * HOUR);
    const back = await boot();
    expect(back.slots).toEqual(['2026-11-02T07:00:00.000Z']);
    await back.stop();
    clock.advance(MINUTE);
    expect((await boot()).slots).toEqual([]);
  });

  it('makes up once for many missed slots', async () => {
    await (await boot({ scan: '*/15 * * * *' })).stop();
    clock.advance(2 * HOUR + MINUTE);
    expect((await boot({ scan: '*/15 * * * *' })).slots).toEqual(['2026-11-02T08:00:00.000Z']);
  });

  it('lets a slot go that is more than six hours past', async () => {
    await (await boot()).stop();
    clock.advance(7 * HOUR + MINUTE);
    expect((await boot()).slots).toEqual([]);
  });

  it('gives a missed slot to one of several processes that come back together', async () => {
    await (await boot()).stop();
    clock.advance(2 * HOUR);
    const back = await Promise.all([boot(), boot(), boot()]);
    expect(back.flatMap(({ slots }) => slots)).toEqual(['2026-11-02T07:00:00.000Z']);
  });

  it('that was changed does not take this morning for missed', async () => {
    await (await boot()).stop();
    clock.advance(2 * HOUR);
    expect((await boot({ scan: '30 7 * * *' })).slots).toEqual([]);
  });

  it('takes over the slot of a process that died after claiming it', async () => {
    await (await boot()).stop();
    clock.advance(HOUR);
    const slot = clock.now();
    await opened.store.transaction((tx) => claimSlot(tx, { job: JOB, slot }, 'dead'));
    clock.advance(4 * MINUTE);
    expect((await boot()).slots).toEqual([]);
    clock.advance(2 * MINUTE);
    expect((await boot()).slots).toEqual(['2026-11-02T07:00:00.000Z']);
    clock.advance(10 * MINUTE);
    expect((await boot()).slots).toEqual([]);
  });

  it('tries a turn again that failed', async () => {
    await (await boot()).stop();
    clock.advance(HOUR);
    expect((await boot({ fail: true })).slots).toHaveLength(1);
    clock.advance(6 * MINUTE);
    expect((await boot()).slots).toEqual(['2026-11-02T07:00:00.000Z']);
  });

  it('runs when the time comes, in one of two processes', async () => {
    clock = fakeTimers('2026-11-02T06:59:55.000Z');
    const both = [await boot(), await boot()];
    clock.advance(5_000);
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();
    await stopAll();
    expect(both.flatMap(({ slots }) => slots)).toEqual(['2026-11-02T07:00:00.000Z']);
  });

  it('runs late when the machine slept over the time', async () => {
    clock = fakeTimers('2026-11-02T06:59:55.000Z');
    const { slots } = await boot();
    clock.advance(DAY + 3 * HOUR);
    vi.setSystemTime(clock.now());
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();
    await stopAll();
    expect(slots).toEqual(['2026-11-03T07:00:00.000Z']);
  });
});

/** Stops the timers that node-cron uses, and the clock it looks at, at a moment. */
function fakeTimers(start: string) {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: new Date(start) });
  return testClock(start);
}

it('does nothing without an expression', async () => {
  const { store, close } = await (await storesOn('pglite')).open();
  const schedule = createSchedule({
    config: { schedules: { timezone: 'UTC' } },
    ...{ store, now: () => new Date(), logger, run: () => Promise.reject(new Error('nothing is scheduled')) },
  });
  await schedule.start();
  await schedule.stop();
  expect(await store.query.selectFrom('cronSlots').selectAll().execute()).toEqual([]);
  await close();
});
