import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { FixView, Proposal } from '../../fixes/fix.ts';
import { reasonNeeded } from '../../fixes/policy.ts';
import type { Powers } from '../../fixes/powers.ts';
import type { Demand } from '../../fixes/step-up/demand.ts';
import {
  actions,
  bold,
  button,
  context,
  fields,
  paragraph,
  people,
  plainTitle,
  reasonInput,
  rich,
  section,
  text,
} from './elements.ts';
import { ACTIONS, fixValue, VIEWS } from './ids.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import { planBlocks } from './plan.ts';
import { type AccountNames, located } from './resource.ts';
import { stateOf, wayBack } from './state.ts';
import { canProve, stepUpBlocks } from './step-up.ts';
import { count, escapeText, mention, mrkdwn, oneLine, prose, when, words } from './text.ts';
import { REVERSIBLE, RISK, SEVERITY } from './vocabulary.ts';

export interface ReviewContext {
  origin?: NonNullable<Proposal['origin']>;
  names?: AccountNames;
  /** It waits, and this person's word is one of those it waits for. */
  decides?: boolean;
  /** What this person is asked for beside the click. */
  proof?: Demand;
  /** This person may approve it alone in an emergency. */
  breakGlass?: boolean;
  /** It was applied before and taken back. */
  undone?: { by: string; reason: string; at: Date };
}

/**
 * What will happen, before anything does: every call as an AWS CLI line, the difference, risk, cost, way back, who
 * decides. Submits **Approve** for someone whose word suffices or is waited for, **Request approval** for who may ask,
 * else nothing.
 * `private_metadata`: `{fixId, revision, origin?}`.
 */
export function reviewModal(
  fix: FixView,
  powers: Powers,
  { origin, names = new Map(), decides = false, proof, breakGlass = false, undone }: ReviewContext,
): ModalView {
  const { plan, finding } = fix.proposal;
  const { emoji, word } = SEVERITY[fix.severity];
  const label = submitLabel(fix, powers, decides);
  // Asking takes no more than a click.
  const demand = label === 'Approve' ? proof : undefined;
  const submit = demand !== undefined && !canProve(demand) ? undefined : label;
  const head: KnownBlock[] = [
    rich(paragraph(bold(oneLine(plan.summary, 500)))),
    context(words(`${emoji} ${word} · `, ...located(finding, names))),
    fields(
      `*Risk*\n${RISK[plan.risk]}`,
      words({ bold: 'Cost' }, `\n${plan.cost === undefined ? 'None' : oneLine(plan.cost, 300)}`),
      `*Can be undone*\n${REVERSIBLE[wayBack(fix)]}`,
      `*Approvals needed*\n${powers.people}`,
    ),
    ...(undone === undefined ? [] : [undoneBefore(undone)]),
    ...plan.warnings.slice(0, 5).map((warning) => section(words('⚠️ ', ...prose(warning, 500)))),
  ];
  const tail: (KnownBlock | InputBlock)[] = [
    ...guards(fix),
    approvers(powers),
    ...(label === undefined ? [context(whyNot(fix, powers))] : []),
    ...(submit === undefined ? [] : reason(submit, fix, powers)),
    ...(demand === undefined ? [] : stepUpBlocks(demand)),
    ...emergency(fix, breakGlass),
  ];
  const blocks = fitBlocks({ head, body: planBlocks(plan).map((block) => [block]), tail }, LIMITS.view, (left) =>
    context(`… and ${count(left, 'more call')} of this plan`),
  );
  return {
    type: 'modal',
    callback_id: VIEWS.reviewFix,
    private_metadata: JSON.stringify({
      fixId: fix.id,
      revision: fix.revision,
      ...(origin === undefined ? {} : { origin }),
    }),
    title: plainTitle(fix.kind === 'undo' ? 'Undo fix' : 'Review fix'),
    close: plainTitle(submit === undefined ? 'Close' : 'Cancel'),
    ...(submit === undefined ? {} : { submit: plainTitle(submit) }),
    blocks,
  };
}

/** Said to whoever looks at the fix again: nothing stands in its way but the reason somebody had. */
function undoneBefore({ by, reason, at }: NonNullable<ReviewContext['undone']>): KnownBlock {
  const who = /^[UW][A-Z0-9]+$/.test(by) ? mention(by) : escapeText(oneLine(by, 80));
  return section(mrkdwn(`⚠️ This fix was undone by ${who} on ${when(at)}: ${escapeText(oneLine(reason, 500))}`));
}

function submitLabel({ state }: FixView, powers: Powers, decides: boolean): 'Approve' | 'Request approval' | undefined {
  if (decides) return 'Approve';
  if (state !== 'proposed') return undefined;
  if (powers.approveAlone) return 'Approve';
  return powers.request ? 'Request approval' : undefined;
}

function reason(
  submit: 'Approve' | 'Request approval',
  { state, requestedBy, reason: why }: FixView,
  { policies }: Powers,
): KnownBlock[] {
  if (submit === 'Request approval') {
    return [reasonInput({ required: true, hint: 'The approvers read it; the audit log keeps it.' })];
  }
  const asked = requestedBy === undefined ? '' : `Asked by ${mention(requestedBy)}`;
  const quoted = why === undefined ? '' : `: ${escapeText(oneLine(why, 500))}`;
  return [
    ...(state === 'pending' ? [context(mrkdwn(`${asked}${quoted}`), 'Reject is on the request in its thread.')] : []),
    reasonInput({ required: reasonNeeded(policies), hint: 'Kept in the audit log with your name.' }),
  ];
}

/** For who may approve alone in an emergency. */
function emergency(fix: FixView, offered: boolean): KnownBlock[] {
  if (!offered || (fix.state !== 'proposed' && fix.state !== 'pending')) return [];
  return [actions(button('Approve alone (emergency)…', ACTIONS.breakGlass, fixValue(fix), 'danger'))];
}

function guards({ proposal: { plan, finding } }: FixView): KnownBlock[] {
  const lines = [...plan.guards, ...finding.notes].slice(0, 6).map((line) => prose(line));
  return lines.length === 0 ? [] : [context(...lines.map((line) => words(...line)))];
}

function approvers({ policies }: Powers): KnownBlock {
  const named = [...new Set(policies.flatMap(({ approve }) => approve))];
  if (named.length === 0) return context('Nobody is configured to approve fixes here.');
  const shown = named.slice(0, 10);
  const more = named.length - shown.length;
  return rich(paragraph(text('May approve: '), ...people(shown), ...(more > 0 ? [text(` and ${more} more`)] : [])));
}

function whyNot(fix: FixView, powers: Powers) {
  if (fix.state !== 'proposed') {
    const { emoji, words: now, next = '' } = stateOf(fix);
    const why = fix.error === undefined ? '' : ` ${escapeText(oneLine(fix.error, 300))}`;
    const what = fix.state === 'pending' ? 'Its approvers decide, here or on the request in its thread.' : next;
    return mrkdwn(`${emoji} *${now}.* ${escapeText(what)}${why}`);
  }
  return mrkdwn(
    powers.policies.length === 0 ? 'Nobody may approve this fix.' : '🔒 You may look at this fix, but not ask for it.',
  );
}
