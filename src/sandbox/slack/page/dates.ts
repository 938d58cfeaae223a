/** Dates as Slack writes them, in the reader's own time zone. Times are Unix seconds; `now` is in milliseconds. */

const format = (options: Intl.DateTimeFormatOptions) => (date: Date) =>
  new Intl.DateTimeFormat('en-US', options).format(date);

const clock = format({ hour: 'numeric', minute: '2-digit' });
const clockWithSeconds = format({ hour: 'numeric', minute: '2-digit', second: '2-digit' });
const numeric = (date: Date) =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
const short = format({ month: 'short', day: 'numeric', year: 'numeric' });
const long = (date: Date) =>
  `${format({ weekday: 'long' })(date)}, ${format({ month: 'long' })(date)} ${ordinal(date.getDate())}`;
const plainDate = (date: Date) =>
  `${format({ month: 'long' })(date)} ${ordinal(date.getDate())}, ${date.getFullYear()}`;

function ordinal(day: number): string {
  const teen = day % 100 > 10 && day % 100 < 14;
  return `${day}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`;
}

/** `10:32 AM` for a message's `ts`. */
export function clockOf(ts: string): string {
  return clock(new Date(Number(ts) * 1000));
}

/** The whole date and time, for titles and screen readers. */
export function fullDateOf(ts: string): string {
  const date = new Date(Number(ts) * 1000);
  return `${long(date)} at ${clockWithSeconds(date)}`;
}

/** `Today`, `Yesterday` or `Friday, November 20th`. */
export function dayOf(ts: string, now: number): string {
  const date = new Date(Number(ts) * 1000);
  return relativeDay(date, now) ?? long(date);
}

/** `2 minutes ago`, for the last reply of a thread. */
export function agoOf(ts: string, now: number): string {
  const minutes = Math.max(0, Math.round((now / 1000 - Number(ts)) / 60));
  if (minutes < 1) return 'just now';
  if (minutes < 60) return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return hours === 1 ? '1 hour ago' : `${hours} hours ago`;
  return `on ${short(new Date(Number(ts) * 1000))}`;
}

function relativeDay(date: Date, now: number): string | undefined {
  const days = Math.round((startOfDay(new Date(now)) - startOfDay(date)) / 86_400_000);
  return { '0': 'Today', '1': 'Yesterday', '-1': 'Tomorrow' }[String(days)];
}

const startOfDay = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/**
 * Fills the tokens of `<!date^…>` and of a rich text date.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
export function formatSlackDate(timestamp: number, pattern: string, now: number): string {
  const date = new Date(timestamp * 1000);
  const pretty = (plain: (date: Date) => string) => relativeDay(date, now)?.toLowerCase() ?? plain(date);
  const tokens: Readonly<Record<string, () => string>> = {
    date: () => plainDate(date),
    date_num: () => numeric(date),
    date_slash: () => numeric(date).replaceAll('-', '/'),
    date_short: () => short(date),
    date_long: () => `${long(date)}, ${date.getFullYear()}`,
    date_pretty: () => pretty(plainDate),
    date_short_pretty: () => pretty(short),
    date_long_pretty: () => pretty(long),
    day_divider_pretty: () => relativeDay(date, now) ?? long(date),
    time: () => clock(date),
    time_secs: () => clockWithSeconds(date),
    ago: () => agoOf(String(timestamp), now),
  };
  return pattern.replace(/\{(\w+)\}/g, (token, name: string) => tokens[name]?.() ?? token);
}
