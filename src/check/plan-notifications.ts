import type { Snapshot, Topic, Trail } from '../snapshot/types.ts';
import type { PolicyEdit } from './changes/put-policy.ts';
import { addToTopicPolicy, createTopic } from './changes/topic.ts';
import { updateTrail } from './changes/update-trail.ts';
import { manual } from './check.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import type { Planned } from './plan.ts';
import { accountOf, regionOf } from './subject.ts';
import { type PublishSnapshot, publishObstacles, topicPublishStatement } from './topic-publish.ts';

const LET_TRAIL = 'Let CloudTrail publish to the topic for this trail';

type Readable = PublishSnapshot & Pick<Snapshot, 'partition'>;

const GUARDS = ['After: LatestNotificationTime moves on with the next delivery.'];

/** The topic that is set takes the trail again, if its policy is what stands in the way. */
export function letPublish(snapshot: Readable, trail: Trail, topic: Topic): Planned {
  const edit = opened(snapshot, trail, topic);
  if ('problem' in edit) return manual(edit.problem);
  if (edit.change === undefined) {
    return manual(
      'The policy of the topic lets the trail publish. Look at its key: topic/encryption says whether it does as well.',
      {
        text: 'The error in full.',
        command: `aws cloudtrail get-trail-status --name ${trail.TrailARN} --region ${trail.HomeRegion}`,
      },
    );
  }
  const name = topic.TopicArn.split(':').at(-1) ?? '';
  return {
    kind: 'changes',
    plan: {
      summary: `Let ${trail.Name} publish to ${name}.`,
      changes: [edit.change],
      guards: ['Before: the policy still reads as when this plan was made.', ...GUARDS],
      watchDelivery: [trail.TrailARN],
    },
  };
}

/** A declared topic: its policy first, since UpdateTrail tests it. */
export function tellTopic(snapshot: Readable, trail: Trail, topic: Topic): Planned {
  const edit = opened(snapshot, trail, topic);
  if ('problem' in edit) return manual(edit.problem);
  return {
    kind: 'changes',
    plan: {
      summary: `Let ${trail.Name} tell ${topic.TopicArn.split(':').at(-1) ?? ''} of its deliveries.`,
      changes: [...(edit.change === undefined ? [] : [edit.change]), setTopic(trail, topic.TopicArn)],
      guards: [BEFORE, ...GUARDS],
      watchDelivery: [trail.TrailARN],
    },
  };
}

/** A topic of its own, under the name of the one that is gone where that was the trail's own. */
export function tellNewTopic(snapshot: Readable, trail: Trail, finding: string): Planned {
  const place = { partition: snapshot.partition, account: trail.owner, region: trail.HomeRegion };
  const gone = trail.SnsTopicARN;
  const isOwn = gone !== undefined && accountOf(gone) === trail.owner && regionOf(gone) === trail.HomeRegion;
  const name = isOwn ? (gone.split(':').at(-1) ?? '') : `trail-check-${finding.slice(0, 8)}`;
  const { arn, changes } = createTopic(place, name, {
    of: (topicArn) => topicPublishStatement(topicArn, [trail.TrailARN]),
    summary: `${LET_TRAIL}.`,
  });
  return {
    kind: 'changes',
    plan: {
      summary: `Let ${trail.Name} tell ${isOwn ? 'its topic again' : 'a new topic'} of its deliveries.`,
      changes: [...changes, ...(isOwn ? [] : [setTopic(trail, arn)])],
      reversible: 'partly',
      warnings: [
        'Nobody is subscribed to the new topic yet.',
        'An undo leaves the topic: subscribers may have come, so that it is deleted by hand.',
      ],
      guards: [BEFORE, ...GUARDS],
      watchDelivery: [trail.TrailARN],
    },
  };
}

const BEFORE =
  'Before: bucket policy, key policy, topic policy and logs role are all sufficient, since UpdateTrail tests them on every call.';

function setTopic(trail: Trail, arn: string) {
  return updateTrail(
    trail,
    { SnsTopicARN: arn },
    { summary: `Let ${trail.Name} tell the topic of each delivery.`, undo: 'Put the saved topic of the trail back.' },
  );
}

/** The change that lets the trail publish; none where it may already. */
function opened(snapshot: Readable, trail: Trail, topic: Topic): PolicyEdit {
  const policy = parsePolicy(topic.Policy);
  if (isPolicyError(policy)) return { problem: policy.problem };
  const [hindered] = publishObstacles(policy, topic.TopicArn, [trail], snapshot);
  if (hindered === undefined) return { change: undefined };
  const statement = topicPublishStatement(topic.TopicArn, [trail.TrailARN]);
  const edit = addToTopicPolicy(topic, [statement], `${LET_TRAIL}; every other statement stays.`);
  if ('problem' in edit) return edit;
  const after = edit.change === undefined ? policy : parsePolicy(String(edit.change.input.AttributeValue));
  const left = isPolicyError(after) ? [] : publishObstacles(after, topic.TopicArn, [trail], snapshot);
  const [obstacle] = left.flatMap(({ obstacles }) => obstacles);
  if (obstacle === undefined) return edit;
  return { problem: `No added statement can help here: ${obstacle.text}. Change that statement by hand.` };
}
