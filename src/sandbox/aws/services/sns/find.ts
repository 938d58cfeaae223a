/** The topic of a request, and what a call on it needs; the topic policy may grant to other accounts. */
import { accountOf } from '../../arn.ts';
import { topicByArn } from '../../delivery.ts';
import { neededString, stringIn } from '../../input.ts';
import {
  AwsError,
  type Input,
  type Operation,
  type Output,
  type Permission,
  type RequestContext,
  type Topic,
} from '../../types.ts';

export function topicOf({ estate, region }: RequestContext, input: Input, member = 'TopicArn'): Topic {
  const arn = neededString(input, member, 'InvalidParameter');
  if (!/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w.-]+$/.test(arn) || arn.split(':')[3] !== region) {
    throw new AwsError('InvalidParameter', `Invalid parameter: ${member}`);
  }
  const topic = topicByArn(estate, arn);
  if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
  return topic;
}

/** Decided before the topic is looked for, so that strangers do not learn which topics exist. */
export function topicPermission(context: RequestContext, arn: string, action: string): Permission {
  const document = topicByArn(context.estate, arn)?.policy;
  return {
    action: `sns:${action}`,
    resource: arn,
    context: { 'aws:SourceOwner': context.account.id },
    resourcePolicy: { document, owner: accountOf(arn) },
  };
}

export function onTopic(
  action: string,
  handle: (topic: Topic, input: Input, context: RequestContext) => Output | undefined,
  member = 'TopicArn',
): Operation {
  return {
    permissions: (context, input) => [topicPermission(context, stringIn(input, member) ?? '', action)],
    handle: (context, input) => handle(topicOf(context, input, member), input, context) ?? {},
  };
}
