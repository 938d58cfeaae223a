/** Log groups under a customer's key. */
import { keyByArn } from '../../delivery.ts';
import { stringIn } from '../../input.ts';
import { decide } from '../../policy.ts';
import { AwsError, type Input, type Operation, type RequestContext } from '../../types.ts';
import { groupOf, groupPermission, nameIn } from './groups.ts';

const INVALID = 'InvalidParameterException';

/**
 * The ARN of a key that CloudWatch Logs may use for this group; otherwise the error it answers.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function usableKey({ estate, region, account }: RequestContext, asked: string, groupArn: string): string {
  const refuse = () =>
    new AwsError(INVALID, `The specified KMS key does not exist or is not allowed to be used with Arn '${groupArn}'.`);
  const key = keyByArn(estate, asked);
  if (!key || key.arn.split(':')[3] !== region || key.state !== 'Enabled' || key.spec !== 'SYMMETRIC_DEFAULT') {
    throw refuse();
  }
  const usable = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:GenerateDataKey', 'kms:DescribeKey'].every(
    (action) => {
      const { denied, grant } = decide(key.policy, {
        principal: { kind: 'service', name: `logs.${region}.amazonaws.com` },
        action,
        resource: key.arn,
        context: {
          'kms:EncryptionContext:aws:logs:arn': groupArn,
          'kms:EncryptionContextKeys': 'aws:logs:arn',
          'aws:SourceAccount': account.id,
          'aws:SourceArn': groupArn,
        },
      });
      return grant !== 'none' && !denied;
    },
  );
  if (!usable) throw refuse();
  return key.arn;
}

/** By name, or by the ARN of the group in `resourceIdentifier`; query results are not simulated. */
function nameAsked(input: Input): string {
  const name = stringIn(input, 'logGroupName');
  const identifier = stringIn(input, 'resourceIdentifier');
  if ((name === undefined) === (identifier === undefined)) {
    throw new AwsError(INVALID, 'Give either logGroupName or resourceIdentifier.');
  }
  return name ?? nameIn(identifier ?? '');
}

export const associateKmsKey: Operation = {
  permissions: (context, input) => [groupPermission(context, 'AssociateKmsKey', nameAsked(input))],
  handle(context, input) {
    const group = groupOf(context, { logGroupName: nameAsked(input) });
    group.kmsKeyId = usableKey(context, stringIn(input, 'kmsKeyId') ?? '', group.arn.replace(/:\*$/, ''));
    return {};
  },
};

/** What is stored stays encrypted; only new events are not. */
export const disassociateKmsKey: Operation = {
  permissions: (context, input) => [groupPermission(context, 'DisassociateKmsKey', nameAsked(input))],
  handle(context, input) {
    groupOf(context, { logGroupName: nameAsked(input) }).kmsKeyId = undefined;
    return {};
  },
};
