import type { KnownBlock } from '@slack/types';
import type { ExplainedPolicy, PolicyAspect } from '../../fixes/explain-policy.ts';
import { bold, context, paragraph, people, rich, section, text } from './elements.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { count, oneLine, when, words } from './text.ts';

/** Which rules apply to the fixes of a check in an environment, what they come to, and why. */
export function policyMessage(
  { environment, check, layers, usual, others }: ExplainedPolicy,
  { settling }: { settling?: { until: Date | undefined } } = {},
): Message {
  const where = oneLine(environment ?? 'accounts of no environment', 80);
  const head: KnownBlock[] = [
    section(words('🔒 Who may fix ', { bold: oneLine(check, 80) }, ` in ${where}`)),
    ...(settling === undefined ? [] : [section(settlingText(settling))]),
  ];
  const body = [
    ...usual.map((aspect) => [rich(aspectLine(aspect))]),
    ...others.map(({ when: then, differs }) => [
      rich(paragraph(bold(`If ${oneLine(then, 200)}`)), ...differs.slice(0, 12).map(aspectLine)),
    ]),
    ...layers.map(({ place, applies, note }) => [
      context(words(applies ? '✅ ' : '➖ ', { code: oneLine(place, 120) }, ` ${oneLine(note, 300)}`)),
    ]),
  ];
  return {
    text: `Who may fix ${oneLine(check, 80).replace(/[<>&]/g, '')} in ${where.replace(/[<>&]/g, '')}`,
    blocks: fitBlocks({ head, body, tail: [] }, LIMITS.message, (left) => context(`… and ${count(left, 'more line')}`)),
  };
}

function settlingText({ until }: { until: Date | undefined }): string {
  const so = 'the stricter of both applies';
  return until === undefined
    ? `⚠️ Another process runs under another configuration: ${so}.`
    : `⚠️ The configuration has just changed: until ${when(until)} ${so}, unless two approvers of the old one confirm it.`;
}

function aspectLine({ what, says, people: named, why }: PolicyAspect) {
  const because = why.length === 0 ? '' : `  (${oneLine(why.join(', '), 300)})`;
  const said = named === undefined ? [text(oneLine(says, 400))] : people(named.slice(0, 20));
  return paragraph(bold(`${what}: `), ...said, text(because));
}
