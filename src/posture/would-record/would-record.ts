import { COVERAGE_NEEDS } from '../../check/coverage.ts';
import { takeSnapshot } from '../../snapshot/take.ts';
import type { ScanParts } from '../scan.ts';
import type { Target } from '../target.ts';
import { type Answer, answerFor } from './answer.ts';
import { askedEvents } from './question.ts';

export interface WouldRecord {
  action: string;
  resource?: string;
  answers: Answer[];
  notes: string[];
}

/** Reads the trails that cover each account of the target, now, and says which of them would record the event. */
export async function wouldRecord(
  { aws, config, now }: Pick<ScanParts, 'aws' | 'config' | 'now'>,
  target: Target,
  asked: { action: string; resource?: string | undefined; region?: string | undefined },
): Promise<WouldRecord> {
  // A question that cannot be understood is answered before AWS is asked.
  askedEvents({ ...asked, partition: 'aws', account: '' });
  const { snapshot, notes } = await takeSnapshot({ aws, config, target, now: now(), parts: COVERAGE_NEEDS });
  const perAccount = target.accounts.map(({ id }) => {
    const events = askedEvents({ ...asked, partition: snapshot.partition, account: id });
    return { answer: answerFor(snapshot, id, events), notes: events.notes };
  });
  return {
    action: asked.action,
    ...(asked.resource === undefined ? {} : { resource: asked.resource }),
    answers: perAccount.map(({ answer }) => answer),
    notes: [...new Set([...notes, ...perAccount.flatMap((each) => each.notes)])],
  };
}
