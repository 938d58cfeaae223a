import type { FixView } from '../../fixes/fix.ts';
import type { Run } from '../../store/database.ts';
import { context, section } from './elements.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { count, escapeText, mention, oneLine, when } from './text.ts';
import { SEVERITY } from './vocabulary.ts';

export interface StatusInput {
  /** The latest runs, newest first. */
  runs: readonly Run[];
  /** Fixes that wait for a decision, oldest first. */
  pending: readonly FixView[];
  version: string;
  environments: readonly string[];
}

const MOST = 10;

/** The last run of each environment, what waits for a decision, and the version. */
export function statusMessage({ runs, pending, version, environments }: StatusInput): Message {
  const latest = environments.map((name) =>
    environmentLine(
      name,
      runs.find(({ target }) => target === name),
    ),
  );
  const waiting = pending.slice(0, MOST).map(pendingLine);
  const more = pending.length - waiting.length;
  if (more > 0) waiting.push(`and ${more} more`);
  const blocks = fitBlocks(
    {
      head: [],
      body: [
        ...chunks(latest.length === 0 ? ['No environment is configured.'] : latest).map((lines) => [
          section(lines.join('\n')),
        ]),
        [
          section(
            waiting.length === 0
              ? '✅ Nothing waits for a decision.'
              : `⏳ *Waiting for a decision*\n${waiting.join('\n')}`,
          ),
        ],
      ],
      tail: [context(`trail-check ${escapeText(version)}`)],
    },
    LIMITS.message,
    (left) => context(`… and ${count(left, 'more part')} of this list`),
  );
  return {
    text: `${count(environments.length, 'environment')}, ${count(pending.length, 'fix', 'fixes')} waiting`,
    blocks,
  };
}

/** One line on an environment: its score, or how far its first run is. */
export function environmentLine(name: string, run: Run | undefined): string {
  const label = `*${escapeText(oneLine(name, 80))}*`;
  if (run === undefined) return `⚪ ${label} · not checked yet`;
  const at = when(run.finishedAt ?? run.startedAt ?? run.createdAt);
  if (run.state === 'failed') return `❌ ${label} · could not be checked · ${at}`;
  if (run.state !== 'done' || run.score === null) return `⏳ ${label} · being read · ${at}`;
  const partly = run.complete === false ? ' · not all could be read' : '';
  return `${gauge(run.score)} ${label} · ${run.score} of 100${partly} · ${at}`;
}

function gauge(score: number): string {
  if (score >= 90) return '🟢';
  return score >= 60 ? '🟡' : '🔴';
}

/** One line on a fix that waits. */
export function pendingLine({ severity, proposal, requestedBy, expiresAt }: FixView): string {
  const asked = requestedBy === undefined ? '' : ` · asked by ${mention(requestedBy)}`;
  const until = expiresAt === undefined ? '' : ` · until ${when(expiresAt)}`;
  return `${SEVERITY[severity].emoji} ${escapeText(oneLine(proposal.plan.summary, 160))}${asked}${until}`;
}

function chunks(lines: readonly string[]): string[][] {
  const size = 10;
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, at) => lines.slice(at * size, (at + 1) * size));
}
