import type { Part, Snapshot, Trail } from '../snapshot/types.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';
import type { SubjectOf } from './subject.ts';

/** The trail a check was asked about, or the judgement that has to stand instead. */
export function trailOf(
  snapshot: Pick<Snapshot, 'trail'>,
  subject: SubjectOf<'trail'>,
): { trail: Trail } | { judgement: Judgement } {
  const part: Part<Trail> = partOf(snapshot.trail, subject.arn);
  if (part.state === 'read') return { trail: part.value };
  if (part.state === 'absent') {
    return { judgement: { verdict: 'not-applicable', reason: 'The trail was deleted while the estate was read.' } };
  }
  return { judgement: unknownBecause(part, { trail: subject.arn, owner: subject.account }) };
}

/** A note for checks that judge stopped trails all the same. */
export function stoppedNote(snapshot: Pick<Snapshot, 'trail.status'>, arn: string): string[] {
  const status = snapshot['trail.status'][arn];
  return status?.state === 'read' && !status.value.IsLogging ? ['The trail is stopped.'] : [];
}
