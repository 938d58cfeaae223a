/**
 * An estate built by the Landing Zone Accelerator: everything of the audit trail comes out of CloudFormation stacks, and
 * a SIEM watches it. Stacks own what they made, so what the accelerator leaves open is mended in its configuration.
 *
 * | account                  | story                                                                              |
 * |--------------------------|------------------------------------------------------------------------------------|
 * | 720000000001 Management  | owns the organization trail, which records data events too, its key and log group  |
 * | 720000000002 LogArchive  | owns the central bucket: kept for ten years, but neither locked nor replicated      |
 * | 720000000003 shop        | a workload account                                                                  |
 */
import {
  addAccount,
  addOrganization,
  allow,
  bucket,
  configDeliveryStatements,
  configRule,
  deliveryChannel,
  deliveryStatements,
  emptyEstate,
  insights,
  key,
  keyDelivery,
  logEncryptionStatement,
  logGroup,
  policy,
  recorder,
  role,
  securityHub,
  serviceControlPolicy,
  serviceLinkedRole,
  trail,
  trust,
} from '../builders.ts';
import type { Account, Estate } from '../types.ts';
import { addHub, botRoles, type SimulatedEstate } from './access.ts';
import { accessLogs, encryptedWith, expiry, tlsOnly } from './statements.ts';

export const ACCELERATOR_ACCOUNTS = { management: '720000000001', archive: '720000000002', shop: '720000000003' };
export const ACCELERATOR_ORGANIZATION = 'o-lza0landing';
const { management: MANAGEMENT, archive: ARCHIVE } = ACCELERATOR_ACCOUNTS;
export const ACCELERATOR_TRAIL = `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/AWSAccelerator-Organizations-CloudTrail`;
export const ACCELERATOR_BUCKET = `aws-accelerator-central-logs-${ARCHIVE}-us-east-1`;
/** Its alias says whose it is, its ARN does not; the stack's tags do. */
export const ACCELERATOR_KEY = `arn:aws:kms:us-east-1:${MANAGEMENT}:key/12a00000-1111-4111-8111-111111111111`;
const BUCKET_KEY = `arn:aws:kms:us-east-1:${ARCHIVE}:key/12a00000-2222-4222-8222-222222222222`;
const ACCESS_LOGS = `aws-accelerator-s3-access-logs-${ARCHIVE}-us-east-1`;
const PREFIX = 'cloudtrail-organization';

export function acceleratorEstate(now?: () => Date): SimulatedEstate {
  const estate = emptyEstate(now);
  addOrganization(estate, {
    id: ACCELERATOR_ORGANIZATION,
    managementAccountId: MANAGEMENT,
    units: { Security: 'Root', Workloads: 'Root' },
  });
  const management = addAccount(estate, { id: MANAGEMENT, name: 'Management', unit: 'Root' });
  const archive = addAccount(estate, { id: ARCHIVE, name: 'LogArchive', unit: 'Security' });
  const shop = addAccount(estate, { id: ACCELERATOR_ACCOUNTS.shop, name: 'shop', unit: 'Workloads' });
  addCentralLogs(estate, archive);
  addTrail(estate, management);
  for (const account of [management, archive, shop]) addBaseline(estate, account);
  for (const unit of ['Security', 'Workloads']) addGuardrails(estate, unit);
  return {
    estate,
    hub: addHub(estate, management),
    configuration: {
      aws: { ...botRoles('us-east-1'), organization: { account: MANAGEMENT } },
      archive: { bucket: ACCELERATOR_BUCKET, account: ARCHIVE },
      monitor: 'siem',
      environments: { estate: { accounts: Object.values(ACCELERATOR_ACCOUNTS) } },
    },
  };
}

/** The tags that CloudFormation puts on what a stack makes. */
function madeBy(stack: string, account: string) {
  const name = `AWSAccelerator-${stack}-${account}-us-east-1`;
  return {
    'aws:cloudformation:stack-name': name,
    'aws:cloudformation:stack-id': `arn:aws:cloudformation:us-east-1:${account}:stack/${name}/0f0f0f0f-0000-4000-8000-000000000000`,
    Accelerator: 'AWSAccelerator',
  };
}

