import type { ApprovalPolicy, Config } from '../config/config.ts';

/** Days of the week, from one time of day to a later one, in a time zone. */
export type Window = NonNullable<ApprovalPolicy['windows']>[number];
/** A time, known beforehand, in which nothing runs. */
export type PlannedFreeze = Omit<Config['approval']['freezes'][number], 'environment'>;

/** When fixes may run: inside a window of every list, and in no freeze. */
export interface Hours {
  windows: readonly (readonly Window[])[];
  freezes: readonly PlannedFreeze[];
}

const MINUTE_MS = 60_000;
/** Offsets of time zones, and the moments at which they change, are multiples of this. */
const SLOT_MINUTES = 15;
const SLOT_MS = SLOT_MINUTES * MINUTE_MS;
/** Windows come again every week; one that the change to summer time swallows, a week later. */
const HORIZON_MS = 15 * 24 * 60 * MINUTE_MS;
const WHOLE_SLOT = (1 << SLOT_MINUTES) - 1;

/**
 * The first moment from `at` on at which fixes may run: `at` itself while a window is open. Undefined: the windows have
 * no minute in common. A window is what the clocks of its time zone show: an hour that comes twice in autumn is open twice,
 * and one that begins in the hour that spring leaves out begins with the hour after it.
 */
export function nextOpening({ windows, freezes }: Hours, at: Date): Date | undefined {
  let from = at.getTime();
  // Each round that does not answer has passed a freeze.
  for (let round = 0; round <= freezes.length; round++) {
    const open = firstOpen(windows, from);
    if (open === undefined) return undefined;
    const frozen = freezes.filter((freeze) => Date.parse(freeze.from) <= open && open < Date.parse(freeze.to));
    if (frozen.length === 0) return new Date(open);
    from = Math.max(...frozen.map(({ to }) => Date.parse(to)));
  }
  return undefined;
}

/** The freeze of a moment, if there is one; of several the one that lasts longest. */
export function plannedFreezeAt(freezes: readonly PlannedFreeze[], at: Date): PlannedFreeze | undefined {
  return freezes
    .filter(({ from, to }) => Date.parse(from) <= at.getTime() && at.getTime() < Date.parse(to))
    .sort((one, other) => Date.parse(other.to) - Date.parse(one.to))[0];
}

function firstOpen(lists: readonly (readonly Window[])[], from: number): number | undefined {
  if (lists.length === 0) return from;
  const clocks = new Map<string, Intl.DateTimeFormat>();
  const first = Math.floor(from / SLOT_MS) * SLOT_MS;
  for (let slot = first; slot < from + HORIZON_MS; slot += SLOT_MS) {
    let open = WHOLE_SLOT;
    for (const windows of lists)
      open &= windows.reduce((minutes, window) => minutes | openMinutes(window, slot, clocks), 0);
    for (let minute = 0; minute < SLOT_MINUTES; minute++) {
      const begins = slot + minute * MINUTE_MS;
      if ((open & (1 << minute)) !== 0 && begins + MINUTE_MS > from) return Math.max(begins, from);
    }
  }
  return undefined;
}

/** The minutes of a quarter of an hour in which a window is open, one bit each. */
function openMinutes(
  { days, from, to, timezone }: Window,
  slot: number,
  clocks: Map<string, Intl.DateTimeFormat>,
): number {
  const { day, minutes } = wallClock(timezone, slot, clocks);
  if (!days.some((each) => each === day)) return 0;
  const [opens, closes] = [minutesOf(from), minutesOf(to)];
  let open = 0;
  for (let minute = 0; minute < SLOT_MINUTES; minute++) {
    if (minutes + minute >= opens && minutes + minute < closes) open |= 1 << minute;
  }
  return open;
}

function wallClock(timezone: string, at: number, clocks: Map<string, Intl.DateTimeFormat>) {
  const known = clocks.get(timezone);
  const clock =
    known ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  if (known === undefined) clocks.set(timezone, clock);
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const minutes = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  return { day: parts.get('weekday')?.toLowerCase(), minutes };
}

/** `09:30` as minutes since midnight. */
function minutesOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}
