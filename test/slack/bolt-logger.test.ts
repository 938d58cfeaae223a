import { expect, test } from 'vitest';
import { createLogger } from '../../src/ops/logger.ts';
import { boltLogger } from '../../src/slack/bolt-logger.ts';

test('whole requests, which Slack calls debug, are never logged: modals show secrets to one person alone', () => {
  const lines: string[] = [];
  const logger = boltLogger(createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } }));
  logger.debug('http request body: {"view":"JBSWY3DPEHPK3PXP"}');
  logger.info('connected');
  logger.warn('slow');
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain('JBSWY3DPEHPK3PXP');
});
