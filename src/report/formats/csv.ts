import type { Finding } from '../../check/finding.ts';
import type { ScanReport } from '../../posture/report.ts';
import { accountNames } from './lookup.ts';

interface Row extends Finding {
  run: ScanReport['run'];
  accountName: string;
}

const COLUMNS: { readonly [column: string]: (row: Row) => string } = {
  id: ({ id }) => id,
  verdict: ({ verdict }) => verdict,
  severity: ({ severity }) => severity,
  check: ({ check }) => check,
  title: ({ title }) => title,
  account: ({ account }) => account,
  account_name: ({ accountName }) => accountName,
  region: ({ region }) => region,
  resource: ({ resource }) => resource,
  reason: ({ reason }) => reason ?? '',
  fix: ({ fix }) => fix,
  risk: ({ risk }) => risk ?? '',
  people: ({ people }) => String(people ?? ''),
  missing_permissions: ({ missingPermissions }) => missingPermissions.join(' '),
  inherited_from: ({ inheritedFrom }) => inheritedFrom ?? '',
  cause: ({ cause }) => cause ?? '',
  notes: ({ notes }) => notes.join('\n'),
  controls: ({ controls }) =>
    Object.entries(controls)
      .flatMap(([name, ids]) => ids.map((id) => `${name}:${id}`))
      .join(' '),
  exempt_until: ({ exemption }) => exemption?.until ?? '',
  exempt_reason: ({ exemption }) => exemption?.reason ?? '',
  evidence: ({ evidence }) => JSON.stringify(evidence),
  run: ({ run }) => run.id,
  target: ({ run }) => run.target,
  time: ({ run }) => run.finishedAt,
};

/** RFC 4180: a header, then one finding a record, each ended by CRLF. */
export function* csvRecords(report: ScanReport): Generator<string> {
  yield csvRecord(Object.keys(COLUMNS));
  const names = accountNames(report);
  for (const finding of report.findings) {
    const row = { ...finding, run: report.run, accountName: names.get(finding.account) ?? finding.account };
    yield csvRecord(Object.values(COLUMNS).map((cell) => cell(row)));
  }
}

/** One record, ended by CRLF; no cell of it acts in a spreadsheet. */
export function csvRecord(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(text: string): string {
  const safe = defuse(withoutControls(text));
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Spreadsheets take what begins like this for a formula; names in an AWS estate are anybody's to choose. */
function defuse(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text;
}

/** RFC 4180 knows no control characters but the ends of lines; turned writing would lie in a spreadsheet. */
function withoutControls(text: string): string {
  return text.replace(/(?![\t\r\n])[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, '·').toWellFormed();
}
