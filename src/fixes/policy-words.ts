import type { PlannedFreeze, Window } from './windows.ts';

const UNITS: readonly (readonly [milliseconds: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
];

/** Milliseconds the way the configuration writes them: `90m`, `24h`, `7d`. */
export function duration(milliseconds: number): string {
  const days = milliseconds / 86_400_000;
  // A day is written in hours, as people say it.
  if (days === 1) return '24h';
  const [size, unit] = UNITS.find(([each]) => milliseconds % each === 0) ?? [1_000, 's'];
  return `${milliseconds / size}${unit}`;
}

/** `mon, tue 09:00-17:00 (Europe/Berlin) or sat 10:00-12:00 (UTC)` */
export function windowWords(windows: readonly Window[]): string {
  return windows
    .map(
      ({ days, from, to, timezone }) => `${days.length === 7 ? 'daily' : days.join(', ')} ${from}-${to} (${timezone})`,
    )
    .join(' or ');
}

export function freezeWords({ from, to, reason }: PlannedFreeze): string {
  return `from ${minute(from)} to ${minute(to)}: ${reason}`;
}

function minute(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
