import { createTask } from 'node-cron';
import { afterAll, describe, expect, it } from 'vitest';
import { latestDue } from '../../src/schedule/due.ts';

const HOUR = 3_600_000;
const tasks: ReturnType<typeof createTask>[] = [];
afterAll(() => {
  for (const task of tasks) task.destroy();
});

function due(expression: string, timezone: string, now: string, graceMs = 6 * HOUR): string | undefined {
  const task = createTask(expression, () => {}, { timezone });
  tasks.push(task);
  return latestDue((minute) => task.match(minute), new Date(now), graceMs)?.toISOString();
}

describe('the latest slot that came due', () => {
  it.each([
    ['at the very moment', '0 7 * * *', 'UTC', '2026-11-02T07:00:00.000Z', '2026-11-02T07:00:00.000Z'],
    ['seconds later', '0 7 * * *', 'UTC', '2026-11-02T07:00:31.500Z', '2026-11-02T07:00:00.000Z'],
    ['just within six hours', '0 7 * * *', 'UTC', '2026-11-02T13:00:00.000Z', '2026-11-02T07:00:00.000Z'],
    ['after six hours', '0 7 * * *', 'UTC', '2026-11-02T13:00:01.000Z', undefined],
    ['before it', '0 7 * * *', 'UTC', '2026-11-02T06:59:59.999Z', undefined],
    ['the last of several', '*/30 * * * *', 'UTC', '2026-11-02T09:44:00.000Z', '2026-11-02T09:30:00.000Z'],
    ['on a weekend, for workdays', '0 7 * * 1-5', 'UTC', '2026-11-01T08:00:00.000Z', undefined],
    ['in winter of its zone', '0 7 * * *', 'Europe/Berlin', '2026-11-02T08:00:00.000Z', '2026-11-02T06:00:00.000Z'],
    ['in summer of its zone', '0 7 * * *', 'Europe/Berlin', '2026-07-02T08:00:00.000Z', '2026-07-02T05:00:00.000Z'],
    ['a zone off by half an hour', '0 7 * * *', 'Asia/Kolkata', '2026-11-02T02:00:00.000Z', '2026-11-02T01:30:00.000Z'],
  ])('%s', (_, expression, timezone, now, expected) => {
    expect(due(expression, timezone, now)).toBe(expected);
  });
});
