import type { ScanReport } from '../../posture/report.ts';
import { packReportText } from '../packs.ts';
import { type Screen, scanTable } from '../terminal.ts';
import { asffFindings } from './asff.ts';
import { csvRecords } from './csv.ts';
import type { FormatContext } from './lookup.ts';
import { line, ndjsonLines } from './ndjson.ts';
import { ocsfEvents } from './ocsf.ts';
import { sarifLog } from './sarif.ts';

export const FORMATS = ['table', 'json', 'ndjson', 'csv', 'asff', 'ocsf', 'sarif'] as const;
export type Format = (typeof FORMATS)[number];

/** A report in one of the formats, piece by piece, so that a large one need not stand in memory as text. */
export function* formatted(
  report: ScanReport,
  format: Format,
  context: FormatContext & { screen: Pick<Screen, 'interactive' | 'columns'> },
): Generator<string> {
  switch (format) {
    case 'table':
      yield report.pack === undefined
        ? scanTable(report, context.screen)
        : packReportText(report.run.target, report.pack, context.screen);
      return;
    case 'json':
      yield `${JSON.stringify(report, null, 2)}\n`;
      return;
    case 'ndjson':
      yield* ndjsonLines(report);
      return;
    case 'csv':
      yield* csvRecords(report);
      return;
    case 'asff':
      yield* array(asffFindings(report, context));
      return;
    case 'ocsf':
      for (const event of ocsfEvents(report, context)) yield line(event);
      return;
    case 'sarif':
      yield `${JSON.stringify(sarifLog(report, context), null, 2)}\n`;
  }
}

/** A JSON array, an element a line. */
function* array(elements: Iterable<object>): Generator<string> {
  let before = '[\n';
  for (const element of elements) {
    yield `${before}${JSON.stringify(element)}`;
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
