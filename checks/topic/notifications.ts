import { z } from 'zod';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { letPublish, tellNewTopic, tellTopic } from '../../src/check/plan-notifications.ts';
import { regionOf } from '../../src/check/subject.ts';
import { stoppedNote, trailOf } from '../../src/check/trail.ts';

const settings = z.strictObject({
  required: z.boolean().default(false),
  /** The topic to take where a trail has none; empty for a new one. */
  topic_arn: z.string().default(''),
});

export default defineCheck({
  id: 'topic/notifications',
  title: 'Delivery notifications work',
  severity: 'low',
  scope: 'trail',
  rationale: 'Whatever processes logs as they arrive hangs on this topic.',
  pass: 'SnsTopicARN is set, the topic exists, and LatestNotificationError is empty.',
  seed: ['resmo'],
  needs: ['trail', 'trail.status', 'topic', 'organization', 'organization.accounts'],
  events: ['UpdateTrail', 'DeleteTopic', 'SetTopicAttributes'],
  controls: controlIds({}),
  settings,
  fix: {
    class: 'auto',
    risk: 'cost',
    reversible: 'yes',
    cost: 'One message per log file, which is a lot on busy accounts.',
    first: ['bucket/delivery-policy', 'key/delivery-policy'],
    operations: ['sns:CreateTopic', 'sns:SetTopicAttributes', 'cloudtrail:UpdateTrail'],
  },

  evaluate({ snapshot, subject, settings: { required } }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { SnsTopicARN = null } = found.trail;
    const notes = stoppedNote(snapshot, subject.arn);
    if (SnsTopicARN === null) {
      const evidence = { SnsTopicARN };
      const reason = 'The trail tells no topic of its deliveries.';
      return required ? { verdict: 'fail', evidence, notes, reason } : { verdict: 'not-applicable', evidence, reason };
    }
    const topic = partOf(snapshot.topic, SnsTopicARN);
    if (topic.state === 'absent') {
      return { verdict: 'fail', evidence: { SnsTopicARN }, notes, reason: 'The topic no longer exists.' };
    }
    const status = partOf(snapshot['trail.status'], subject.arn);
    if (status.state !== 'read' && status.state !== 'absent') return unknownBecause(status, { SnsTopicARN });
    const { LatestNotificationError = null, LatestNotificationTime = null } =
      status.state === 'read' ? status.value : {};
    const evidence = { SnsTopicARN, LatestNotificationError, LatestNotificationTime };
    if (LatestNotificationError !== null) {
      return { verdict: 'fail', evidence, notes, reason: `Telling the topic failed: ${LatestNotificationError}.` };
    }
    if (topic.state !== 'read') return unknownBecause(topic, evidence);
    if (LatestNotificationTime === null) {
      const reason = 'Nothing was delivered since the topic was set, so that it was never told: too young to judge.';
      return { verdict: 'unknown', evidence, notes, reason };
    }
    return { verdict: 'pass', evidence, notes };
  },

  plan({ snapshot, subject, settings, finding }) {
    const found = trailOf(snapshot, subject);
    if ('judgement' in found) return manual(found.judgement.reason ?? 'The trail could not be read.');
    const { trail } = found;
    const present = trail.SnsTopicARN === undefined ? undefined : partOf(snapshot.topic, trail.SnsTopicARN);
    if (present?.state === 'read') return letPublish(snapshot, trail, present.value);
    if (present !== undefined && present.state !== 'absent') {
      return manual(unknownBecause(present).reason ?? 'The topic could not be read.');
    }
    const declared = settings.topic_arn === '' ? undefined : partOf(snapshot.topic, settings.topic_arn);
    if (declared === undefined) return tellNewTopic(snapshot, trail, finding.id);
    if (declared.state !== 'read') return manual(`The declared topic ${settings.topic_arn} could not be read.`);
    if (regionOf(settings.topic_arn) !== trail.HomeRegion) {
      return manual(`The declared topic has to lie in ${trail.HomeRegion}, the home region of the trail.`);
    }
    return tellTopic(snapshot, trail, declared.value);
  },
});
