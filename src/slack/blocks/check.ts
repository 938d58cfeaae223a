import type { Controls, Severity } from '../../check/finding.ts';
import type { Run } from '../../store/database.ts';
import { actions, button, context, section } from './elements.ts';
import { type Entry, entryBlocks, headingOf, isAsleep, isMended, isSettled } from './entry.ts';
import { ACTIONS } from './ids.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { accountNames } from './resource.ts';
import { count, escapeText, oneLine, words } from './text.ts';
import { controlsLine, SEVERITY } from './vocabulary.ts';

export type { Entry } from './entry.ts';

/** Resources that one message shows; the others are one click away. */
export const MOST_ENTRIES = 5;

export interface CheckInput {
  run: Run;
  check: { id: string; title: string; severity: Severity; rationale: string; controls: Controls };
  entries: Entry[];
  /** Failing resources beyond `entries`. */
  more: number;
  /** Fixes of this check that may be decided together. */
  together?: number;
  /** How many of those beyond `entries` are snoozed. */
  snoozed?: number;
}

/** One failing check in the thread of a run: why it matters, each resource with its button, the control ids. */
export function checkMessage({ run, check, entries, more, together = 0, snoozed = 0 }: CheckInput): Message {
  const names = accountNames(run.counts);
  const total = entries.length + more;
  const { emoji, word } = SEVERITY[check.severity];
  const { sign, words: verdict } = more > 0 ? { sign: emoji, words: 'Fails' } : headingOf(entries, emoji);
  const title = oneLine(check.title, 200);
  const controls = controlsLine(check.controls);
  const shown = entries.slice(0, MOST_ENTRIES);
  const hiddenHere = snoozed === 0 ? '' : `${snoozed.toLocaleString('en')} more snoozed`;
  const parts = [word, hiddenHere, oneLine(controls, 400)].filter((part) => part !== '');
  const value = `${run.id}/${check.id}`;
  const buttons = [
    ...(together > 1 ? [button(`Review ${together} fixes together`, ACTIONS.reviewAll, value)] : []),
    ...(total > shown.length ? [button(`Show all ${total.toLocaleString('en')}`, ACTIONS.showAll, value)] : []),
  ];
  const blocks = fitBlocks(
    {
      head: [section(words(`${sign} `, { bold: `${verdict}: ${title}` }, `\n${oneLine(check.rationale, 400)}`))],
      body: shown.map((entry) => entryBlocks(entry, names)),
      tail: [
        ...(buttons.length === 0 ? [] : [actions(...buttons)]),
        context(words(parts.map((part) => `${part} · `).join(''), { code: oneLine(check.id, 120) })),
      ],
    },
    LIMITS.message,
    (left) => context(`and ${count(left, 'more resource')}`),
  );
  const failing = entries.filter(({ finding }) => finding.verdict === 'fail').length + more;
  const asleep = entries.filter(isAsleep).length + snoozed;
  const hidden = asleep === 0 ? '' : `, ${asleep.toLocaleString('en')} snoozed`;
  const settled = entries.every(isMended) ? 'mended' : 'accepted';
  const over = total > 0 && more === 0 && entries.every(isSettled);
  const outcome = over ? settled : `fails for ${count(failing, 'resource')}${hidden}`;
  return { text: `${escapeText(title)}: ${outcome} in ${escapeText(run.target)}`, blocks };
}
