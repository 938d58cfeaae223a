import { parseArgs } from 'node:util';
import { measureScan } from './scan.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const prod = await measureScan({ target: 'prod', accounts: 6, latency: 40, sweep: true });
process.stdout.write(`${JSON.stringify({ prod }, null, values.json ? 0 : 2)}\n`);
