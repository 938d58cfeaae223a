import type { TextObject } from '@slack/types';
import type { FixView } from '../../fixes/fix.ts';
import type { Run } from '../../store/database.ts';
import { context, section } from './elements.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { whereabouts } from './resource.ts';
import { count, escapeText, mention, oneLine, prose, when, words } from './text.ts';
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
  const waiting = pending.slice(0, MOST).map((fix) => [section(pendingText(fix)), context(pendingNote(fix))]);
  const more = pending.length - waiting.length;
  const blocks = fitBlocks(
    {
      head: [],
      body: [
        ...chunks(latest.length === 0 ? ['No environment is configured.'] : latest).map((lines) => [
          section(lines.join('\n')),
        ]),
        [section(waiting.length === 0 ? '✅ Nothing waits for a decision.' : '⏳ *Waiting for a decision*')],
        ...waiting,
        ...(more > 0 ? [[context(`and ${count(more, 'more fix', 'more fixes')}`)]] : []),
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

/** What a fix that waits would do. */
export function pendingText({ severity, proposal }: FixView): TextObject {
  return words(`${SEVERITY[severity].emoji} `, ...prose(proposal.plan.summary, 160));
}

/** Where it would be done, who asked for it, and until when it waits. */
export function pendingNote({ requestedBy, expiresAt, proposal: { target, finding } }: FixView): string {
  const where = `${escapeText(oneLine(target, 80))} · ${escapeText(whereabouts(finding, new Map()))}`;
  const asked = requestedBy === undefined ? '' : `asked by ${mention(requestedBy)}`;
  const until = expiresAt === undefined ? '' : `until ${when(expiresAt)}`;
  return [where, asked, until].filter((part) => part !== '').join(' · ');
}

function chunks(lines: readonly string[]): string[][] {
  const size = 10;
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, at) => lines.slice(at * size, (at + 1) * size));
}
