/** Builders for what lets others at the logs: subscriptions, resource policies, links to monitoring accounts. */
import { randomUUID } from 'node:crypto';
import { arn } from '../arn.ts';
import { regionOf } from '../region.ts';
import type {
  Account,
  Estate,
  LogGroup,
  LogResourcePolicy,
  PolicyDocument,
  PolicyStatement,
  SharingLink,
  SubscriptionFilter,
} from '../types.ts';

/** Sends everything a log group receives to a destination (ARN of a stream, function or destination of Logs). */
export function subscriptionFilter(
  group: LogGroup,
  name: string,
  destinationArn: string,
  wanted: Partial<SubscriptionFilter> = {},
): SubscriptionFilter {
  const made: SubscriptionFilter = {
    filterName: name,
    filterPattern: '',
    destinationArn,
    roleArn: undefined,
    creationTime: group.createdAt.getTime(),
    ...wanted,
  };
  group.subscriptions.set(name, made);
  return made;
}

/** A resource policy of CloudWatch Logs in a region; with `group` it hangs on that log group alone. */
export function logResourcePolicy(
  account: Account,
  region: string,
  name: string,
  document: PolicyDocument,
  group?: LogGroup,
): LogResourcePolicy {
  const made: LogResourcePolicy = {
    name,
    document,
    resourceArn: group?.arn,
    updatedAt: new Date('2024-03-01T09:00:00Z'),
  };
  regionOf(account, region).logResourcePolicies.set(made.resourceArn ?? name, made);
  return made;
}

/** Shares log groups (or other `resourceTypes`) of a region with a monitoring account's sink. */
export function sharingLink(
  estate: Estate,
  account: Account,
  region: string,
  monitoringAccount: string,
  wanted: Partial<Pick<SharingLink, 'resourceTypes' | 'label' | 'logGroupFilter'>> = {},
): SharingLink {
  const id = randomUUID();
  const made: SharingLink = {
    id,
    arn: arn(estate, 'oam', region, account.id, `link/${id}`),
    label: account.name,
    resourceTypes: ['AWS::Logs::LogGroup'],
    sinkArn: arn(estate, 'oam', region, monitoringAccount, `sink/${randomUUID()}`),
    logGroupFilter: undefined,
    ...wanted,
  };
  regionOf(account, region).links.set(made.arn, made);
  return made;
}

/** What a key policy needs beside its owner's statement, for CloudWatch Logs to encrypt this log group with it. */
export function logEncryptionStatement(group: Pick<LogGroup, 'arn'>): PolicyStatement {
  const region = group.arn.split(':')[3] ?? '';
  return {
    Sid: 'Allow CloudWatch Logs',
    Effect: 'Allow',
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': group.arn } },
  };
}
