import { format } from 'node:util';
import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from '../ops/logger.ts';

/** Slack's packages speak through our logger, from which no token comes out; what they call info is of no interest. */
export function boltLogger(logger: Logger): BoltLogger {
  const child = logger.child({ part: 'slack' });
  return {
    debug: (...said: unknown[]) => child.debug(format(...said)),
    info: (...said: unknown[]) => child.debug(format(...said)),
    warn: (...said: unknown[]) => child.warn(format(...said)),
    error: (...said: unknown[]) => child.error(format(...said)),
    // The level is that of our logger.
    setLevel: () => undefined,
    getLevel: () => LogLevel.DEBUG,
    setName: () => undefined,
  };
}
