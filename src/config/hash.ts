import { createHash } from 'node:crypto';
import type { Config } from './config.ts';

/**
 * SHA-256 (hex) over the configuration as canonical JSON: it is recorded in every approval (decision 38).
 * Secrets and what does not decide anything (log level, data folder) are left out.
 */
export function configHash({ secrets: _secrets, logLevel: _logLevel, store: _store, ...deciding }: Config): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(deciding)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, sorted(item)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
