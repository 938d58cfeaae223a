import { serviceContext } from './evaluators/policy/contexts.ts';
import type { PolicyDocument, RawStatement } from './evaluators/policy/types.ts';
import { askPolicy, type Obstacle } from './service-access.ts';
import { accountOf, regionOf } from './subject.ts';

/** What CloudWatch Logs does with a key; DescribeKey carries no encryption context and is not waited for. */
const USES = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey'];

const CONTEXT = 'kms:EncryptionContext:aws:logs:arn';

/** What keeps CloudWatch Logs from encrypting a log group with the key. */
export function logsKeyObstacles(policy: PolicyDocument | undefined, keyArn: string, group: string): Obstacle[] {
  const service = serviceOf(group);
  const context = {
    ...serviceContext({ service, sourceArn: group, sourceAccount: accountOf(group), organizationId: undefined }),
    // Whether the service names its source is not documented, so a statement that asks for it cannot be counted on.
    'aws:sourcearn': undefined,
    'aws:sourceaccount': undefined,
    'kms:calleraccount': [],
    [CONTEXT.toLowerCase()]: [group],
  };
  return USES.flatMap(
    (action) => askPolicy(policy, { principal: { service }, action, resource: keyArn, context }, action) ?? [],
  );
}

/**
 * The statement that lets CloudWatch Logs use a key for one log group.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function logsKeyStatement(group: string): RawStatement {
  return {
    Sid: 'CloudWatchLogsEncrypt',
    Effect: 'Allow',
    Principal: { Service: serviceOf(group) },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    Resource: '*',
    Condition: { ArnEquals: { [CONTEXT]: group } },
  };
}

/** The service has a principal of its own in every region. */
function serviceOf(group: string): string {
  const suffix = group.startsWith('arn:aws-cn:') ? '.cn' : '';
  return `logs.${regionOf(group)}.amazonaws.com${suffix}`;
}
