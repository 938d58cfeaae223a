import { z } from 'zod';
import { policyToEdit } from '../../src/check/changes/put-policy.ts';
import { putTopicPolicy } from '../../src/check/changes/topic.ts';
import { defineCheck, manual } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailsAt } from '../../src/check/delivery.ts';
import { mergeStatements } from '../../src/check/evaluators/policy/merge.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { topicAlarmStatement } from '../../src/check/evaluators/policy/statements.ts';
import { namesOf } from '../../src/check/service-access.ts';
import { accountOf } from '../../src/check/subject.ts';
import { evidenceOf, topicOf } from '../../src/check/topic.ts';
import { closedToOwner, openings } from '../../src/check/topic-exposure.ts';
import { publishObstacles, topicPublishStatement } from '../../src/check/topic-publish.ts';

export default defineCheck({
  id: 'topic/not-public',
  title: 'Topics of trails and alarms are not open to all',
  severity: 'high',
  scope: 'topic',
  rationale: 'An open topic lets strangers read the notices, or flood the people who should react to them.',
  pass: 'No Allow statement of a topic named by a trail, or by an alarm on its metrics, opens Publish, Subscribe or administration to everybody without a limiting condition.',
  seed: [],
  needs: ['trail', 'logGroup.filters', 'alarms', 'topic', 'organization', 'organization.accounts'],
  events: ['SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic'],
  controls: controlIds({
    'cis_7.0': '2.21',
    security_hub: 'SNS.4',
    iso_27001_2022: 'A.8.1',
    well_architected: 'SEC03-BP07',
  }),
  settings: z.strictObject({}),
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'yes',
    operations: ['sns:SetTopicAttributes'],
  },

  evaluate({ snapshot, subject }) {
    const found = topicOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { topic, policy } = found;
    const open = openings(policy);
    const statements = open.map(
      ({ index, opens, reason }) => `${namesOf(policy, [index])} (${opens.join(', ')}): ${reason}`,
    );
    const evidence = { ...evidenceOf(subject), statements };
    const [first] = open;
    if (first === undefined) return { verdict: 'pass', evidence };
    const editable = 'policy' in policyToEdit({ state: 'read', value: { text: topic.Policy } });
    return {
      verdict: 'fail',
      evidence,
      reason: `${namesOf(policy, [first.index])} is ${first.reason}.`,
      ...(editable ? {} : { fix: 'manual' as const }),
    };
  },

  plan({ snapshot, subject }) {
    const found = topicOf(snapshot, subject);
    if ('judgement' in found) return manual(found.judgement.reason ?? 'The topic could not be read.');
    const { topic, policy } = found;
    const start = policyToEdit({ state: 'read', value: { text: topic.Policy } });
    if ('problem' in start) return manual(start.problem, 'Then scan again.');
    const open = openings(policy).map(({ index }) => index);
    const closed = parsePolicy(closedToOwner(policy, open, topic.owner));
    if (isPolicyError(closed)) return manual(closed.problem);
    // Trails and alarms may have published by the very statement that is closed.
    const trails = publishObstacles(closed, subject.arn, trailsAt(snapshot, subject.trails), snapshot);
    const alarmAccounts = [...new Set(subject.logGroups.map(accountOf))];
    const { document } = mergeStatements(closed, [
      ...(trails.length === 0
        ? []
        : [
            topicPublishStatement(
              subject.arn,
              trails.map(({ trail }) => trail),
            ),
          ]),
      ...alarmAccounts.map((accountId) => topicAlarmStatement({ topicArn: subject.arn, accountId })),
    ]);
    const names = namesOf(policy, open);
    const edit = putTopicPolicy(
      topic,
      document,
      `Keep ${names} for account ${topic.owner}; every other statement stays, and trails and alarms may publish.`,
    );
    if ('problem' in edit) return manual(edit.problem);
    return {
      kind: 'changes',
      plan: {
        summary: `Close ${subject.arn.split(':').at(-1) ?? ''} to strangers.`,
        changes: [edit.change],
        warnings: [
          `Whoever publishes or subscribes by ${names} from another account loses that; give those known a statement that names them.`,
        ],
        guards: [
          'Before: the policy still reads as when this plan was made; CloudTrail and CloudWatch keep their statements.',
          'After: no statement is open to everybody.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});
