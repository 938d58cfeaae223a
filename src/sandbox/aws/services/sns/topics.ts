/** Topics and their attributes. */
import { arn } from '../../arn.ts';
import { isRecord, neededString, recordsIn, stringIn, tagList, tagsIn } from '../../input.ts';
import { pageOf } from '../../paging.ts';
import { parsePolicy } from '../../policy-document.ts';
import { regionOf } from '../../region.ts';
import { AwsError, type Operation, type PolicyDocument, type RequestContext, type Topic } from '../../types.ts';
import { invalidPrincipal, policyAsRead, refuseUnknownPrincipals } from '../resource-policy.ts';
import { onTopic } from './find.ts';

const TOPICS_PER_PAGE = 100;

export const listTopics: Operation = {
  permissions: ({ estate, account, region }) => [
    { action: 'sns:ListTopics', resource: arn(estate, 'sns', region, account.id, '*') },
  ],
  handle({ account, region }, input) {
    const topics = [...regionOf(account, region).topics.values()];
    const invalid = new AwsError('InvalidParameter', 'Invalid parameter: NextToken');
    const { items, next } = pageOf(topics, input.NextToken, TOPICS_PER_PAGE, invalid);
    return { Topics: items.map((topic) => ({ TopicArn: topic.arn })), NextToken: next };
  },
};

export const getTopicAttributes = onTopic('GetTopicAttributes', (topic, _input, { estate }) => {
  const confirmed = topic.subscriptions.filter((subscription) => subscription.confirmed).length;
  const attributes: [string, string][] = [
    ['TopicArn', topic.arn],
    ['Owner', topic.arn.split(':')[4] ?? ''],
    ['Policy', JSON.stringify(policyAsRead(estate, topic.policy))],
    ['DisplayName', ''],
    ['SubscriptionsConfirmed', String(confirmed)],
    ['SubscriptionsPending', String(topic.subscriptions.length - confirmed)],
    ['SubscriptionsDeleted', '0'],
    ...(topic.kmsKeyId ? [['KmsMasterKeyId', topic.kmsKeyId] satisfies [string, string]] : []),
  ];
  return { Attributes: new Map(attributes) };
});

export const setTopicAttributes = onTopic('SetTopicAttributes', (topic, input, context) => {
  setAttribute(
    context,
    topic,
    neededString(input, 'AttributeName', 'InvalidParameter'),
    stringIn(input, 'AttributeValue'),
  );
});

function setAttribute(context: RequestContext, topic: Topic, name: string, value: string | undefined): void {
  if (name === 'Policy') topic.policy = topicPolicy(context, value ?? '');
  else if (name === 'KmsMasterKeyId') topic.kmsKeyId = value || undefined;
  else throw new AwsError('InvalidParameter', `Invalid parameter: AttributeName (${name} is not simulated)`);
}

function topicPolicy({ estate }: RequestContext, text: string): PolicyDocument {
  const document = parsePolicy(text, 'InvalidParameter');
  const foreign = document.Statement.some((statement) =>
    [statement.Action ?? statement.NotAction ?? []].flat().some((action) => !/^(sns:|\*$)/i.test(action)),
  );
  if (foreign) {
    throw new AwsError('InvalidParameter', 'Invalid parameter: Policy statement action out of service scope!');
  }
  if (
    document.Statement.some((statement) => statement.Principal === undefined && statement.NotPrincipal === undefined)
  ) {
    throw new AwsError('InvalidParameter', 'Invalid parameter: Policy Error: missing principal');
  }
  refuseUnknownPrincipals(estate, document, invalidPrincipal('InvalidParameter'));
  return document;
}

/** Answers with the topic that is there, if it is the same. */
export const createTopic: Operation = {
  permissions({ estate, account, region }, input) {
    const resource = arn(estate, 'sns', region, account.id, stringIn(input, 'Name') ?? '');
    const tagged = recordsIn(input, 'Tags').length > 0;
    return (tagged ? ['CreateTopic', 'TagResource'] : ['CreateTopic']).map((action) => ({
      action: `sns:${action}`,
      resource,
    }));
  },
  handle(context, input) {
    const { estate, account, region } = context;
    const name = neededString(input, 'Name', 'InvalidParameter');
    if (!/^[\w-]{1,256}$/.test(name)) throw new AwsError('InvalidParameter', 'Invalid parameter: Topic Name');
    const { topics } = regionOf(account, region);
    const before = topics.get(name);
    const tags = tagsIn(input);
    if (before) {
      const same = Object.entries(tags).every(([key, value]) => before.tags[key] === value);
      if (!same) {
        throw new AwsError(
          'InvalidParameter',
          'Invalid parameter: Tags Reason: Topic already exists with different tags',
        );
      }
      return { TopicArn: before.arn };
    }
    const topicArn = arn(estate, 'sns', region, account.id, name);
    const topic: Topic = {
      name,
      arn: topicArn,
      policy: defaultPolicy(topicArn, account.id),
      kmsKeyId: undefined,
      subscriptions: [],
      tags,
    };
    const attributes = isRecord(input.Attributes) ? input.Attributes : {};
    for (const [attribute, value] of Object.entries(attributes)) setAttribute(context, topic, attribute, String(value));
    topics.set(name, topic);
    return { TopicArn: topicArn };
  },
};

function defaultPolicy(topicArn: string, owner: string): PolicyDocument {
  const actions = ['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic'];
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [...actions, 'Subscribe', 'ListSubscriptionsByTopic', 'Publish'].map((action) => `SNS:${action}`),
        Resource: topicArn,
        Condition: { StringEquals: { 'AWS:SourceOwner': owner } },
      },
    ],
  };
}

/** Removing what is not there is no error. */
export const deleteTopic: Operation = {
  permissions: onTopic('DeleteTopic', () => undefined).permissions,
  handle({ account, region }, input) {
    const topicArn = neededString(input, 'TopicArn', 'InvalidParameter');
    const { topics } = regionOf(account, region);
    for (const [name, topic] of topics) if (topic.arn === topicArn) topics.delete(name);
    return {};
  },
};

export const listTagsForResource = onTopic(
  'ListTagsForResource',
  (topic) => ({ Tags: tagList(topic.tags) }),
  'ResourceArn',
);
