import { describe, expect, test } from 'vitest';
import { nextOpening, plannedFreezeAt, type Window } from '../../src/fixes/windows.ts';

const ALL: Window['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function window(from: string, to: string, rest: Partial<Window> = {}): Window {
  return { days: ALL, from, to, timezone: 'UTC', ...rest };
}

const OFFICE = window('09:00', '17:00', { days: ['mon', 'tue', 'wed', 'thu', 'fri'], timezone: 'Europe/Berlin' });

describe('the next moment at which fixes may run', () => {
  test.each<[string, readonly (readonly Window[])[], string, string | undefined]>([
    ['is now where nothing limits it', [], '2026-11-02T03:04:05.678Z', '2026-11-02T03:04:05.678Z'],
    ['is now within a window', [[OFFICE]], '2026-11-02T09:30:15.000Z', '2026-11-02T09:30:15.000Z'],
    ['is the first minute of a window', [[OFFICE]], '2026-11-02T07:59:59.999Z', '2026-11-02T08:00:00.000Z'],
    ['is not the minute in which a window closes', [[OFFICE]], '2026-11-02T16:00:00.000Z', '2026-11-03T08:00:00.000Z'],
    ['is still the last second of it', [[OFFICE]], '2026-11-02T15:59:59.000Z', '2026-11-02T15:59:59.000Z'],
    ['is Monday for a Friday night', [[OFFICE]], '2026-11-06T20:00:00.000Z', '2026-11-09T08:00:00.000Z'],
    [
      'is in the earliest of the windows of one list',
      [[window('22:00', '23:00'), window('04:10', '05:00')]],
      '2026-11-02T01:00:00.000Z',
      '2026-11-02T04:10:00.000Z',
    ],
    [
      'is where the windows of all lists are open',
      [[window('08:00', '12:00')], [window('11:07', '13:00'), window('07:00', '08:00')]],
      '2026-11-02T00:00:00.000Z',
      '2026-11-02T11:07:00.000Z',
    ],
    [
      'is never where windows have no minute in common',
      [[window('08:00', '12:00')], [window('12:00', '13:00')]],
      '2026-11-02T00:00:00.000Z',
      undefined,
    ],
    [
      'follows the clocks of its time zone, also past the hour',
      [[window('09:00', '10:00', { timezone: 'Asia/Kathmandu' })]],
      '2026-11-02T00:00:00.000Z',
      '2026-11-02T03:15:00.000Z',
    ],
    ['is an hour earlier by UTC in summer', [[OFFICE]], '2026-07-06T00:00:00.000Z', '2026-07-06T07:00:00.000Z'],
    // On 2026-03-29 at 01:00 UTC clocks in Berlin go from 02:00 to 03:00.
    [
      'is the hour after the one that spring leaves out',
      [[window('02:30', '04:00', { timezone: 'Europe/Berlin' })]],
      '2026-03-29T00:00:00.000Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'is a day later where spring leaves out all of a window',
      [[window('02:10', '02:50', { timezone: 'Europe/Berlin' })]],
      '2026-03-29T00:00:00.000Z',
      '2026-03-30T00:10:00.000Z',
    ],
    // On 2026-10-25 at 01:00 UTC clocks in Berlin go from 03:00 back to 02:00.
    [
      'is in the first of two equal hours in autumn',
      [[window('02:30', '02:45', { timezone: 'Europe/Berlin' })]],
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
    ],
    [
      'and in the second too',
      [[window('02:30', '02:45', { timezone: 'Europe/Berlin' })]],
      '2026-10-25T00:50:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ],
    // Lord Howe Island moves its clocks by half an hour, at 02:00 on 2026-10-04 (15:30 UTC the day before).
    [
      'knows clocks that move by half an hour',
      [[window('02:10', '03:00', { timezone: 'Australia/Lord_Howe' })]],
      '2026-10-03T15:00:00.000Z',
      '2026-10-03T15:30:00.000Z',
    ],
  ])('%s', (_, windows, at, expected) => {
    expect(nextOpening({ windows, freezes: [] }, new Date(at))?.toISOString()).toBe(expected);
  });
});

describe('a planned freeze', () => {
  const freeze = (from: string, to: string, reason = 'year end') => ({ from, to, reason });
  const YEAR_END = freeze('2026-12-20T00:00:00+01:00', '2027-01-04T06:30:20+01:00');

  test.each<[string, readonly (readonly Window[])[], string, string]>([
    ['puts off to its end', [], '2026-12-24T12:00:00.000Z', '2027-01-04T05:30:20.000Z'],
    ['and then to the next window', [[OFFICE]], '2026-12-24T12:00:00.000Z', '2027-01-04T08:00:00.000Z'],
    ['that is not there yet stops nothing', [], '2026-12-19T22:59:59.000Z', '2026-12-19T22:59:59.000Z'],
    ['that a window opens into puts off too', [[OFFICE]], '2026-12-18T20:00:00.000Z', '2027-01-04T08:00:00.000Z'],
  ])('%s', (_, windows, at, expected) => {
    expect(nextOpening({ windows, freezes: [YEAR_END] }, new Date(at))?.toISOString()).toBe(expected);
  });

  test('follows another that it touches', () => {
    const freezes = [freeze('2027-01-04T05:30:20Z', '2027-01-05T00:00:00Z'), YEAR_END];
    expect(nextOpening({ windows: [], freezes }, new Date('2026-12-24T12:00:00Z'))?.toISOString()).toBe(
      '2027-01-05T00:00:00.000Z',
    );
  });

  test('is told of by the one that lasts longest', () => {
    const freezes = [freeze('2026-12-24T00:00:00Z', '2026-12-25T00:00:00Z', 'release'), YEAR_END];
    expect(plannedFreezeAt(freezes, new Date('2026-12-24T12:00:00Z'))?.reason).toBe('year end');
    expect(plannedFreezeAt(freezes, new Date('2026-11-24T12:00:00Z'))).toBeUndefined();
  });
});
