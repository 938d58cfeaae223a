import type { Figures } from './main.ts';
import type { RunFigures } from './scan.ts';

type Cell = string | number;

/** The figures for people, as tables in Markdown. */
export function printed({ machine, latencyMs, scans, bot }: Figures): string {
  const { start, memory, acks } = bot;
  return [
    `Node ${machine.node}, ${machine.processors} processors, load ${machine.loadBefore} before and ${machine.loadAfter} after, ${latencyMs} ms a call`,
    '',
    table(
      [
        'scan',
        'accounts',
        'sweep',
        'run',
        'calls',
        'an account',
        'throttled',
        'chain',
        'ms',
        'wall ms',
        'ratio',
        'cpu ms',
      ],
      scans.flatMap(({ target, accounts, sweep, first, later }) =>
        Object.entries({ first, later }).map(([run, figures]) => [
          target,
          accounts,
          sweep ? 'yes' : 'no',
          run,
          ...runCells(figures),
        ]),
      ),
    ),
    table(
      ['acknowledged', 'kind', 'count', 'missed', 'p50 ms', 'p99 ms'],
      acks.map(({ when, kind, count, missed, p50, p99 }) => [when, kind, count, missed, p50, p99]),
    ),
    table(
      ['memory at rest', 'after use', 'while scanning', 'highest'],
      [[memory.atRest, memory.afterUse, memory.whileScanning, memory.highest].map((megabytes) => `${megabytes} MB`)],
    ),
    table(
      ['serve ready, first time', 'serve ready, later', 'demo ready'],
      [[start.serveFirstMs, start.serveAgainMs, start.demoMs].map((ms) => `${(ms / 1000).toFixed(1)} s`)],
    ),
  ].join('\n');
}

function runCells({ calls, callsPerAccount, throttled, chain, chainMs, wallMs, ratio, cpuMs }: RunFigures): Cell[] {
  const { fewest, median, most } = callsPerAccount;
  return [calls, `${fewest}/${median}/${most}`, throttled, chain, chainMs, wallMs, ratio, cpuMs];
}

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [head, head.map(() => '-'), ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => String(cells[column]).length)));
  const line = (cells: readonly Cell[]) =>
    `| ${cells.map((cell, column) => String(cell).padEnd(widths[column] ?? 0, cell === '-' ? '-' : ' ')).join(' | ')} |`;
  return `${lines.map(line).join('\n')}\n`;
}
