import type { LogGroup, Snapshot } from '../snapshot/types.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';
import type { SubjectOf } from './subject.ts';

/**
 * The log group a check was asked about, or the judgement that has to stand instead: that a trail names a group which
 * does not exist is the business of its delivery.
 */
export function logGroupOf(
  snapshot: Pick<Snapshot, 'logGroup'>,
  subject: SubjectOf<'log-group'>,
): { group: LogGroup } | { judgement: Judgement } {
  const part = partOf(snapshot.logGroup, subject.arn);
  const evidence = { logGroup: subject.arn, trails: subject.trails };
  if (part.state === 'read') return { group: part.value };
  if (part.state !== 'absent') return { judgement: unknownBecause(part, evidence) };
  return {
    judgement: {
      verdict: 'not-applicable',
      evidence,
      reason: 'The log group does not exist.',
      cause: 'trail/cloudwatch-delivery-healthy',
    },
  };
}
