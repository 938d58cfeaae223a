import type { Diagnosis } from '../../ops/diagnosis.ts';
import { context, section } from './elements.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { count, oneLine, words } from './text.ts';

const SIGN = { ok: '✅', note: 'ℹ️', problem: '❌' } as const;
const WORST = ['problem', 'note', 'ok'] as const;

/** What was found, the worst first, each problem with what to do. */
export function doctorMessage(found: readonly Diagnosis[]): Message {
  const problems = found.filter(({ level }) => level === 'problem').length;
  const title = problems === 0 ? 'All is well' : count(problems, 'problem');
  const body = WORST.flatMap((wanted) => found.filter(({ level }) => level === wanted)).map(
    ({ level, area, what, next }) => [
      section(words(`${SIGN[level]} `, { bold: area }, ` ${oneLine(what, 600)}`)),
      ...(next === undefined || level === 'ok' ? [] : [context(words(oneLine(next, 600)))]),
    ],
  );
  return {
    text: title,
    blocks: fitBlocks({ head: [section(`*${title}*`)], body, tail: [] }, LIMITS.message, (left) =>
      context(`… and ${count(left, 'more finding')}: run \`trail-check doctor\` in a terminal`),
    ),
  };
}
