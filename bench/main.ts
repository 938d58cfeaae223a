import { execFile } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { measureBot } from './bot.ts';
import { printed } from './print.ts';
import type { ScanFigures } from './scan.ts';
import { round } from './statistics.ts';

/*
 * `npm run bench [-- --json]`: everything on the simulated estate, in one go, so that the numbers can be set side by side.
 * What each of them means stands in docs/bench.md.
 */

/** Of each call to the simulated AWS. */
const LATENCY_MS = 40;
const INTERACTIONS = 250;
const SCANS = [
  ['--target=prod', '--sweep'],
  ['--target=prod'],
  ['--target=everything', '--sweep'],
  ['--target=everything'],
  ['--target=everything', '--accounts=100', '--later=2'],
];

export interface Figures {
  machine: { node: string; processors: number; loadBefore: number; loadAfter: number };
  latencyMs: number;
  scans: ScanFigures[];
  bot: Awaited<ReturnType<typeof measureBot>>;
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const loadBefore = load();
const scans: ScanFigures[] = [];
for (const wanted of SCANS) scans.push(await scanInProcess(wanted));
const bot = await measureBot({ latency: LATENCY_MS, interactions: INTERACTIONS });
const figures: Figures = {
  machine: { node: process.version, processors: cpus().length, loadBefore, loadAfter: load() },
  latencyMs: LATENCY_MS,
  scans,
  bot,
};
process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : printed(figures));

async function scanInProcess(wanted: readonly string[]): Promise<ScanFigures> {
  if (!values.json) process.stderr.write(`scan ${wanted.join(' ')}\n`);
  const script = fileURLToPath(new URL('scan-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, `--latency=${LATENCY_MS}`, ...wanted]);
  const measured: ScanFigures = JSON.parse(stdout);
  return measured;
}

/** Processes that wanted a processor in the last minute: more of them than processors, and all times are too long. */
function load(): number {
  return round(loadavg()[0] ?? 0, 1);
}
