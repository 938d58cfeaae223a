import type { ScanReport } from '../../posture/report.ts';
import { accountNames } from './lookup.ts';

/** One finding a line, as in the JSON of `scan`, with the run it comes from. */
export function* ndjsonLines(report: ScanReport): Generator<string> {
  const { id: run, target, finishedAt: time } = report.run;
  const names = accountNames(report);
  for (const finding of report.findings) {
    const accountName = names.get(finding.account) ?? finding.account;
    yield line({ schema: report.schema, run, target, time, accountName, ...finding });
  }
}

/** JSON on one line, also for readers that take U+2028 and its like for the end of one. */
export function line(value: object): string {
  const json = JSON.stringify(value).replace(
    /[\u0085\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${json}\n`;
}
