import type { Snapshot, Topic } from '../snapshot/types.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import type { PolicyDocument } from './evaluators/policy/types.ts';
import type { SubjectOf } from './subject.ts';

/**
 * The topic a check was asked about and its policy, or the judgement that has to stand instead: one that is gone is the
 * business of topic/notifications and alarm/notification-path, one that nobody in reach may read is unknown.
 */
export function topicOf(
  snapshot: Pick<Snapshot, 'topic'>,
  subject: SubjectOf<'topic'>,
): { topic: Topic; policy: PolicyDocument } | { judgement: Judgement } {
  const evidence = evidenceOf(subject);
  const part = partOf(snapshot.topic, subject.arn);
  if (part.state === 'absent') {
    const cause = subject.trails.length > 0 ? 'topic/notifications' : 'alarm/notification-path';
    return { judgement: { verdict: 'not-applicable', evidence, reason: 'The topic does not exist.', cause } };
  }
  if (part.state !== 'read') return { judgement: unknownBecause(part, evidence) };
  const policy = parsePolicy(part.value.Policy);
  if (isPolicyError(policy)) return { judgement: { verdict: 'unknown', evidence, reason: policy.problem } };
  return { topic: part.value, policy };
}

/** What every finding about a topic shows. */
export function evidenceOf({ arn, trails, logGroups }: SubjectOf<'topic'>) {
  return { topic: arn, trails, logGroups };
}
