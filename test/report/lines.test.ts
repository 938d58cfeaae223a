import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ScanReport } from '../../src/posture/report.ts';
import { type Format, formatted } from '../../src/report/formats/format.ts';
import { findingSchema, scanSchema } from '../../src/report/scan-schema.ts';
import { context, finding, HOSTILE, REPORTS, report } from './reports.ts';

const textOf = (of: ScanReport, format: Format) =>
  [...formatted(of, format, { ...context, screen: { interactive: false } })].join('');

describe('NDJSON', () => {
  const lineSchema = findingSchema.extend({
    schema: z.literal(1),
    run: z.string(),
    target: z.string(),
    time: z.iso.datetime(),
    accountName: z.string(),
  });

  it.each(REPORTS)('is a finding of the documented schema on each line: %s', (_, of) => {
    expect(scanSchema.safeParse(JSON.parse(textOf(of, 'json'))).error).toBeUndefined();
    const lines = textOf(of, 'ndjson')
      .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
      .slice(0, -1);
    expect(lines.length).toBe(of.findings.length);
    for (const line of lines) expect(lineSchema.safeParse(JSON.parse(line)).error).toBeUndefined();
  });
});

/** Records of RFC 4180, read by its own grammar: `file = record *(CRLF record) CRLF`. */
function readCsv(text: string): string[][] {
  const records: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const from = field.lastIndex;
    const [, quoted, plain, end] = field.exec(text) ?? [];
    if (end === undefined) throw new Error(`not RFC 4180 at ${from}: ${JSON.stringify(text.slice(from, from + 60))}`);
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}

describe('CSV', () => {
  it.each(REPORTS)('is RFC 4180, every record with all its cells: %s', (_, of) => {
    const [header = [], ...records] = readCsv(textOf(of, 'csv'));
    expect(records.length).toBe(of.findings.length);
    expect(records.filter((cells) => cells.length !== header.length)).toEqual([]);
    expect(records.map(([id]) => id)).toEqual(of.findings.map(({ id }) => id));
  });

  it('has no cell that a spreadsheet would run, and no control characters', () => {
    const text = textOf(report(HOSTILE), 'csv');
    expect(
      readCsv(text)
        .flat()
        .filter((cell) => /^[=+\-@\t\r]/.test(cell)),
    ).toEqual([]);
    expect(text).not.toMatch(/(?![\t\r\n])[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('defuses %j', (reason) => {
    const [header = [], cells = []] = readCsv(textOf(report([finding({ reason })]), 'csv'));
    expect(cells[header.indexOf('reason')]).toBe(`'${reason}`);
  });
});
