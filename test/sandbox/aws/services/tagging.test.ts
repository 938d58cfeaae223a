import { CloudTrailClient, CreateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { allow, policy } from '../../../../src/sandbox/aws/builders.ts';
import type { ClientConfig } from '../core/support.ts';
import { errorOf } from '../core/support.ts';
import { MEMBER, organization, ownBucket } from './support.ts';

const AssumeRolePolicyDocument = JSON.stringify(
  policy({ Effect: 'Allow', Principal: { AWS: MEMBER }, Action: 'sts:AssumeRole' }),
);
const Tags = [{ Key: 'team', Value: 'audit' }];

/** Making something with tags takes the permission to tag as well. */
test.each<[string, string, (config: ClientConfig) => Promise<unknown>]>([
  [
    'cloudtrail:CreateTrail',
    'cloudtrail:AddTags',
    (config) =>
      new CloudTrailClient(config).send(
        new CreateTrailCommand({ Name: 'own', S3BucketName: 'web-logs', TagsList: Tags }),
      ),
  ],
  [
    'logs:CreateLogGroup',
    'logs:TagResource',
    (config) =>
      new CloudWatchLogsClient(config).send(
        new CreateLogGroupCommand({ logGroupName: 'own', tags: { team: 'audit' } }),
      ),
  ],
  [
    'sns:CreateTopic',
    'sns:TagResource',
    (config) => new SNSClient(config).send(new CreateTopicCommand({ Name: 'own', Tags })),
  ],
  [
    'kms:CreateKey',
    'kms:TagResource',
    (config) => new KMSClient(config).send(new CreateKeyCommand({ Tags: [{ TagKey: 'team', TagValue: 'audit' }] })),
  ],
  [
    'iam:CreateRole',
    'iam:TagRole',
    (config) => new IAMClient(config).send(new CreateRoleCommand({ RoleName: 'own', AssumeRolePolicyDocument, Tags })),
  ],
])('%s with tags takes %s, too', async (make, tag, call) => {
  const { estate, member, as } = await organization();
  ownBucket(estate, member, 'own');
  expect((await errorOf(call(as(member, 'us-east-1', policy(allow(make)))))).message).toContain(tag);
  await call(as(member, 'us-east-1', policy(allow([make, tag]))));
});
