/** Subscriptions: what people must confirm stays pending, what AWS delivers to is confirmed at once. */
import { randomUUID } from 'node:crypto';
import { neededString, stringIn } from '../../input.ts';
import { pageOf } from '../../paging.ts';
import { regionOf } from '../../region.ts';
import { AwsError, type Operation, type RequestContext, type Topic } from '../../types.ts';
import { flagIn } from '../members.ts';
import { onTopic } from './find.ts';

const SUBSCRIPTIONS_PER_PAGE = 100;
const TO_CONFIRM = ['email', 'email-json', 'http', 'https'];
const AT_ONCE = ['sqs', 'lambda', 'sms', 'firehose', 'application'];

export const subscribe = onTopic('Subscribe', (topic, input) => {
  const protocol = neededString(input, 'Protocol', 'InvalidParameter');
  const endpoint = neededString(input, 'Endpoint', 'InvalidParameter');
  if (![...TO_CONFIRM, ...AT_ONCE].includes(protocol)) {
    throw new AwsError(
      'InvalidParameter',
      `Invalid parameter: Amazon SNS does not support this protocol string: ${protocol}`,
    );
  }
  if (protocol.startsWith('email') && !/^[^@\s]+@[^@\s]+$/.test(endpoint)) {
    throw new AwsError('InvalidParameter', 'Invalid parameter: Email address');
  }
  const known = topic.subscriptions.find((one) => one.protocol === protocol && one.endpoint === endpoint);
  const subscription = known ?? {
    arn: `${topic.arn}:${randomUUID()}`,
    protocol,
    endpoint,
    confirmed: AT_ONCE.includes(protocol),
  };
  if (!known) topic.subscriptions.push(subscription);
  const shown = subscription.confirmed || flagIn(input, 'ReturnSubscriptionArn') === true;
  return { SubscriptionArn: shown ? subscription.arn : 'pending confirmation' };
});

export const listSubscriptionsByTopic = onTopic('ListSubscriptionsByTopic', (topic, input) => {
  const invalid = new AwsError('InvalidParameter', 'Invalid parameter: NextToken');
  const { items, next } = pageOf(topic.subscriptions, input.NextToken, SUBSCRIPTIONS_PER_PAGE, invalid);
  const Subscriptions = items.map((subscription) => ({
    SubscriptionArn: subscription.confirmed ? subscription.arn : 'PendingConfirmation',
    Owner: topic.arn.split(':')[4],
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: topic.arn,
  }));
  return { Subscriptions, NextToken: next };
});

/** What is pending cannot be taken back: it lapses by itself, or is confirmed. */
export const unsubscribe: Operation = {
  permissions: (_context, input) => [
    { action: 'sns:Unsubscribe', resource: (stringIn(input, 'SubscriptionArn') ?? '').replace(/:[\w-]+$/, '') },
  ],
  handle(context, input) {
    const wanted = neededString(input, 'SubscriptionArn', 'InvalidParameter');
    const topic = topicSubscribed(context, wanted);
    const subscription = topic?.subscriptions.find((one) => one.arn === wanted);
    if (!/^arn:/.test(wanted) || (subscription && !subscription.confirmed)) {
      throw new AwsError('InvalidParameter', 'Invalid parameter: SubscriptionArn Reason: the subscription is pending');
    }
    if (!topic || !subscription) throw new AwsError('NotFound', 'Subscription does not exist', 404);
    topic.subscriptions = topic.subscriptions.filter((one) => one !== subscription);
    return {};
  },
};

function topicSubscribed({ account, region }: RequestContext, arn: string): Topic | undefined {
  return [...regionOf(account, region).topics.values()].find((topic) => arn.startsWith(`${topic.arn}:`));
}
