import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { NEXT_TOKEN, read, type Where, write } from '../operation.ts';

const onTopic = {
  on: ({ TopicArn }: { TopicArn?: string | undefined }, { partition, region, account }: Where) => [
    TopicArn ?? `arn:${partition}:sns:${region}:${account}:*`,
  ],
};

export const sns = {
  createClient: (config: object) => new SNSClient(config),
  global: false,
  operations: {
    GetTopicAttributes: read(GetTopicAttributesCommand, onTopic),
    ListSubscriptionsByTopic: read(ListSubscriptionsByTopicCommand, { ...onTopic, page: NEXT_TOKEN }),
    ListTagsForResource: read(ListTagsForResourceCommand, { on: ({ ResourceArn: arn }) => [arn ?? '*'] }),
    CreateTopic: write(CreateTopicCommand, {
      on: ({ Name }, { partition, region, account }) => [`arn:${partition}:sns:${region}:${account}:${Name ?? '*'}`],
    }),
    SetTopicAttributes: write(SetTopicAttributesCommand, onTopic),
    Subscribe: write(SubscribeCommand, onTopic),
    // IAM knows no resource for it.
    Unsubscribe: write(UnsubscribeCommand),
  },
};
