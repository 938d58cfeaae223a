/**
 * What a reader session may do at most, whatever its role may: reads of configuration, names of objects but not their content, no secret, no write
 * (decision 23). Wildcards keep it within 2,048 characters; a test holds it against the table of operations.
 */
const READS = [
  'account:ListRegions',
  'cloudtrail:Describe*',
  'cloudtrail:Get*',
  'cloudtrail:List*',
  'cloudtrail:LookupEvents',
  'cloudwatch:Describe*',
  'cloudwatch:GetAlarmMuteRule',
  'cloudwatch:List*',
  'config:Describe*',
  'config:List*',
  'iam:Get*',
  'iam:List*',
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:List*',
  'logs:Describe*',
  'logs:ListTagsForResource',
  'oam:GetLink',
  'oam:ListLinks',
  'organizations:Describe*',
  'organizations:List*',
  's3:GetAccountPublicAccessBlock',
  's3:GetBucket*',
  's3:GetEncryptionConfiguration',
  's3:GetLifecycleConfiguration',
  's3:GetReplicationConfiguration',
  's3:ListAllMyBuckets',
  's3:ListBucket',
  's3:ListBucketVersions',
  'securityhub:DescribeHub',
  'securityhub:GetEnabledStandards',
  'securityhub:GetFindings',
  'sns:GetTopicAttributes',
  'sns:List*',
  'sts:GetCallerIdentity',
];

/** The session policy of every reader session. */
export const READ_ONLY_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: READS, Resource: '*' }],
});
