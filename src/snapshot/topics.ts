import { accountIn, placeOf, regionIn } from './arn.ts';
import { chainPart, mapPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import type { Reading } from './reading.ts';
import type { Part, Subscription, Topic } from './types.ts';

async function readTopic(reading: Reading, arn: string): Promise<Part<Topic>> {
  const answer = await reading.ask('sns:GetTopicAttributes', placeOf(arn), { TopicArn: arn });
  return chainPart(answer, ({ Attributes = {} }) => {
    const { Policy = '', KmsMasterKeyId, Owner } = Attributes;
    return read({
      TopicArn: arn,
      Policy,
      ...(KmsMasterKeyId ? { KmsMasterKeyId: keyArn(reading, arn, KmsMasterKeyId) } : {}),
      owner: Owner ?? accountIn(arn),
    });
  });
}

/** SNS gives back what was put: an ARN, a bare id or an alias. As an ARN it names one key only. */
function keyArn(reading: Reading, topic: string, key: string): string {
  if (key.startsWith('arn:')) return key;
  const resource = key.startsWith('alias/') ? key : `key/${key}`;
  return `arn:${reading.around.partition}:kms:${regionIn(topic)}:${accountIn(topic)}:${resource}`;
}

async function readSubscriptions(reading: Reading, arn: string): Promise<Part<Subscription[]>> {
  const pages = await reading.askAll('sns:ListSubscriptionsByTopic', placeOf(arn), { TopicArn: arn });
  return mapPart(pages, (answers) =>
    answers.flatMap(({ Subscriptions = [] }) =>
      Subscriptions.map(({ SubscriptionArn = '', Protocol = '', Endpoint = '' }) => ({
        SubscriptionArn,
        Protocol,
        Endpoint,
      })),
    ),
  );
}

async function readTags(reading: Reading, arn: string): Promise<Part<{ [key: string]: string }>> {
  const answer = await reading.ask('sns:ListTagsForResource', placeOf(arn), { ResourceArn: arn });
  return mapPart(answer, ({ Tags = [] }) => Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])));
}

export const topicParts: PartReaders<'topic' | 'topic.subscriptions' | 'topic.tags'> = {
  topic: { key: 'topic ARN', operations: ['sns:GetTopicAttributes'], needs: [], read: readTopic },
  'topic.subscriptions': {
    key: 'topic ARN',
    operations: ['sns:ListSubscriptionsByTopic'],
    needs: [],
    read: readSubscriptions,
  },
  'topic.tags': { key: 'topic ARN', operations: ['sns:ListTagsForResource'], needs: [], read: readTags },
};