function addTrail(estate: Estate, management: Account): void {
  const tags = madeBy('OrganizationsStack', MANAGEMENT);
  const logging = madeBy('LoggingStack', MANAGEMENT);
  const group = logGroup(estate, management, 'us-east-1', 'aws-accelerator-cloudtrail-logs', {
    retentionInDays: 3653,
    tags: logging,
  });
  const logsKey = key(estate, management, 'us-east-1', '12a00000-3333-4333-8333-333333333333', { tags: logging });
  logsKey.policy.Statement.push(logEncryptionStatement(group));
  group.kmsKeyId = logsKey.arn;
  role(management, 'AWSAccelerator-Organizations-CloudTrailLogsRole', {
    trust: policy({ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    inline: { delivery: policy(allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `${group.arn}:log-stream:*`)) },
    tags,
  });
  key(estate, management, 'us-east-1', ACCELERATOR_KEY.split('/')[1] ?? '', {
    policy: keyDelivery(management, ACCELERATOR_TRAIL),
    tags: logging,
  });
  const made = trail(estate, management, {
    name: 'AWSAccelerator-Organizations-CloudTrail',
    bucket: ACCELERATOR_BUCKET,
    prefix: PREFIX,
    organization: true,
    kmsKeyId: ACCELERATOR_KEY,
    logGroupArn: `${group.arn}:*`,
    logRoleArn: `arn:aws:iam::${MANAGEMENT}:role/AWSAccelerator-Organizations-CloudTrailLogsRole`,
    eventSelectors: [
      {
        ReadWriteType: 'All',
        IncludeManagementEvents: true,
        DataResources: [
          { Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] },
          { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] },
        ],
        ExcludeManagementEventSources: [],
      },
    ],
    tags,
  });
  insights(made);
}

function addCentralLogs(estate: Estate, archive: Account): void {
  const arn = `arn:aws:s3:::${ACCELERATOR_BUCKET}`;
  const logsArn = `arn:aws:s3:::${ACCESS_LOGS}`;
  const tags = madeBy('LoggingStack', ARCHIVE);
  const made = bucket(estate, archive, ACCELERATOR_BUCKET, {
    versioning: 'Enabled',
    encryption: encryptedWith(BUCKET_KEY),
    logging: { TargetBucket: ACCESS_LOGS, TargetPrefix: 'central-logs/' },
    lifecycle: [expiry(3650)],
    tags,
  });
  made.policy = policy(
    tlsOnly(arn),
    ...deliveryStatements(
      ACCELERATOR_BUCKET,
      ACCELERATOR_TRAIL,
      [MANAGEMENT, ACCELERATOR_ORGANIZATION].map((owner) => `${PREFIX}/AWSLogs/${owner}/*`),
    ),
    ...configDeliveryStatements(made, Object.values(ACCELERATOR_ACCOUNTS)),
  );
  key(estate, archive, 'us-east-1', BUCKET_KEY.split('/')[1] ?? '', {
    policy: keyDelivery(archive, ACCELERATOR_TRAIL),
    tags,
  });
  bucket(estate, archive, ACCESS_LOGS, {
    versioning: 'Enabled',
    lifecycle: [expiry(3650)],
    policy: policy(tlsOnly(logsArn), accessLogs(logsArn, arn, ARCHIVE)),
    tags,
  });
}

/** What its stacks put into every account: Config everywhere, Security Hub at home, the role it comes in by. */
function addBaseline(estate: Estate, account: Account): void {
  serviceLinkedRole(account, 'cloudtrail.amazonaws.com', 'AWSServiceRoleForCloudTrail');
  role(account, 'AWSControlTowerExecution', {
    trust: trust(`arn:aws:iam::${MANAGEMENT}:root`),
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  });
  for (const region of account.enabledRegions) {
    recorder(account, region);
    deliveryChannel(account, region, ACCELERATOR_BUCKET);
  }
  securityHub(estate, account, 'us-east-1');
  for (const identifier of [
    'MULTI_REGION_CLOUD_TRAIL_ENABLED',
    'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED',
    'CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED',
    'CLOUD_TRAIL_ENCRYPTION_ENABLED',
    'CLOUDTRAIL_SECURITY_TRAIL_ENABLED',
    'CLOUDTRAIL_S3_DATAEVENTS_ENABLED',
  ]) {
    configRule(estate, account, 'us-east-1', identifier);
  }
}

function addGuardrails(estate: Estate, unit: string): void {
  serviceControlPolicy(
    estate,
    unit,
    `AWSAccelerator-Guardrails-${unit}`,
    policy({
      Sid: 'CloudTrail',
      Effect: 'Deny',
      Action: [
        'cloudtrail:DeleteTrail',
        'cloudtrail:PutEventSelectors',
        'cloudtrail:PutInsightSelectors',
        'cloudtrail:StopLogging',
        'cloudtrail:UpdateTrail',
        's3:DeleteBucketPolicy',
        's3:PutBucketPolicy',
        's3:PutLifecycleConfiguration',
      ],
      Resource: '*',
      Condition: {
        ArnNotLike: {
          'aws:PrincipalARN': ['arn:*:iam::*:role/AWSAccelerator-*', 'arn:*:iam::*:role/AWSControlTowerExecution'],
        },
      },
    }),
  );
}
