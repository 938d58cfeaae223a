import type { Controls, Severity } from '../../check/finding.ts';
import type { Run } from '../../store/database.ts';
import { actions, button, context, section } from './elements.ts';
import { type Entry, entryBlocks, isMended } from './entry.ts';
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
}

/** One failing check in the thread of a run: why it matters, each resource with its button, the control ids. */
export function checkMessage({ run, check, entries, more }: CheckInput): Message {
  const names = accountNames(run.counts);
  const total = entries.length + more;
  const mended = total > 0 && more === 0 && entries.every(isMended);
  const { emoji, word } = SEVERITY[check.severity];
  const title = oneLine(check.title, 200);
  const controls = controlsLine(check.controls);
  const shown = entries.slice(0, MOST_ENTRIES);
  const blocks = fitBlocks(
    {
      head: [
        section(
          words(
            mended ? '✅ ' : `${emoji} `,
            { bold: `${mended ? 'Passes' : 'Fails'}: ${title}` },
            `\n${oneLine(check.rationale, 400)}`,
          ),
        ),
      ],
      body: shown.map((entry) => entryBlocks(entry, names)),
      tail: [
        ...(total > shown.length
          ? [actions(button(`Show all ${total.toLocaleString('en')}`, ACTIONS.showAll, `${run.id}/${check.id}`))]
          : []),
        context(
          words(`${word} · ${controls === '' ? '' : `${oneLine(controls, 400)} · `}`, { code: oneLine(check.id, 120) }),
        ),
      ],
    },
    LIMITS.message,
    (left) => context(`and ${count(left, 'more resource')}`),
  );
  const failing = entries.filter(({ finding }) => finding.verdict === 'fail').length + more;
  const outcome = mended ? 'mended' : `fails for ${count(failing, 'resource')}`;
  return { text: `${escapeText(title)}: ${outcome} in ${escapeText(run.target)}`, blocks };
}
