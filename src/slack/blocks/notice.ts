import { preformatted, rich, section } from './elements.ts';
import { cut, LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { escapeText, prose, words } from './text.ts';

export type NoticeKind = 'info' | 'working' | 'done' | 'warning' | 'refused' | 'error';

const SIGN: { readonly [kind in NoticeKind]: string } = {
  info: 'ℹ️',
  working: '⏳',
  done: '✅',
  warning: '⚠️',
  refused: '🔒',
  error: '❌',
};

/** One sentence for one person, in Slack's markup: what others wrote in it must have gone through `escapeText`. */
export function notice(text: string, kind: NoticeKind): Message {
  const sentence = cut(`${SIGN[kind]} ${text}`, LIMITS.text);
  return { text: sentence, blocks: [section(sentence)] };
}

/** Why a fix is not undone: names of resources in it are AWS's, and the lines what somebody changed. */
export function refusedUndo(reason: string, difference: readonly string[] = []): Message {
  const lines = difference.length === 0 ? [] : [rich(preformatted(difference, { most: 15, chars: 1_500 }))];
  return {
    text: `${SIGN.refused} ${escapeText(reason)}`,
    blocks: [section(words(`${SIGN.refused} `, ...prose(reason, 600))), ...lines],
  };
}
