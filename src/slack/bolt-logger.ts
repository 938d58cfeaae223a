import { format } from 'node:util';
import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from '../ops/logger.ts';

/**
 * Slack's packages speak through our logger, from which no token comes out; what they call info is of no interest. What
 * they call debug is whole requests and answers, and with them what a modal shows to one person alone: secrets of
 * one-time codes. That goes nowhere.
 */
export function boltLogger(logger: Logger): BoltLogger {
  const child = logger.child({ part: 'slack' });
  return {
    debug: () => undefined,
    info: (...said: unknown[]) => child.debug(format(...said)),
    warn: (...said: unknown[]) => child.warn(format(...said)),
    error: (...said: unknown[]) => child.error(format(...said)),
    // The level is that of our logger.
    setLevel: () => undefined,
    getLevel: () => LogLevel.DEBUG,
    setName: () => undefined,
  };
}
