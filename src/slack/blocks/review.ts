import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { Powers } from '../../fixes/decide.ts';
import type { FixView, Proposal } from '../../fixes/fix.ts';
import { bold, context, fields, paragraph, people, plainTitle, reasonInput, rich, section, text } from './elements.ts';
import { VIEWS } from './ids.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import { planBlocks } from './plan.ts';
import { resourceName, whereabouts } from './resource.ts';
import { count, escapeText, mrkdwn, oneLine, prose, words } from './text.ts';
import { REVERSIBLE, RISK, SEVERITY, STATE } from './vocabulary.ts';

export interface ReviewContext {
  origin?: NonNullable<Proposal['origin']>;
}

/**
 * What will happen, before anything does: every call as an AWS CLI line, the difference, risk, cost, way back, who
 * decides. Submits **Approve** for someone whose word suffices, **Request approval** for who may ask, else nothing.
 * `private_metadata`: `{fixId, revision, origin?}`.
 */
export function reviewModal(fix: FixView, powers: Powers, { origin }: ReviewContext): ModalView {
  const { plan, finding } = fix.proposal;
  const { emoji, word } = SEVERITY[fix.severity];
  const submit = submitLabel(fix, powers);
  const head: KnownBlock[] = [
    rich(paragraph(bold(oneLine(plan.summary, 500)))),
    context(
      words(`${emoji} ${word} · `, { bold: resourceName(finding, new Map()) }, ` · ${whereabouts(finding, new Map())}`),
    ),
    fields(
      `*Risk*\n${RISK[plan.risk]}`,
      words({ bold: 'Cost' }, `\n${plan.cost === undefined ? 'None' : oneLine(plan.cost, 300)}`),
      `*Can be undone*\n${REVERSIBLE[plan.reversible]}`,
      `*Approvals needed*\n${powers.people}`,
    ),
    ...plan.warnings.slice(0, 5).map((warning) => section(words('⚠️ ', ...prose(warning, 500)))),
  ];
  const tail: (KnownBlock | InputBlock)[] = [
    ...guards(fix),
    approvers(powers),
    ...(submit === undefined ? [context(whyNot(fix, powers))] : [reason(submit)]),
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

function submitLabel({ state }: FixView, powers: Powers): 'Approve' | 'Request approval' | undefined {
  if (state !== 'proposed') return undefined;
  if (powers.approveAlone) return 'Approve';
  return powers.request ? 'Request approval' : undefined;
}

function reason(submit: 'Approve' | 'Request approval'): InputBlock {
  return submit === 'Approve'
    ? reasonInput('Reason', { required: false, hint: 'Kept in the audit log with your name.' })
    : reasonInput('Why is this wanted?', { required: true, hint: 'The approvers read it; the audit log keeps it.' });
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

function whyNot({ state, error }: FixView, powers: Powers) {
  if (state !== 'proposed') {
    const { emoji, words: now, next } = STATE[state];
    return mrkdwn(
      `${emoji} *${now}.* ${next ?? ''}${error === undefined ? '' : ` ${escapeText(oneLine(error, 300))}`}`,
    );
  }
  return mrkdwn(
    powers.policies.length === 0 ? 'Nobody may approve this fix.' : '🔒 You may look at this fix, but not ask for it.',
  );
}
