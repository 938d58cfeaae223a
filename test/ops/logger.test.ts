import { expect, it } from 'vitest';
import { createLogger } from '../../src/ops/logger.ts';

function collect() {
  const lines: string[] = [];
  return { lines, destination: { write: (line: string) => lines.push(line) } };
}

it('writes one JSON object a line and drops what is under the level', () => {
  const { lines, destination } = collect();
  const logger = createLogger({ level: 'info', destination });
  logger.debug('no');
  logger.child({ run: 'r1' }).info({ account: '111111111111' }, 'scanned');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'info', run: 'r1', account: '111111111111', msg: 'scanned' },
  ]);
});

it('lets no secret out by key, by child binding, in a message, in an error or its cause', () => {
  const { lines, destination } = collect();
  const logger = createLogger({ level: 'debug', destination });
  const cause = new Error('postgres://u:hunter2@h/db');
  const error = new Error('invalid xoxb-1-hunter2', { cause });
  logger.child({ token: 'hunter2' }).warn({ a: { b: { c: { cookie: 'hunter2' } } } }, 'password=hunter2');
  logger.error({ err: error }, error.message);
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toContain('hunter2');
  expect(lines.every((line) => JSON.parse(line))).toBe(true);
});

it('prints a readable line on request', () => {
  const { lines, destination } = collect();
  createLogger({ level: 'info', destination, pretty: true }).error({ err: new Error('boom'), n: 1 }, 'failed');
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d ERROR failed n=1\n {2}Error: boom\n/);
});
