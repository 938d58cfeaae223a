const MINUTE_MS = 60_000;

/**
 * The latest slot that has come due, at most `graceMs` ago; undefined if there was none. Slots are whole minutes, as
 * expressions of five fields have them; `matches` tells whether a minute is one.
 */
export function latestDue(matches: (minute: Date) => boolean, now: Date, graceMs: number): Date | undefined {
  const oldest = now.getTime() - graceMs;
  for (let time = startOfMinute(now).getTime(); time >= oldest; time -= MINUTE_MS) {
    const minute = new Date(time);
    if (matches(minute)) return minute;
  }
  return undefined;
}

export function startOfMinute(time: Date): Date {
  return new Date(Math.floor(time.getTime() / MINUTE_MS) * MINUTE_MS);
}
