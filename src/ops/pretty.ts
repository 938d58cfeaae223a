/** Turns one JSON log line into a line for people: time, level, message, fields; the stack of an error below it. */
export function prettyLine(line: string): string {
  const { time, level, msg, err, ...fields }: Record<string, unknown> = JSON.parse(line);
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${shown(value)}`);
  const head = [String(time).slice(11, 19), String(level).toUpperCase().padEnd(5), msg, ...rest].join(' ');
  return err === undefined ? `${head}\n` : `${head}\n  ${shown(stackOf(err)).replaceAll('\n', '\n  ')}\n`;
}

function stackOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'stack' in error ? error.stack : error;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
