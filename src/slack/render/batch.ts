import { findBatch } from '../../fixes/batch.ts';
import { peopleNeeded } from '../../fixes/policy.ts';
import { policiesOf } from '../../fixes/powers.ts';
import { decisionsOn } from '../../store/approvals.ts';
import { batchMessage } from '../blocks/batch.ts';
import type { SlackContext } from '../context.ts';
import { namesFor } from '../names.ts';
import type { Rendered } from './render.ts';

/** The message of fixes that are decided together. */
export async function renderBatch(
  { store, config }: Pick<SlackContext, 'store' | 'config'>,
  id: string,
): Promise<Rendered | undefined> {
  const batch = await findBatch({ store }, id);
  const [first] = batch?.fixes ?? [];
  if (batch === undefined || first === undefined) return undefined;
  const waiting = batch.fixes.find(({ state }) => state === 'pending') ?? first;
  const decisions = await decisionsOn(store.query, waiting);
  return {
    message: batchMessage(batch, {
      names: await namesFor({ store }, first.proposal.target),
      approvals: decisions.filter(({ decision }) => decision === 'approve').map(({ user }) => user),
      needed: Math.max(...batch.fixes.map((fix) => Math.max(fix.people, peopleNeeded(policiesOf({ config }, fix))))),
    }),
    fleeting: false,
  };
}
