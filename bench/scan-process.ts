import { parseArgs } from 'node:util';
import { measureScan } from './scan.ts';

/* One measurement of scans in a process of its own, so that the first scan of it is a first one. Prints a line of JSON. */
const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'prod' },
    accounts: { type: 'string', default: '6' },
    latency: { type: 'string', default: '40' },
    later: { type: 'string', default: '5' },
    sweep: { type: 'boolean', default: false },
  },
});
const { target, sweep } = values;
const figures = await measureScan({
  target,
  sweep,
  accounts: Number(values.accounts),
  latency: Number(values.latency),
  laterRuns: Number(values.later),
});
process.stdout.write(`${JSON.stringify(figures)}\n`);
