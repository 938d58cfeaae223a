import { z } from 'zod';
import { policyToEdit } from '../../src/check/changes/put-policy.ts';
import { putTopicPolicy } from '../../src/check/changes/topic.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailsAt } from '../../src/check/delivery.ts';
import { mergeStatements } from '../../src/check/evaluators/policy/merge.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import type { PolicyDocument, RawPolicy } from '../../src/check/evaluators/policy/types.ts';
import { namesOf, obstacleEvidence, obstacleReason } from '../../src/check/service-access.ts';
import type { SubjectOf } from '../../src/check/subject.ts';
import { evidenceOf, topicOf } from '../../src/check/topic.ts';
import { openings } from '../../src/check/topic-exposure.ts';
import { type PublishSnapshot, publishObstacles, topicPublishStatement } from '../../src/check/topic-publish.ts';
import { pinnedToTrails, type SourceSnapshot, sourceFault } from '../../src/check/topic-sources.ts';

export default defineCheck({
  id: 'topic/confused-deputy',
  title: 'CloudTrail may publish for known trails only',
  severity: 'medium',
  scope: 'topic',
  rationale: "Without a source condition anybody's trail can send messages that look like ours.",
  pass: 'Every statement that lets cloudtrail.amazonaws.com publish to a topic named by a trail carries aws:SourceArn (or aws:SourceAccount) with trails (or accounts) of the estate.',
  seed: [],
  needs: ['trail', 'topic', 'organization', 'organization.accounts'],
  events: ['SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic', 'UpdateTrail'],
  controls: controlIds({
    aws_encryption: 'guidance-cloudtrail',
  }),
  settings: z.strictObject({}),
  fix: {
    class: 'auto',
    risk: 'safe',
    reversible: 'yes',
    operations: ['sns:SetTopicAttributes'],
  },

  evaluate({ snapshot, subject }) {
    const evidence = evidenceOf(subject);
    if (subject.trails.length === 0) {
      return { verdict: 'not-applicable', evidence, reason: 'No trail publishes to this topic.' };
    }
    const found = topicOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { topic, policy } = found;
    const faults = policy.statements.flatMap((statement, index) => {
      const fault = sourceFault(statement, snapshot);
      return fault === undefined ? [] : [`${namesOf(policy, [index])}: ${fault}`];
    });
    const hindered = publishObstacles(policy, subject.arn, trailsAt(snapshot, subject.trails), snapshot);
    const certain = hindered.filter(({ obstacles }) => obstacles.some(({ kind }) => kind !== 'unclear'));
    const open = openings(policy).find(({ opens }) => opens.includes('sns:Publish'));
    const editable = 'policy' in policyToEdit({ state: 'read', value: { text: topic.Policy } });
    const fix = editable ? {} : { fix: 'manual' as const };
    if (faults.length > 0) {
      const members = partOf(snapshot['organization.accounts'], 'organization');
      // Whether a named account is a stranger is not known without the list of the organization.
      const strangers = faults.every((fault) => fault.includes('outside the estate'));
      if (strangers && members.state !== 'read' && members.state !== 'absent') return unknownBecause(members, evidence);
      return { verdict: 'fail', evidence: { ...evidence, statements: faults }, reason: `${faults[0] ?? ''}.`, ...fix };
    }
    if (open !== undefined) {
      const reason = `${namesOf(policy, [open.index])} lets everybody publish, the trails of strangers too.`;
      return { verdict: 'fail', evidence, reason, cause: 'topic/not-public' };
    }
    if (certain.length > 0) {
      const reason = obstacleReason(certain, subject.trails.length).replace('cannot deliver', 'cannot notify');
      return { verdict: 'fail', evidence: { ...evidence, failing: obstacleEvidence(hindered) }, reason, ...fix };
    }
    if (hindered.length > 0) {
      const reason = `It cannot be told whether trails may publish: ${hindered[0]?.obstacles[0]?.text ?? ''}.`;
      return { verdict: 'unknown', evidence: { ...evidence, unclear: obstacleEvidence(hindered) }, reason };
    }
    return { verdict: 'pass', evidence };
  },

  plan({ snapshot, subject }) {
    const found = topicOf(snapshot, subject);
    if ('judgement' in found) return manual(found.judgement.reason ?? 'The topic could not be read.');
    const unread = Object.keys(snapshot.trail).filter((arn) => partOf(snapshot.trail, arn).state !== 'read');
    if (unread.length > 0) {
      return manual(
        `${unread.join(', ')} could not be read and may use this topic too: pinning it now could cut it off.`,
        'Let the reader into its account, then scan again.',
      );
    }
    const start = policyToEdit({ state: 'read', value: { text: found.topic.Policy } });
    if ('problem' in start) return manual(start.problem, 'Then scan again.');
    const after = pinned(found.policy, subject, snapshot);
    if ('problem' in after) return manual(after.problem, 'Change that statement by hand, then scan again.');
    const edit = putTopicPolicy(
      found.topic,
      after.document,
      'Let CloudTrail publish for the trails that name the topic, and for no other; every other statement stays.',
    );
    if ('problem' in edit) return manual(edit.problem);
    return {
      kind: 'changes',
      plan: {
        summary: `Let only the trails that name ${subject.arn.split(':').at(-1) ?? ''} publish to it.`,
        changes: [edit.change],
        warnings: ['A trail outside the estate that publishes here today is cut off.'],
        guards: [
          'Before: the policy still reads as when this plan was made, and every trail that uses the topic is known.',
          'After: LatestNotificationError stays empty.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});

/** The policy with CloudTrail pinned to the trails that name the topic, all of which may publish under it. */
function pinned(
  policy: PolicyDocument,
  { arn, trails: arns }: SubjectOf<'topic'>,
  snapshot: SourceSnapshot & PublishSnapshot,
): { document: RawPolicy } | { problem: string } {
  const trails = trailsAt(snapshot, arns);
  const narrowed = parsePolicy(pinnedToTrails(policy, arns, snapshot));
  if (isPolicyError(narrowed)) return narrowed;
  const hindered = publishObstacles(narrowed, arn, trails, snapshot).map(({ trail }) => trail);
  const { document } = mergeStatements(narrowed, hindered.length === 0 ? [] : [topicPublishStatement(arn, hindered)]);
  const after = parsePolicy(document);
  if (isPolicyError(after)) return after;
  const left = publishObstacles(after, arn, trails, snapshot);
  return left.length === 0 ? { document } : { problem: obstacleReason(left, trails.length) };
}
