import type { Severity } from '../check/finding.ts';
import type { ScanReport } from './report.ts';
import { SEVERITIES } from './summary.ts';

/**
 * Exit status of `scan` (decision 4): 1 with a failure at or over the bar; else 2 when the scan is incomplete or
 * anything at or over the bar is unknown; else 0.
 */
export function exitStatus({ findings, accounts, run }: ScanReport, bar: Severity): 0 | 1 | 2 {
  const counting = findings.filter(({ severity }) => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(bar));
  if (counting.some(({ verdict }) => verdict === 'fail')) return 1;
  const unread = accounts.some(({ shared, status }) => !shared && status !== 'scanned');
  return unread || !run.complete || counting.some(({ verdict }) => verdict === 'unknown') ? 2 : 0;
}
