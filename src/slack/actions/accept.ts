import type { RiskDecided } from '../../fixes/accepted-risk.ts';
import { riskPoliciesInForce } from '../../fixes/accepted-risk.ts';
import { mayApprove, reasonNeeded } from '../../fixes/policy.ts';
import { whoMay } from '../../fixes/refusals.ts';
import { riskDemand } from '../../fixes/step-up/risk-demand.ts';
import { showAtOnce } from '../at-once.ts';
import { approveRiskModal, OWNER, rejectRiskModal, UNTIL } from '../blocks/accept.ts';
import { notice } from '../blocks/notice.ts';
import { escapeText } from '../blocks/text.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { noticeModal, readAboutFinding, readRiskModal, show, tell } from '../modal.ts';
import { type Answer, proofOf, refreshList, refusedField, type Submission } from '../submissions.ts';

/** **Request approval** in the modal that asks to accept a risk. */
export async function submitAccept(context: SlackContext, submission: Submission): Promise<Answer> {
  const { user, metadata, reason = '', entered } = submission;
  const { finding, fingerprint, origin, below } = readAboutFinding(metadata);
  const owner = entered[OWNER] ?? '';
  context.directory.forget(user);
  context.directory.forget(owner);
  const decided = await context.fixes().risks.request({
    ...{ finding, fingerprint, user, reason, owner },
    until: entered[UNTIL] ?? '',
    ...(origin === undefined ? {} : { origin }),
  });
  if (below !== undefined) await refreshList(context, below);
  if (decided.ok) return undefined;
  // The blocks are called like the fields.
  if (decided.field !== undefined) return { response_action: 'errors', errors: { [decided.field]: decided.message } };
  return { response_action: 'update', view: noticeModal(notice(decided.message, 'refused')) };
}

/** **Approve** on a request; where the policy wants a reason or more than a click, a modal asks for it first. */
export async function approveRisk(context: SlackContext, click: Click): Promise<void> {
  context.directory.forget(click.user);
  const risk = await context.fixes().risks.find(click.value);
  if (risk?.state === 'pending') {
    const policies = await riskPoliciesInForce(context, risk, risk.environments);
    const demand = await riskDemand(context, risk, { user: click.user, policies });
    const reason = reasonNeeded(policies);
    const more = reason || demand.level !== 'none';
    if (more && (await mayApprove(click.user, policies, context.directory))) {
      return show(context, click, approveRiskModal(risk, { demand, reason }));
    }
  }
  await follow(context, click, await context.fixes().risks.approve({ riskId: click.value, user: click.user }));
}

/** **Reject** on a request: asks for the reason first. */
export async function askRiskRejection(context: SlackContext, click: Click): Promise<void> {
  const risk = await context.fixes().risks.find(click.value);
  if (risk?.state !== 'pending') {
    return tell(context, click, notice('This request is not open any more. Look at its newest message.', 'warning'));
  }
  const policies = await riskPoliciesInForce(context, risk, risk.environments);
  if (!(await mayApprove(click.user, policies, context.directory))) {
    return tell(context, click, notice(`You may not decide on this. ${whoMay(policies)}`, 'refused'));
  }
  await show(context, click, rejectRiskModal(risk));
}

/** **Withdraw** on a request, or on an accepted risk. */
export async function withdrawRisk(context: SlackContext, click: Click): Promise<void> {
  context.directory.forget(click.user);
  await follow(context, click, await context.fixes().risks.withdraw({ riskId: click.value, user: click.user }));
}

/** **Approve** in the modal that asks for the reason of it. */
export async function submitRiskApproval(context: SlackContext, submission: Submission): Promise<Answer> {
  context.directory.forget(submission.user);
  const decision = { ...decisionOf(submission), proof: proofOf(submission) };
  const decided = await context.fixes().risks.approve(decision);
  const wrong = decided.ok ? undefined : refusedField(submission, decided);
  return wrong ?? answerTo(decided);
}

/** **Reject**, with its reason. */
export async function submitRiskRejection(context: SlackContext, submission: Submission): Promise<Answer> {
  context.directory.forget(submission.user);
  return answerTo(await context.fixes().risks.reject(decisionOf(submission)));
}

function decisionOf({ user, metadata, reason }: Submission) {
  return { riskId: readRiskModal(metadata).riskId, user, ...(reason === undefined ? {} : { reason }) };
}

function answerTo(decided: RiskDecided): Answer {
  return decided.ok ? undefined : { response_action: 'update', view: noticeModal(refusal(decided)) };
}

/** What is said of a field may name the account, which others have named. */
function refusal({ message, field }: Extract<RiskDecided, { ok: false }>) {
  return notice(field === undefined ? message : escapeText(message), 'refused');
}

async function follow(context: SlackContext, click: Click, decided: RiskDecided): Promise<void> {
  const { risk } = decided;
  if (!decided.ok) await tell(context, click, refusal(decided));
  if (risk !== undefined) await showAtOnce(context, click, { kind: 'risk', id: risk.id });
}
