import type { Account, PolicyDocument, PolicyStatement } from './types.ts';

const allow = (...actions: string[]): PolicyStatement => ({ Effect: 'Allow', Action: actions, Resource: '*' });

/** The AWS managed policies that the simulator knows, by name; their documents are cut to the services it has. */
const DOCUMENTS: Record<string, PolicyStatement[]> = {
  AdministratorAccess: [allow('*')],
  PowerUserAccess: [
    { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
    allow('iam:CreateServiceLinkedRole', 'iam:ListRoles', 'organizations:DescribeOrganization', 'account:ListRegions'),
  ],
  ReadOnlyAccess: [
    allow(
      'account:Get*',
      'account:List*',
      'cloudtrail:Describe*',
      'cloudtrail:Get*',
      'cloudtrail:List*',
      'cloudtrail:LookupEvents',
      'cloudwatch:Describe*',
      'cloudwatch:Get*',
      'cloudwatch:List*',
      'config:Describe*',
      'config:Get*',
      'config:List*',
      'iam:Get*',
      'iam:List*',
      'kms:Describe*',
      'kms:Get*',
      'kms:List*',
      'logs:Describe*',
      'logs:FilterLogEvents',
      'logs:Get*',
      'logs:List*',
      'organizations:Describe*',
      'organizations:List*',
      'oam:Get*',
      'oam:List*',
      's3:Get*',
      's3:List*',
      'securityhub:Describe*',
      'securityhub:Get*',
      'securityhub:List*',
      'sns:Get*',
      'sns:List*',
    ),
  ],
  // As AWS ships it: no account:ListRegions, no logs:TestMetricFilter, no cloudtrail:ListPublicKeys.
  SecurityAudit: [
    allow(
      'cloudtrail:DescribeTrails',
      'cloudtrail:GetEventSelectors',
      'cloudtrail:GetInsightSelectors',
      'cloudtrail:GetTrail',
      'cloudtrail:GetTrailStatus',
      'cloudtrail:ListTags',
      'cloudtrail:ListTrails',
      'cloudtrail:LookupEvents',
      'cloudwatch:Describe*',
      'config:Describe*',
      'config:Get*',
      'iam:Get*',
      'iam:List*',
      'kms:Describe*',
      'kms:Get*',
      'kms:List*',
      'logs:Describe*',
      'organizations:Describe*',
      'organizations:List*',
      's3:GetAccountPublicAccessBlock',
      's3:GetBucket*',
      's3:GetEncryptionConfiguration',
      's3:GetLifecycleConfiguration',
      's3:GetReplicationConfiguration',
      's3:ListAllMyBuckets',
      's3:ListBucket',
      'securityhub:Describe*',
      'securityhub:Get*',
      'securityhub:List*',
      'sns:GetTopicAttributes',
      'sns:ListSubscriptionsByTopic',
      'sns:ListTopics',
    ),
  ],
  AWSCloudTrail_FullAccess: [
    allow('cloudtrail:*', 's3:ListAllMyBuckets', 'kms:CreateKey', 'kms:CreateAlias', 'kms:ListKeys', 'kms:ListAliases'),
    {
      Effect: 'Allow',
      Action: ['sns:CreateTopic', 'sns:SetTopicAttributes', 'sns:GetTopicAttributes'],
      Resource: 'arn:*:sns:*:*:aws-cloudtrail-logs*',
    },
    {
      Effect: 'Allow',
      Action: ['s3:CreateBucket', 's3:PutBucketPolicy', 's3:PutBucketPublicAccessBlock'],
      Resource: 'arn:*:s3:::aws-cloudtrail-logs*',
    },
    { Effect: 'Allow', Action: 'logs:CreateLogGroup', Resource: 'arn:*:logs:*:*:log-group:aws-cloudtrail-logs*' },
  ],
  AWSCloudTrail_ReadOnlyAccess: [
    allow('cloudtrail:Get*', 'cloudtrail:Describe*', 'cloudtrail:List*', 'cloudtrail:LookupEvents'),
  ],
};

/** Forerunners that AWS has retired: nobody can attach them any more, and whoever has one keeps it. */
const RETIRED: Record<string, string> = {
  AWSCloudTrailFullAccess: 'AWSCloudTrail_FullAccess',
  AWSCloudTrailReadOnlyAccess: 'AWSCloudTrail_ReadOnlyAccess',
};

function nameOf(policyArn: string): string | undefined {
  return /^arn:[\w-]+:iam::aws:policy\/(?:[\w-]+\/)*([\w+=,.@-]+)$/.exec(policyArn)?.[1];
}

/** The document behind the ARN of a policy of AWS's; undefined for one that does not exist, or no longer. */
export function managedPolicy(policyArn: string): PolicyDocument | undefined {
  const name = nameOf(policyArn);
  const statements = name !== undefined && Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
  return statements && { Version: '2012-10-17', Statement: statements };
}

/** What a policy that is attached in an account says: AWS's, retired ones too, or the account's own default version. */
export function attachedPolicy(account: Account, policyArn: string): PolicyDocument | undefined {
  const name = nameOf(policyArn) ?? '';
  const successor = Object.hasOwn(RETIRED, name) ? RETIRED[name] : undefined;
  const own = account.managedPolicies.get(policyArn);
  return (
    own?.versions.get(own.defaultVersion)?.document ??
    managedPolicy(successor === undefined ? policyArn : policyArn.replace(name, successor))
  );
}

/** As attachedPolicy, of those that can be attached anew. */
export function attachablePolicy(account: Account, policyArn: string): PolicyDocument | undefined {
  return Object.hasOwn(RETIRED, nameOf(policyArn) ?? '') ? undefined : attachedPolicy(account, policyArn);
}
