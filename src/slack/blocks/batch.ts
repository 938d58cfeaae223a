import type { KnownBlock, ModalView } from '@slack/types';
import type { Batch } from '../../fixes/batch.ts';
import type { FixView } from '../../fixes/fix.ts';
import type { Powers } from '../../fixes/powers.ts';
import { cliLine } from '../../fixes/print.ts';
import {
  actions,
  bold,
  button,
  context,
  fields,
  header,
  paragraph,
  people,
  plainTitle,
  preformatted,
  reasonInput,
  rich,
  section,
  text,
} from './elements.ts';
import { ACTIONS, VIEWS } from './ids.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { type AccountNames, whereabouts } from './resource.ts';
import { stateOf } from './state.ts';
import { count, escapeText, mention, oneLine, prose, words } from './text.ts';
import { RISK } from './vocabulary.ts';

/** Fixes by account, in the order in which they came. */
function byAccount(fixes: readonly FixView[]): Map<string, FixView[]> {
  return Map.groupBy(fixes, ({ proposal }) => proposal.finding.account);
}

/** All calls of a set of fixes, by account, before anything is decided. */
export function batchModal(
  { fixes }: Pick<Batch, 'fixes'>,
  powers: Powers,
  { act, names, metadata }: { act: 'approve' | 'request' | undefined; names: AccountNames; metadata: object },
): ModalView {
  const calls = fixes.reduce((sum, { proposal }) => sum + proposal.plan.changes.length, 0);
  const accounts = byAccount(fixes);
  const costs = [...new Set(fixes.flatMap(({ proposal }) => proposal.plan.cost ?? []))];
  const risks = [...new Set(fixes.map(({ proposal }) => RISK[proposal.plan.risk]))];
  const warnings = [...new Set(fixes.flatMap(({ proposal }) => proposal.plan.warnings))];
  const head: KnownBlock[] = [
    rich(
      paragraph(
        bold(`${count(fixes.length, 'fix', 'fixes')} in ${count(accounts.size, 'account')}, ${count(calls, 'call')}`),
      ),
    ),
    fields(
      `*Risk*\n${risks.join(', ')}`,
      words({ bold: 'Cost' }, `\n${costs.length === 0 ? 'None' : oneLine(costs.join(' '), 300)}`),
      `*Approvals needed*\n${powers.people}`,
    ),
    ...warnings.slice(0, 3).map((warning) => section(words('⚠️ ', ...prose(warning, 500)))),
    context('Each fix runs by itself, accounts side by side; one that fails stops no other and can be retried.'),
  ];
  const body = [...accounts].map(([account, all]) => [
    rich(
      paragraph(bold(whereabouts({ account, region: '' }, names)), text(` · ${count(all.length, 'fix', 'fixes')}`)),
      preformatted(
        all.flatMap(({ proposal }) => proposal.plan.changes.map(cliLine)),
        { most: 12, chars: 2_500 },
      ),
    ),
  ]);
  const named = [...new Set(powers.policies.flatMap(({ approve }) => approve))].slice(0, 10);
  const tail: KnownBlock[] = [
    rich(paragraph(text('May approve: '), ...people(named))),
    act === undefined
      ? context('🔒 You may look at these fixes, but not ask for them.')
      : reasonInput({ required: act === 'request', hint: 'The approvers read it; the audit log keeps it.' }),
  ];
  const submit = act === undefined ? {} : { submit: plainTitle(act === 'approve' ? 'Approve' : 'Request approval') };
  return {
    type: 'modal',
    callback_id: VIEWS.reviewBatch,
    private_metadata: JSON.stringify(metadata),
    title: plainTitle(`Review ${count(fixes.length, 'fix', 'fixes')}`),
    close: plainTitle(act === undefined ? 'Close' : 'Cancel'),
    ...submit,
    blocks: fitBlocks({ head, body, tail }, LIMITS.view, (left) => context(`… and ${count(left, 'more account')}`)),
  };
}

const OPEN: readonly FixView['state'][] = ['pending', 'approved', 'applying', 'verifying'];
const FAILED: readonly FixView['state'][] = ['failed', 'rolled-back', 'unconfirmed'];

/** How a set of fixes stands, account by account, with the buttons of what can still be decided. */
export function batchMessage(
  { id, hash, fixes }: Batch,
  { names, approvals, needed }: { names: AccountNames; approvals: readonly string[]; needed: number },
): Message {
  const [first] = fixes;
  const what = oneLine(first?.proposal.finding.title ?? 'Fixes', 120);
  const states = Map.groupBy(fixes, ({ state }) => state);
  const waiting = states.get('pending')?.length ?? 0;
  const proposed = states.get('proposed')?.length ?? 0;
  const done = fixes.every(({ state }) => !OPEN.includes(state) && state !== 'proposed');
  const failed = fixes.filter(({ state }) => FAILED.includes(state)).length;
  const value = `${id}.${hash}`;
  const buttons = [
    ...(proposed > 0 && waiting === 0 ? [button('Review fixes', ACTIONS.reviewBatch, value)] : []),
    ...(waiting > 0
      ? [
          button('Approve all', ACTIONS.approveBatch, value, 'primary'),
          button('Reject all', ACTIONS.rejectBatch, value, 'danger'),
        ]
      : []),
    ...(done && failed > 0 ? [button('Retry what failed', ACTIONS.retryBatch, value)] : []),
  ];
  const asked = first?.requestedBy === undefined ? '' : `Asked by ${mention(first.requestedBy)}`;
  const said =
    waiting > 0
      ? `${approvals.length} of ${needed}${approvals.length > 0 ? `: ${approvals.map(mention).join(', ')}` : ''}`
      : '';
  const lines = [...byAccount(fixes)].map(([account, all]) => [
    section(accountLine(whereabouts({ account, region: '' }, names), all)),
  ]);
  return {
    text: `${count(fixes.length, 'fix', 'fixes')} for ${escapeText(what)}: ${tally(states)}`,
    blocks: fitBlocks(
      {
        head: [
          header(`${count(fixes.length, 'fix', 'fixes')}: ${what}`),
          section(tally(states)),
          ...(first?.reason === undefined ? [] : [section(words({ bold: 'Why' }, `\n${oneLine(first.reason, 500)}`))]),
        ],
        body: lines,
        tail: [
          ...(asked === '' && said === '' ? [] : [context([asked, said].filter((part) => part !== '').join(' · '))]),
          ...(buttons.length === 0 ? [] : [actions(...buttons)]),
        ],
      },
      LIMITS.message,
      (left) => context(`… and ${count(left, 'more account')}`),
    ),
  };
}

function tally(states: ReadonlyMap<string, readonly FixView[]>): string {
  return [...states.values()]
    .flatMap((all) => {
      const [first] = all;
      if (first === undefined) return [];
      const { emoji, words: said } = stateOf(first);
      return [`${emoji} ${all.length} ${said.toLowerCase()}`];
    })
    .join(' · ');
}

function accountLine(name: string, fixes: readonly FixView[]) {
  const wrong = fixes.find(({ error }) => error !== undefined);
  const why = wrong?.error === undefined ? '' : `\n${oneLine(wrong.error, 300)}`;
  return words({ bold: oneLine(name, 80) }, ` ${tally(Map.groupBy(fixes, ({ state }) => state))}${why}`);
}
