import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createAws } from '../src/aws/aws.ts';
import type { CallRecord } from '../src/aws/identity.ts';
import type { Config } from '../src/config/config.ts';
import { loadConfig } from '../src/config/load.ts';
import { formatProblems } from '../src/config/problem.ts';
import { createLogger } from '../src/ops/logger.ts';
import { loadCatalogue } from '../src/posture/catalogue.ts';
import { scan } from '../src/posture/scan.ts';
import { resolveTarget } from '../src/snapshot/target.ts';
import { longestChain, type Timed } from './chain.ts';
import { startChild } from './children.ts';
import { median, round } from './statistics.ts';

/** So slow that nothing else counts: what starts later than an answer has waited for one. */
const SLOW_MOTION_MS = 500;

const ready = z.object({
  endpoint: z.string(),
  hub: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
});

export interface ScanFigures {
  target: string;
  /** Accounts that were asked anything. */
  accounts: number;
  /** Every region is asked for trails as well, as on the first run and then daily. */
  sweep: boolean;
  /** In a process that has just started: code is loaded, roles are assumed, connections opened. */
  first: RunFigures;
  /** In a process that has scanned before, as the bot has. */
  later: RunFigures;
}

export interface RunFigures {
  calls: number;
  callsPerAccount: { fewest: number; median: number; most: number };
  /** Calls that AWS's quotas refused at least once. */
  throttled: number;
  /** Length of the longest chain of dependent calls, and the time it takes at this latency. */
  chain: number;
  chainMs: number;
  wallMs: number;
  /** Wall time by chain time. */
  ratio: number;
  /** Processor time of the scanning process: on a busy machine wall time tells more of the machine than of the scan. */
  cpuMs: number;
}

interface Recorded extends CallRecord, Timed {}

interface Run {
  wallMs: number;
  cpuMs: number;
  calls: Recorded[];
}

export interface ScanWanted {
  target: string;
  /** Accounts in the organization. */
  accounts: number;
  /** Of each call, in milliseconds. */
  latency: number;
  sweep: boolean;
  /** Scans after the first one; their median is reported. */
  laterRuns: number;
}

/** Scans an estate: at its latency for the time, then in slow motion for the chain. Must be alone in its process. */
export async function measureScan(wanted: ScanWanted): Promise<ScanFigures> {
  const [first, ...later] = await runs(wanted, 1 + wanted.laterRuns);
  const [slowFirst, slowLater] = await runs({ ...wanted, latency: SLOW_MOTION_MS }, 2);
  if (first === undefined || slowFirst === undefined || slowLater === undefined) throw new Error('no scan was made');
  return {
    target: wanted.target,
    accounts: callsByAccount(first.calls).length,
    sweep: wanted.sweep,
    first: figuresOf([first], slowFirst, wanted.latency),
    later: figuresOf(later, slowLater, wanted.latency),
  };
}

function figuresOf(timed: readonly Run[], slow: Run, latency: number): RunFigures {
  const calls = timed[0]?.calls ?? [];
  const perAccount = callsByAccount(calls);
  const chain = longestChain(slow.calls).length;
  const wallMs = median(timed.map((run) => run.wallMs));
  return {
    calls: calls.length,
    callsPerAccount: { fewest: Math.min(...perAccount), median: median(perAccount), most: Math.max(...perAccount) },
    throttled: timed.flatMap((run) => run.calls).filter(({ attempts }) => attempts > 1).length,
    chain,
    chainMs: chain * latency,
    wallMs: round(wallMs),
    ratio: round(wallMs / (chain * latency), 2),
    cpuMs: round(median(timed.map((run) => run.cpuMs))),
  };
}

function callsByAccount(calls: readonly Recorded[]): number[] {
  // GetCallerIdentity is asked before our own account is known.
  const known = calls.filter(({ account }) => account !== 'self');
  return [...Map.groupBy(known, ({ account }) => account).values()].map(({ length }) => length);
}

/** Scans the same target several times in this process, against an AWS in another. */
async function runs({ target: word, accounts, latency, sweep }: ScanWanted, times: number): Promise<Run[]> {
  const server = await startChild(
    [
      process.execPath,
      fileURLToPath(new URL('estate-server.ts', import.meta.url)),
      `--accounts=${accounts}`,
      `--latency=${latency}`,
    ],
    () => true,
  );
  const { endpoint, hub } = ready.parse(JSON.parse(server.line));
  const config = demoConfig();
  const catalogue = await loadCatalogue(fileURLToPath(new URL('../checks', import.meta.url)));
  let calls: Recorded[] = [];
  const aws = createAws({
    config: config.aws,
    now,
    logger: createLogger({ level: 'silent' }),
    env: {},
    endpoint,
    credentials: async () => hub,
    onCall: (call) => {
      const startedAt = call.at.getTime();
      calls.push({ ...call, startedAt, endedAt: startedAt + call.durationMs });
    },
  });
  const done: Run[] = [];
  for (let run = 0; run < times; run += 1) {
    calls = [];
    const startedAt = performance.now();
    const cpu = process.cpuUsage();
    const target = await resolveTarget(word, config, aws);
    if ('suggestions' in target) throw new Error(`${word} is not in the demo's configuration`);
    await scan({ aws, config, catalogue, now }, target, { sweep });
    const { user, system } = process.cpuUsage(cpu);
    done.push({ wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1000, calls });
  }
  aws.close();
  await server.stop();
  return done;
}

function now(): Date {
  return new Date();
}

function demoConfig(): Config {
  const TRAIL_CHECK_CONFIG = fileURLToPath(new URL('../demo/trail-check.yaml', import.meta.url));
  const loaded = loadConfig({ env: { TRAIL_CHECK_CONFIG }, cwd: process.cwd(), now: now(), commands: [] });
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
}
