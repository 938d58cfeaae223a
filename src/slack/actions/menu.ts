import { fingerprintOf } from '../../posture/accepted-risks/fingerprint.ts';
import { acceptModal } from '../blocks/accept.ts';
import type { Entry } from '../blocks/entry.ts';
import { explainMessage } from '../blocks/explain.ts';
import { parseMenuValue } from '../blocks/ids.ts';
import { notice } from '../blocks/notice.ts';
import { snoozeModal } from '../blocks/snooze.ts';
import type { Click } from '../click.ts';
import type { SlackContext } from '../context.ts';
import { entriesOf } from '../entries.ts';
import { type AboutFinding, noticeModal, show, tell } from '../modal.ts';
import { namesFor } from '../names.ts';
import { listBelow, originOf } from '../origin.ts';
import { refreshList } from '../submissions.ts';

/** The three dots of a finding: **Accept risk…**, **Snooze…**, **Wake up**, **Explain**. */
export async function findingMenu(context: SlackContext, click: Click): Promise<void> {
  const chosen = parseMenuValue(click.value);
  const [entry] = chosen === undefined ? [] : await entriesOf(context, [chosen.finding]);
  if (chosen === undefined || entry === undefined) {
    return tell(context, click, notice('This finding is no longer there. Check again.', 'info'));
  }
  const origin = await originOf(context.store, click);
  const channel = click.place.kind === 'message' ? click.place.channel : origin?.channel;
  const asker = { user: click.user, ...(channel === undefined ? {} : { channel }) };
  const refusal = await context.access.target(asker, entry.finding.account);
  if (refusal !== undefined) return tell(context, click, notice(refusal, 'refused'));
  switch (chosen.act) {
    case 'accept':
      return openAccept(context, click, entry);
    case 'snooze':
      return openSnooze(context, click, entry);
    case 'wake':
      return wakeUp(context, click, entry);
    case 'explain':
      return explain(context, click, entry);
  }
}

async function openAccept(context: SlackContext, click: Click, { finding, risk }: Entry): Promise<void> {
  if (risk !== undefined || finding.verdict !== 'fail') {
    return tell(
      context,
      click,
      notice('There is nothing to accept here any more: somebody has asked, or it does not fail.', 'info'),
    );
  }
  const powers = await context.fixes().risks.powers(finding, click.user);
  if (!powers.request) {
    const why = powers.mayAsk ? 'Nobody is configured to approve here.' : 'You may not ask for that here.';
    return tell(context, click, notice(why, 'refused'));
  }
  const names = await namesFor(context, powers.policies[0]?.environment ?? finding.account);
  const metadata = JSON.stringify(await aboutOf(context, click, finding.id, fingerprintOf(finding.evidence)));
  const view = acceptModal(finding, { powers, user: click.user, today: context.now(), names, metadata });
  await show(context, click, view);
}

async function openSnooze(context: SlackContext, click: Click, { finding }: Entry): Promise<void> {
  if (finding.verdict !== 'fail') return tell(context, click, notice('This does not fail any more.', 'info'));
  const names = await namesFor(context, finding.account);
  const metadata = JSON.stringify(await aboutOf(context, click, finding.id, fingerprintOf(finding.evidence)));
  await show(context, click, snoozeModal(finding, { names, metadata }));
}

async function wakeUp(context: SlackContext, click: Click, { finding }: Entry): Promise<void> {
  const { below } = await aboutOf(context, click, finding.id, '');
  const woken = await context.fixes().risks.wake({ finding: finding.id, user: click.user });
  if (!woken.ok) return tell(context, click, notice(woken.message, 'refused'));
  if (below !== undefined) return refreshList(context, below);
  await tell(context, click, notice('Messages about it are shown again.', 'done'));
}

async function explain(context: SlackContext, click: Click, { finding }: Entry): Promise<void> {
  const check = context.catalogue.get(finding.check);
  if (check === undefined) return tell(context, click, notice('This check is no longer there.', 'info'));
  await show(context, click, noticeModal(explainMessage(check)));
}

/** What a modal about a finding carries: where it was opened from, and the list that has to follow. */
async function aboutOf(
  { store }: Pick<SlackContext, 'store'>,
  click: Click,
  finding: string,
  fingerprint: string,
): Promise<AboutFinding> {
  const { place } = click;
  const origin = await originOf(store, click);
  const below = place.kind === 'modal' ? listBelow(place.metadata) : undefined;
  return {
    ...{ finding, fingerprint },
    ...(origin === undefined ? {} : { origin }),
    ...(below === undefined || place.kind !== 'modal' ? {} : { below: { ...below, viewId: place.viewId } }),
  };
}
