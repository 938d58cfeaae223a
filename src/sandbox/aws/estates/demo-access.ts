/** Who may enter the demo estate: an administrator in every account, and the bot's hub, reader and fixer. */
import { accessKey, allow, deny, policy, role, trust, user } from '../builders.ts';
import type { Account, Credential, Estate, PolicyDocument } from '../types.ts';

export const DEMO_EXTERNAL_ID = 'trail-check-demo';
export const DEMO_READER = 'trail-check-reader';
export const DEMO_FIXER = 'trail-check-fixer';
export const DEMO_HUB = 'trail-check-hub';
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Reads of the posture; every reader session narrows it further. */
const READS = policy(
  allow([
    'account:ListRegions',
    'cloudtrail:Describe*',
    'cloudtrail:Get*',
    'cloudtrail:List*',
    'cloudtrail:LookupEvents',
    'cloudwatch:Describe*',
    'cloudwatch:Get*',
    'cloudwatch:List*',
    'config:Describe*',
    'iam:Get*',
    'iam:List*',
    'kms:Describe*',
    'kms:Get*',
    'kms:List*',
    'logs:Describe*',
    'logs:Get*',
    'logs:List*',
    'logs:TestMetricFilter',
    'oam:GetLink',
    'oam:ListLinks',
    'organizations:Describe*',
    'organizations:List*',
    's3:Get*',
    's3:List*',
    'securityhub:DescribeHub',
    'securityhub:GetEnabledStandards',
    'securityhub:GetFindings',
    'sns:Get*',
    'sns:List*',
  ]),
);

/** Writes of the automatic fixes and of their undo; the session policy of a fix names the few it needs. */
const WRITES = policy(
  allow([
    'cloudtrail:*EventDataStore*',
    'cloudtrail:*OrganizationDelegatedAdmin',
    'cloudtrail:AddTags',
    'cloudtrail:CreateTrail',
    'cloudtrail:PutEventSelectors',
    'cloudtrail:PutInsightSelectors',
    'cloudtrail:RemoveTags',
    'cloudtrail:StartLogging',
    'cloudtrail:UpdateTrail',
    'cloudwatch:*Alarm*',
    'config:*ConfigRule',
    'config:*ConfigurationRecorder',
    'config:*DeliveryChannel',
    'kms:*KeyRotation',
    'kms:CancelKeyDeletion',
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:EnableKey',
    'kms:GenerateDataKey*',
    'kms:GetKeyPolicy',
    'kms:PutKeyPolicy',
    'logs:*LogGroup*',
    'logs:*MetricFilter*',
    'logs:*KmsKey',
    'logs:*RetentionPolicy',
    'logs:TagResource',
    'organizations:DeregisterDelegatedAdministrator',
    'organizations:Describe*',
    'organizations:EnableAWSServiceAccess',
    'organizations:List*',
    'organizations:RegisterDelegatedAdministrator',
    's3:*BucketOwnershipControls',
    's3:CreateBucket',
    's3:DeleteBucketPolicy',
    's3:Get*',
    's3:ListBucket',
    's3:Put*Configuration',
    's3:PutAccountPublicAccessBlock',
    's3:PutBucket*',
    'securityhub:DisableSecurityHub',
    'securityhub:EnableSecurityHub',
    'sns:*ubscribe',
    'sns:*Topic*',
  ]),
  allow(['iam:AttachGroupPolicy', 'iam:AttachRolePolicy', 'iam:AttachUserPolicy', 'iam:Detach*Policy', 'iam:GetRole']),
  allow(
    [
      'iam:CreateRole',
      'iam:DeleteRole',
      'iam:DeleteRolePolicy',
      'iam:GetRole',
      'iam:PassRole',
      'iam:PutRolePolicy',
      'iam:UpdateAssumeRolePolicy',
    ],
    ['arn:aws:iam::*:role/trail-check/*', 'arn:aws:iam::*:role/CloudTrailToCloudWatchLogs'],
  ),
  allow('iam:CreateServiceLinkedRole', 'arn:aws:iam::*:role/aws-service-role/*'),
  deny(['cloudtrail:DeleteTrail', 'cloudtrail:StopLogging', 'kms:DisableKey', 'kms:ScheduleKeyDeletion']),
);

/** The hub can do one thing: become the reader or the fixer. */
const HUB = policy(
  allow(
    ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
    [`arn:aws:iam::*:role/${DEMO_READER}`, `arn:aws:iam::*:role/${DEMO_FIXER}`],
  ),
);

/** Gives every account its administrator and roles, and the archive account the hub, whose key is returned. */
export function addAccess(estate: Estate, management: Account, archive: Account): Credential {
  const hub = accessKey(estate, archive, user(archive, DEMO_HUB, { inline: { hub: HUB } }), {
    accessKeyId: `AKIAHUBX${archive.id}`,
    secretAccessKey: `demo-hub-secret-of-${archive.id}`,
  });
  role(archive, DEMO_HUB, {
    trust: trust(`arn:aws:iam::${archive.id}:user/${DEMO_HUB}`),
    inline: { hub: HUB },
  });
  const hubs = [`arn:aws:iam::${archive.id}:user/${DEMO_HUB}`, `arn:aws:iam::${archive.id}:role/${DEMO_HUB}`];
  for (const account of estate.accounts.values()) {
    accessKey(estate, account, user(account, 'admin', { attached: [ADMINISTRATOR] }), {
      accessKeyId: `AKIADEMO${account.id}`,
      secretAccessKey: `demo-secret-of-${account.id}`,
    });
    role(account, DEMO_READER, {
      trust: readerTrust(hubs),
      inline: { reads: READS },
    });
    role(account, DEMO_FIXER, { trust: fixerTrust(hubs), inline: { writes: WRITES } });
    if (account !== management) {
      role(account, 'OrganizationAccountAccessRole', {
        trust: trust(`arn:aws:iam::${management.id}:root`),
        attached: [ADMINISTRATOR],
      });
    }
  }
  return hub;
}

function readerTrust(hubs: string[]): PolicyDocument {
  return trust(hubs, { StringEquals: { 'sts:ExternalId': DEMO_EXTERNAL_ID } });
}

/** A fix has to say who decided it, under which fix id and with which tags. */
function fixerTrust(hubs: string[]): PolicyDocument {
  return trust(hubs, {
    StringEquals: { 'sts:ExternalId': DEMO_EXTERNAL_ID },
    StringLike: { 'sts:RoleSessionName': 'tc-*', 'sts:SourceIdentity': '*' },
    Null: { 'aws:TagKeys': 'false' },
  });
}

/** The keys of the administrators, one an account, as the demo prints them. */
export function demoAdministrators(
  estate: Estate,
): { id: string; name: string; accessKeyId: string; secretAccessKey: string }[] {
  return [...estate.accounts.values()].flatMap(({ id, name }) => {
    const found = estate.credentials.get(`AKIADEMO${id}`);
    return found ? [{ id, name, accessKeyId: found.accessKeyId, secretAccessKey: found.secretAccessKey }] : [];
  });
}
