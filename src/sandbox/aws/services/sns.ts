import type { Service } from '../types.ts';
import { listSubscriptionsByTopic, subscribe, unsubscribe } from './sns/subscriptions.ts';
import * as topics from './sns/topics.ts';

const sns: Service = {
  signingName: 'sns',
  protocol: 'query',
  xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  operations: {
    CreateTopic: topics.createTopic,
    DeleteTopic: topics.deleteTopic,
    GetTopicAttributes: topics.getTopicAttributes,
    ListSubscriptionsByTopic: listSubscriptionsByTopic,
    ListTagsForResource: topics.listTagsForResource,
    ListTopics: topics.listTopics,
    SetTopicAttributes: topics.setTopicAttributes,
    Subscribe: subscribe,
    Unsubscribe: unsubscribe,
  },
};

export default sns;
