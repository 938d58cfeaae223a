import { expect, it } from 'vitest';
import { scanTable } from '../../src/report/terminal.ts';
import { EACH_VERDICT, finding, HOSTILE, report } from './reports.ts';

const LONG = finding({
  reason:
    'The bucket policy lets everyone who knows the name of the bucket write objects below the prefix of the trail, so that false log files can be planted.',
  notes: ['A note that is long enough to need a second line in a terminal that is only eighty columns wide.'],
});

it.each([80, 60])('keeps to %i columns; only a word that is longer stands over', (columns) => {
  const of = report([LONG, ...EACH_VERDICT, ...HOSTILE], { notes: [LONG.reason ?? ''] });
  const lines = scanTable(of, { interactive: false, columns }).split('\n');
  const over = lines.filter((line) => line.length > columns);
  expect(over.filter((line) => line.trim().includes(' '))).toEqual([]);
});

it('leaves lines whole where there is no terminal', () => {
  const text = scanTable(report([LONG]), { interactive: false });
  expect(text).toContain(`         ${LONG.reason}\n`);
});
