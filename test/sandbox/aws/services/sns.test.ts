import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { allow, policy, topic } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf } from '../core/support.ts';
import { MANAGEMENT, MEMBER, organization } from './support.ts';

const TopicArn = `arn:aws:sns:us-east-1:${MEMBER}:alerts`;

async function withTopic() {
  const parts = await organization();
  const made = topic(parts.estate, parts.member, 'us-east-1', 'alerts', { tags: { team: 'security' } });
  return { ...parts, topic: made, client: new SNSClient(parts.as(parts.member)) };
}

describe('topics', () => {
  test('are listed, read with their policy and their tags', async () => {
    const { client, topic: made } = await withTopic();
    expect((await client.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ TopicArn, Owner: MEMBER, SubscriptionsConfirmed: '0' });
    expect(JSON.parse(Attributes?.Policy ?? '')).toEqual(made.policy);
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'security' }]);
  });

  test('are made once by name, unless the tags differ', async () => {
    const { client } = await withTopic();
    const Tags = [{ Key: 'team', Value: 'security' }];
    expect((await client.send(new CreateTopicCommand({ Name: 'alerts', Tags }))).TopicArn).toBe(TopicArn);
    const other = await errorOf(
      client.send(new CreateTopicCommand({ Name: 'alerts', Tags: [{ Key: 'team', Value: 'web' }] })),
    );
    expect(other.name).toMatch(/^InvalidParameter/);
    const made = await client.send(
      new CreateTopicCommand({ Name: 'new', Attributes: { KmsMasterKeyId: 'alias/sns' } }),
    );
    const read = await client.send(new GetTopicAttributesCommand({ TopicArn: made.TopicArn }));
    expect(read.Attributes?.KmsMasterKeyId).toBe('alias/sns');
  });

  test('take a policy that speaks of SNS only', async () => {
    const { client, topic: made } = await withTopic();
    const set = (AttributeValue: string) =>
      client.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
    const publish = { ...allow('sns:Publish', TopicArn), Principal: { Service: 'cloudwatch.amazonaws.com' } };
    await set(JSON.stringify(policy(publish)));
    expect(made.policy).toEqual(policy(publish));
    for (const wrong of [
      '{',
      JSON.stringify(policy({ ...publish, Action: 's3:*' })),
      JSON.stringify(policy(allow('sns:Publish'))),
    ]) {
      expect((await errorOf(set(wrong))).name).toMatch(/^InvalidParameter/);
    }
  });

  test('are deleted without complaint, and are not found then', async () => {
    const { client } = await withTopic();
    await client.send(new DeleteTopicCommand({ TopicArn }));
    await client.send(new DeleteTopicCommand({ TopicArn }));
    expect(await errorOf(client.send(new GetTopicAttributesCommand({ TopicArn })))).toMatchObject({ status: 404 });
  });

  test('of another account are opened by their policy alone', async () => {
    const { as, management, topic: made } = await withTopic();
    const stranger = new SNSClient(as(management));
    const read = () => stranger.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(await errorOf(read())).toMatchObject({ name: expect.stringMatching(/^AuthorizationError/), status: 403 });
    made.policy = policy({
      ...allow('sns:ListSubscriptionsByTopic', TopicArn),
      Principal: { AWS: `arn:aws:iam::${MANAGEMENT}:root` },
    });
    expect((await read()).Subscriptions).toEqual([]);
  });
});

describe('subscriptions', () => {
  const subscribe = (Protocol: string, Endpoint: string) => new SubscribeCommand({ TopicArn, Protocol, Endpoint });

  test('by mail are pending and cannot be taken back', async () => {
    const { client, topic: made } = await withTopic();
    const { SubscriptionArn } = await client.send(subscribe('email', 'soc@example.com'));
    expect(SubscriptionArn).toBe('pending confirmation');
    await client.send(subscribe('email', 'soc@example.com'));
    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions).toMatchObject([{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'soc@example.com' }]);
    for (const arn of ['PendingConfirmation', made.subscriptions[0]?.arn ?? '']) {
      const refused = await errorOf(client.send(new UnsubscribeCommand({ SubscriptionArn: arn })));
      expect(refused.name).toMatch(/^InvalidParameter/);
    }
  });

  test('of a queue are confirmed at once and taken back', async () => {
    const { client, topic: made } = await withTopic();
    const { SubscriptionArn } = await client.send(subscribe('sqs', `arn:aws:sqs:us-east-1:${MEMBER}:alerts`));
    expect(SubscriptionArn).toMatch(`${TopicArn}:`);
    await client.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect(made.subscriptions).toEqual([]);
  });

  test('come a hundred to a page', async () => {
    const { client, topic: made } = await withTopic();
    made.subscriptions = Array.from({ length: 120 }, (_, index) => ({
      arn: `${TopicArn}:${index}`,
      protocol: 'sqs',
      endpoint: `q-${index}`,
      confirmed: true,
    }));
    const page = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    const next = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken: page.NextToken }));
    expect([page.Subscriptions?.length, next.Subscriptions?.length]).toEqual([100, 20]);
  });

  test.each([
    ['pigeon', 'home'],
    ['email', 'nobody'],
  ])('by %s to %s are refused', async (protocol, endpoint) => {
    const { client } = await withTopic();
    expect((await errorOf(client.send(subscribe(protocol, endpoint)))).name).toMatch(/^InvalidParameter/);
  });
});
