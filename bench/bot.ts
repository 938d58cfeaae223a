import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../src/start-sandbox.ts';
import { type Child, LAUNCHER, memoryOf, startChild } from './children.ts';
import { keepScanning, prepareThread, usePatiently } from './people.ts';
import { percentile, round } from './statistics.ts';
import { type Ack, callTimes, type Workspace, workspaceAt } from './workspace.ts';

/** An acknowledgement this close to a call to AWS was given while something was being read. */
const WHILE_SCANNING_MS = 100;
const RESTING_MS = 5_000;
const SAMPLE_EVERY_MS = 200;

export interface BotFigures {
  start: {
    /** `serve` in an empty folder, which makes the database. */
    serveFirstMs: number;
    serveAgainMs: number;
    /** `demo --json` until its line: two simulators, an empty folder, the bot. */
    demoMs: number;
  };
  /** Resident, of the bot's process, in MB. */
  memory: { atRest: number; afterUse: number; whileScanning: number; highest: number };
  acks: AckFigures[];
}

/** From Slack's envelope to its acknowledgement, in milliseconds. */
export interface AckFigures {
  when: 'at rest' | 'while scanning';
  kind: string;
  count: number;
  /** Not acknowledged within Slack's three seconds. */
  missed: number;
  p50: number;
  p99: number;
}

/** Starts the real bot between two simulators, each in a process of its own, and uses it. */
export async function measureBot({
  latency,
  interactions,
}: {
  latency: number;
  interactions: number;
}): Promise<BotFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'trail-check-bench-'));
  const log = () => {};
  const aws = await startSandbox(['--aws', '--latency', String(latency)], log);
  const slack = await startSandbox(['--slack'], log);
  const env = { ...process.env, ...slack.env, ...aws.env, LOG_LEVEL: 'info' };
  const serve = () =>
    startChild([LAUNCHER, 'serve'], (line) => line.includes('the bot is ready'), { cwd: folder, env });
  try {
    const first = await serve();
    const used = await useBot(first, aws.aws?.endpoint ?? '', workspaceAt(slack.slack?.url ?? ''), interactions);
    await first.stop();
    const again = await serve();
    await again.stop();
    const demo = await startChild([LAUNCHER, 'demo', '--json'], (line) => line.startsWith('{"page"'), { cwd: folder });
    await demo.stop();
    return {
      start: {
        serveFirstMs: round(first.readyAfterMs),
        serveAgainMs: round(again.readyAfterMs),
        demoMs: round(demo.readyAfterMs),
      },
      ...used,
    };
  } finally {
    await Promise.all([aws.stop(), slack.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function useBot(
  { pid }: Child,
  awsUrl: string,
  workspace: Workspace,
  interactions: number,
): Promise<Pick<BotFigures, 'memory' | 'acks'>> {
  await sleep(RESTING_MS);
  const atRest = (await memoryOf(pid)).now;
  await prepareThread(workspace);
  await sleep(RESTING_MS);

  const resting = await acksWhile(workspace, interactions, (stopped) => [usePatiently(workspace, stopped)]);
  const afterUse = (await memoryOf(pid)).now;
  let whileScanning = 0;
  const both = await acksWhile(workspace, interactions * 2, (stopped) => [
    usePatiently(workspace, stopped),
    keepScanning(workspace, stopped),
    sample(stopped, async () => {
      whileScanning = Math.max(whileScanning, (await memoryOf(pid)).now);
    }),
  ]);
  const calls = await callTimes(awsUrl);
  const scanning = both.filter(({ at }) => calls.some((call) => Math.abs(call - at) <= WHILE_SCANNING_MS));
  return {
    memory: {
      atRest: round(atRest),
      afterUse: round(afterUse),
      whileScanning: round(whileScanning),
      highest: round((await memoryOf(pid)).highest),
    },
    acks: [...ackFigures('at rest', resting), ...ackFigures('while scanning', scanning)],
  };
}

/** The next `count` acknowledgements, while people do something. */
async function acksWhile(
  workspace: Workspace,
  count: number,
  begin: (stopped: () => boolean) => Promise<void>[],
): Promise<Ack[]> {
  const before = (await workspace.acks()).length;
  let enough = false;
  const doing = Promise.all(begin(() => enough));
  while (!enough) {
    await Promise.race([sleep(1_000), doing]);
    enough = (await workspace.acks()).length >= before + count;
  }
  await doing;
  return (await workspace.acks()).slice(before);
}

async function sample(stopped: () => boolean, look: () => Promise<void>): Promise<void> {
  for (; !stopped(); await sleep(SAMPLE_EVERY_MS)) await look();
}

function ackFigures(when: AckFigures['when'], acks: readonly Ack[]): AckFigures[] {
  const figures = (kind: string, some: readonly Ack[]): AckFigures => {
    const ms = some.map((ack) => ack.ms);
    return {
      when,
      kind,
      count: some.length,
      missed: some.filter(({ acked }) => !acked).length,
      p50: round(percentile(ms, 0.5) ?? Number.NaN, 1),
      p99: round(percentile(ms, 0.99) ?? Number.NaN, 1),
    };
  };
  return [
    figures('all', acks),
    ...[...Map.groupBy(acks, ({ kind }) => kind)].map(([kind, some]) => figures(kind, some)),
  ];
}
