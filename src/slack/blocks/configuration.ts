import { actions, bold, button, context, paragraph, preformatted, rich, section, text } from './elements.ts';
import { ACTIONS } from './ids.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { count, list, mention, oneLine, when, words } from './text.ts';

export interface ConfigurationNews {
  hash: string;
  /** What is different from the configuration before, a line each. */
  changes: readonly string[];
  since: Date;
  /** When it holds alone without a word of anybody. */
  until: Date;
  /** Who confirmed it, and how many have to. */
  confirmedBy: readonly string[];
  needed: number;
  /** `open`: it can be confirmed. `replaced`: another one came before it held alone. */
  state: 'open' | 'confirmed' | 'settled' | 'replaced';
}

/** A configuration that decides otherwise than the one before it: what is different, and until when both are heard. */
export function configurationMessage(news: ConfigurationNews): Message {
  const { hash, changes, since, state } = news;
  return {
    text: 'The configuration of trail-check has changed',
    blocks: [
      rich(
        paragraph('⚙️ ', bold('The configuration has changed'), text(' what may be done, and by whom')),
        lines(changes),
      ),
      section(standing(news)),
      context(`Began ${when(since)} · configuration ${hash.slice(0, 12)}`),
      ...(state === 'open' ? [actions(button('Confirm', ACTIONS.confirmConfiguration, hash))] : []),
    ],
  };
}

function lines(changes: readonly string[]) {
  return preformatted(
    changes.map((change) => oneLine(change, 300)),
    { most: 30, chars: 2_500 },
  );
}

function standing({ state, until, confirmedBy, needed }: ConfigurationNews): string {
  const by = list(confirmedBy.map(mention));
  if (state === 'confirmed') return `✅ Confirmed by ${by}. It holds alone.`;
  if (state === 'settled') return '✅ It holds alone now.';
  if (state === 'replaced') return '➡️ Another configuration came after it.';
  const so = by === '' ? '' : ` Confirmed by ${by}, *${confirmedBy.length} of ${needed}*.`;
  return `Until ${when(until)} the stricter of the old and the new applies. Expected? ${count(needed, 'approver')} of the old one can confirm it.${so}`;
}

/** Policies that nobody can satisfy: fixes under them would wait in vain. */
export function problemsMessage(
  problems: readonly { where: string; what: string; next: string; checks?: readonly string[] }[],
): Message {
  const body = problems.map(({ where, what, next, checks }) => [
    section(words('⚠️ ', { bold: oneLine(where, 80) }, `: ${oneLine(what, 300)}\n${oneLine(next, 300)}`)),
    ...(checks === undefined ? [] : [context(words(`For ${oneLine(checks.join(', '), 500)}`))]),
  ]);
  return {
    text: `${count(problems.length, 'approval policy', 'approval policies')} cannot be satisfied`,
    blocks: fitBlocks(
      {
        head: [rich(paragraph('⚠️ ', bold('Nobody can satisfy these approval policies')))],
        body,
        tail: [context('`trail-check doctor` tells it at any time.')],
      },
      LIMITS.message,
      (left) => context(`… and ${count(left, 'more')}`),
    ),
  };
}
