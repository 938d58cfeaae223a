import { section } from './elements.ts';
import { cut, LIMITS } from './limits.ts';
import type { Message } from './message.ts';

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
