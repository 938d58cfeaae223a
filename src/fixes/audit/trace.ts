import { finishedWithout } from '../../store/audit.ts';
import { fixSubject } from '../announce.ts';
import type { AuditContext } from './context.ts';
import { TRACED } from './events.ts';
import { storyOf } from './story.ts';

/** CloudTrail shows an event within 15 minutes; whoever asks later gets all. */
const FIRST_LOOK_MS = 20 * 60_000;
/** What is not there by then is noted as missing. */
const LAST_LOOK_MS = 24 * 3_600_000;

/**
 * Notes the CloudTrail events of fixes that have ended in the audit log itself: the event history forgets them after 90
 * days, and auditors ask later than that.
 */
export async function traceFixes(context: AuditContext): Promise<void> {
  const { store } = context;
  const now = store.now().getTime();
  const between = { from: new Date(now - 2 * LAST_LOOK_MS), to: new Date(now - FIRST_LOOK_MS) };
  for (const { id, at } of await finishedWithout(store.query, TRACED, between)) {
    const story = await storyOf(context, id);
    if (story === undefined) continue;
    const { events, missing, problems } = story;
    const complete = missing.length === 0 && problems.length === 0;
    if (!complete && now - at.getTime() < LAST_LOOK_MS) continue;
    await store.transaction(async (tx) => {
      await tx.query.selectFrom('fixes').select('id').where('id', '=', id).forUpdate().execute();
      const still = await finishedWithout(tx.query, TRACED, between);
      if (!still.some((other) => other.id === id)) return;
      tx.audit({ actor: 'trail-check', action: TRACED, subject: fixSubject({ id }), data: { events, missing } });
    });
  }
}
