import { DEMO_WEB_KEY } from '../../../src/sandbox/aws/estates/demo.ts';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../../src/sandbox/aws/index.ts';
import type { Estate, PolicyStatement } from '../../../src/sandbox/aws/types.ts';
import { addStatement, keyIn, topicIn, trailIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { web } = DEMO_ACCOUNTS;
const TOPIC = `arn:aws:sns:us-east-1:${web}:web-alerts`;
const webTopic = (estate: Estate) => topicIn(estate, web, 'us-east-1');

/** The trail of web tells the topic of its alarms. */
function notifies(estate: Estate, more: Partial<PolicyStatement> = {}): void {
  trailIn(estate, DEMO_TRAILS.web).topicArn = TOPIC;
  webTopic(estate).policy.Statement.push({
    Sid: 'Trail',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: TOPIC,
    ...more,
  });
}

/** Somebody adds a statement to the topic meanwhile, which has to stay. */
const another: FixCase['drift'] = (estate) => {
  addStatement(webTopic(estate).policy, { Action: 'sns:Publish', Resource: TOPIC });
  return undefined;
};

export const TOPIC_CASES: FixCase[] = [
  {
    title: 'with a new topic',
    check: 'topic/notifications',
    target: web,
    resource: DEMO_TRAILS.web,
    file: { checks: { 'topic/notifications': { required: true } } },
    makes: ['CreateTopic', 'SetTopicAttributes', 'UpdateTrail'],
    takesBack: ['UpdateTrail'],
    drift: (estate) => {
      notifies(estate);
      return () => {
        trailIn(estate, DEMO_TRAILS.web).topicArn = undefined;
      };
    },
  },
  {
    title: 'with the declared one',
    check: 'topic/notifications',
    target: web,
    resource: DEMO_TRAILS.web,
    file: { checks: { 'topic/notifications': { required: true, topic_arn: TOPIC } } },
    makes: ['SetTopicAttributes', 'UpdateTrail'],
    takesBack: ['UpdateTrail', 'SetTopicAttributes'],
    drift: another,
  },
  {
    title: 'with its policy alone',
    check: 'topic/notifications',
    target: web,
    resource: DEMO_TRAILS.web,
    change: (estate) => {
      trailIn(estate, DEMO_TRAILS.web).topicArn = TOPIC;
    },
    makes: ['SetTopicAttributes'],
    takesBack: ['SetTopicAttributes'],
    drift: another,
  },
  {
    check: 'topic/confused-deputy',
    target: web,
    resource: TOPIC,
    change: (estate) => notifies(estate),
    makes: ['SetTopicAttributes'],
    takesBack: ['SetTopicAttributes'],
    drift: another,
  },
  {
    check: 'topic/not-public',
    target: web,
    resource: TOPIC,
    change: (estate) => {
      const open = { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 'sns:Subscribe', Resource: TOPIC } as const;
      webTopic(estate).policy.Statement.push(open);
    },
    makes: ['SetTopicAttributes'],
    takesBack: ['SetTopicAttributes'],
    drift: another,
  },
  {
    check: 'topic/encryption',
    target: web,
    resource: TOPIC,
    file: { keys: { 'us-east-1': DEMO_WEB_KEY } },
    change: (estate) => notifies(estate, { Condition: { StringEquals: { 'aws:SourceArn': DEMO_TRAILS.web } } }),
    makes: ['PutKeyPolicy', 'SetTopicAttributes'],
    takesBack: ['SetTopicAttributes', 'PutKeyPolicy'],
    drift: (estate) => {
      addStatement(keyIn(estate, DEMO_WEB_KEY).policy, { Effect: 'Allow', Action: 'kms:DescribeKey' });
      return undefined;
    },
  },
];
