import type { HomeView, KnownBlock } from '@slack/types';
import type { FixView } from '../../fixes/fix.ts';
import type { Run } from '../../store/database.ts';
import { button, context, divider, header, section } from './elements.ts';
import type { CommandLine } from './help.ts';
import { ACTIONS, fixValue } from './ids.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import { environmentLine, pendingNote, pendingText } from './status.ts';
import { count, escapeText } from './text.ts';

export interface HomeInput {
  pending: readonly FixView[];
  environments: readonly { name: string; run?: Run }[];
  commands: readonly CommandLine[];
}

const MOST_PENDING = 10;
const MOST_ENVIRONMENTS = 25;

/** App Home: what waits for a decision first, then how each environment stands, then what can be typed. */
export function homeView({ pending, environments, commands }: HomeInput): HomeView {
  const waiting = pending
    .slice(0, MOST_PENDING)
    .map((fix) => [
      section(pendingText(fix), button('Review', ACTIONS.reviewFix, fixValue(fix))),
      context(pendingNote(fix)),
    ]);
  const listed = environments
    .slice(0, MOST_ENVIRONMENTS)
    .map(({ name, run }) =>
      section(environmentLine(name, run), button('Check now', ACTIONS.openHomeEnvironment, name)),
    );
  const body: KnownBlock[][] = [
    [header('Waiting for a decision')],
    ...(waiting.length === 0 ? [[context('Nothing waits for a decision.')]] : waiting),
    ...rest(pending.length - waiting.length, 'more fix', 'more fixes'),
    [divider(), header('Environments')],
    ...(listed.length === 0 ? [[context('No environment is configured.')]] : listed.map((block) => [block])),
    ...rest(environments.length - listed.length, 'more environment'),
    [
      divider(),
      context(commands.map(({ name, summary }) => `\`${escapeText(name)}\` ${escapeText(summary)}`).join('\n')),
    ],
  ];
  return {
    type: 'home',
    blocks: fitBlocks({ head: [], body }, LIMITS.view, (left) => context(`and ${count(left, 'more part')}`)),
  };
}

function rest(left: number, one: string, many?: string): KnownBlock[][] {
  return left > 0 ? [[context(`and ${count(left, one, many)}`)]] : [];
}
