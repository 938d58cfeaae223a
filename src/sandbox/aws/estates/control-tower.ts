/**
 * A Control Tower landing zone of five accounts, as AWS sets it up and nobody touched it since. It governs us-east-1 and
 * eu-west-1 and closes every other region. What fails here is what Control Tower leaves open; what it made is its own,
 * so nothing of it is changed by a button. Nobody made alarms or switched Security Hub on.
 *
 * | account                  | story                                                                                   |
 * |--------------------------|-----------------------------------------------------------------------------------------|
 * | 710000000001 management  | owns the organization trail, its key, its log group; Config does not record here          |
 * | 710000000002 log-archive | owns the log bucket and the bucket of its access logs                                    |
 * | 710000000003 audit       | has the security team's roles and nothing of its own                                     |
 * | 710000000004 shop        | a workload account without a trail of its own                                            |
 * | 710000000005 lab         | kept an old trail, stopped, from before it was enrolled                                  |
 */
import {
  addAccount,
  addOrganization,
  allow,
  bucket,
  deliveryChannel,
  deliveryStatements,
  emptyEstate,
  key,
  logGroup,
  policy,
  recorder,
  role,
  serviceControlPolicy,
  serviceLinkedRole,
  trail,
  trust,
} from '../builders.ts';
import type { Account, Estate, PolicyDocument, PolicyStatement } from '../types.ts';
import { addHub, botRoles, type SimulatedEstate } from './access.ts';
import { accessLogs, encryptedWith, expiry, tlsOnly } from './statements.ts';

export const CONTROL_TOWER_ACCOUNTS = {
  management: '710000000001',
  archive: '710000000002',
  audit: '710000000003',
  shop: '710000000004',
  lab: '710000000005',
};
export const CONTROL_TOWER_REGIONS = ['us-east-1', 'eu-west-1'];
export const CONTROL_TOWER_ORGANIZATION = 'o-ct00landing';
const { management: MANAGEMENT, archive: ARCHIVE } = CONTROL_TOWER_ACCOUNTS;
export const CONTROL_TOWER_TRAIL = `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/aws-controltower-BaselineCloudTrail`;
export const CONTROL_TOWER_BUCKET = `aws-controltower-logs-${ARCHIVE}-us-east-1`;
export const CONTROL_TOWER_KEY = `arn:aws:kms:us-east-1:${MANAGEMENT}:key/c7000000-1111-4111-8111-111111111111`;
export const CONTROL_TOWER_OLD_TRAIL = `arn:aws:cloudtrail:us-east-1:${CONTROL_TOWER_ACCOUNTS.lab}:trail/lab-trail`;
const ACCESS_LOGS = `aws-controltower-s3-access-logs-${ARCHIVE}-us-east-1`;
const OLD_BUCKET = 'lab-trail-logs';
const DAY = 24 * 3_600_000;

export function controlTowerEstate(now?: () => Date): SimulatedEstate {
  const estate = emptyEstate(now);
  addOrganization(estate, {
    id: CONTROL_TOWER_ORGANIZATION,
    managementAccountId: MANAGEMENT,
    units: { Security: 'Root', Workloads: 'Root' },
  });
  const { management, archive, audit, shop, lab } = CONTROL_TOWER_ACCOUNTS;
  const owner = addAccount(estate, { id: management, name: 'management', unit: 'Root' });
  const logs = addAccount(estate, { id: archive, name: 'Log Archive', unit: 'Security' });
  const members = [
    logs,
    addAccount(estate, { id: audit, name: 'Audit', unit: 'Security' }),
    addAccount(estate, { id: shop, name: 'shop', unit: 'Workloads' }),
    addAccount(estate, { id: lab, name: 'lab', unit: 'Workloads' }),
  ];
  addTrail(estate, owner);
  addLogBuckets(estate, logs);
  for (const member of members) enroll(member);
  addGuardrails(estate);
  addOldTrail(estate, members[3] ?? owner);
  return {
    estate,
    hub: addHub(estate, members[1] ?? owner),
    configuration: {
      aws: { ...botRoles('us-east-1'), organization: { account: management } },
      archive: { bucket: CONTROL_TOWER_BUCKET, account: archive },
      environments: { estate: { accounts: Object.values(CONTROL_TOWER_ACCOUNTS) } },
    },
  };
}

/** https://docs.aws.amazon.com/controltower/latest/userguide/logging-using-cloudtrail.html */
function addTrail(estate: Estate, management: Account): void {
  const group = logGroup(estate, management, 'us-east-1', 'aws-controltower/CloudTrailLogs', { retentionInDays: 14 });
  const groups = 'arn:aws:logs:*:*:log-group:aws-controltower/CloudTrailLogs:*';
  role(management, 'AWSControlTowerCloudTrailRole', {
    path: '/service-role/',
    trust: policy({ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    inline: {
      AWSControlTowerCloudTrailRolePolicy: policy(
        allow('logs:CreateLogStream', groups),
        allow('logs:PutLogEvents', groups),
      ),
    },
  });
  key(estate, management, 'us-east-1', CONTROL_TOWER_KEY.split('/')[1] ?? '', {
    policy: keyPolicy(management),
    tags: { purpose: 'landing zone' },
  });
  trail(estate, management, {
    name: 'aws-controltower-BaselineCloudTrail',
    bucket: CONTROL_TOWER_BUCKET,
    prefix: CONTROL_TOWER_ORGANIZATION,
    organization: true,
    kmsKeyId: CONTROL_TOWER_KEY,
    logGroupArn: `${group.arn}:*`,
    logRoleArn: `arn:aws:iam::${MANAGEMENT}:role/service-role/AWSControlTowerCloudTrailRole`,
    tags: { 'aws-control-tower': 'managed-by-control-tower' },
  });
}

/** As Control Tower asks for it: nothing about kms:DescribeKey. */
function keyPolicy({ id }: Account): PolicyDocument {
  return policy(
    {
      Sid: 'Enable IAM policies',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${id}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'Allow Config to use KMS for encryption',
      Effect: 'Allow',
      Principal: { Service: 'config.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: CONTROL_TOWER_KEY,
    },
    {
      Sid: 'Allow CloudTrail to use KMS for encryption',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
      Resource: CONTROL_TOWER_KEY,
      Condition: {
        StringEquals: { 'aws:SourceArn': CONTROL_TOWER_TRAIL },
        StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:*:${id}:trail/*` },
      },
    },
  );
}

function addLogBuckets(estate: Estate, archive: Account): void {
  const arn = `arn:aws:s3:::${CONTROL_TOWER_BUCKET}`;
  const logsArn = `arn:aws:s3:::${ACCESS_LOGS}`;
  const ours = { StringEquals: { 'aws:SourceOrgID': CONTROL_TOWER_ORGANIZATION } };
  const services = { Service: ['cloudtrail.amazonaws.com', 'config.amazonaws.com'] };
  bucket(estate, archive, CONTROL_TOWER_BUCKET, {
    versioning: 'Enabled',
    encryption: encryptedWith(CONTROL_TOWER_KEY),
    logging: { TargetBucket: ACCESS_LOGS, TargetPrefix: '' },
    lifecycle: [expiry(365)],
    policy: policy(
      tlsOnly(arn),
      {
        Sid: 'AWSBucketPermissionsCheck',
        Effect: 'Allow',
        Principal: services,
        Action: 's3:GetBucketAcl',
        Resource: arn,
      },
      {
        Sid: 'AWSConfigBucketExistenceCheck',
        Effect: 'Allow',
        Principal: services,
        Action: 's3:ListBucket',
        Resource: arn,
      },
      {
        Sid: 'AWSBucketDeliveryForConfig',
        Effect: 'Allow',
        Principal: { Service: 'config.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: `${arn}/${CONTROL_TOWER_ORGANIZATION}/AWSLogs/*/*`,
        Condition: ours,
      },
      {
        Sid: 'AWSBucketDeliveryForOrganizationTrail',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: [MANAGEMENT, CONTROL_TOWER_ORGANIZATION].map(
          (path) => `${arn}/${CONTROL_TOWER_ORGANIZATION}/AWSLogs/${path}/*`,
        ),
        Condition: { StringEquals: { 'aws:SourceArn': CONTROL_TOWER_TRAIL } },
      },
    ),
  });
  bucket(estate, archive, ACCESS_LOGS, {
    versioning: 'Enabled',
    lifecycle: [expiry(3650)],
    policy: policy(tlsOnly(logsArn), accessLogs(logsArn, arn, ARCHIVE)),
  });
}

/** What a member gets: the roles of Control Tower and of its stack sets, and a recorder in every governed region. */
function enroll(account: Account): void {
  const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
  serviceLinkedRole(account, 'cloudtrail.amazonaws.com', 'AWSServiceRoleForCloudTrail');
  role(account, 'AWSControlTowerExecution', {
    trust: trust(`arn:aws:iam::${MANAGEMENT}:root`),
    attached: [administrator],
  });
  role(account, 'stacksets-exec-9f86d081884c7d659a2feaa0c55ad015', {
    trust: trust(
      `arn:aws:iam::${MANAGEMENT}:role/aws-service-role/stacksets.cloudformation.amazonaws.com/AWSServiceRoleForCloudFormationStackSetsOrgAdmin`,
    ),
    attached: [administrator],
  });
  for (const region of CONTROL_TOWER_REGIONS) {
    recorder(account, region, {
      name: 'aws-controltower-BaselineConfigRecorder',
      recordingGroup: {
        allSupported: true,
        includeGlobalResourceTypes: region === 'us-east-1',
        resourceTypes: [],
        exclusionByResourceTypes: { resourceTypes: [] },
        recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' },
      },
    });
    deliveryChannel(account, region, CONTROL_TOWER_BUCKET, {
      name: 'aws-controltower-BaselineConfigDeliveryChannel',
      prefix: CONTROL_TOWER_ORGANIZATION,
    });
  }
}

/** https://docs.aws.amazon.com/controltower/latest/controlreference/mandatory-controls.html */
function addGuardrails(estate: Estate): void {
  const butControlTower = { ArnNotLike: { 'aws:PrincipalARN': 'arn:*:iam::*:role/AWSControlTowerExecution' } };
  const guard = (Sid: string, Action: string[], Resource: string | string[]): PolicyStatement => ({
    Sid,
    Effect: 'Deny',
    Action,
    Resource,
    Condition: butControlTower,
  });
  for (const unit of ['Security', 'Workloads']) {
    serviceControlPolicy(
      estate,
      unit,
      `aws-guardrails-${unit.toLowerCase()}`,
      policy(
        guard(
          'GRCLOUDTRAILENABLED',
          [
            'cloudtrail:DeleteTrail',
            'cloudtrail:PutEventSelectors',
            'cloudtrail:StopLogging',
            'cloudtrail:UpdateTrail',
          ],
          'arn:*:cloudtrail:*:*:trail/aws-controltower-*',
        ),
        guard(
          'GRCONFIGENABLED',
          [
            'config:DeleteConfigurationRecorder',
            'config:DeleteDeliveryChannel',
            'config:Put*',
            'config:StopConfigurationRecorder',
          ],
          '*',
        ),
        {
          Sid: 'GRREGIONDENY',
          Effect: 'Deny',
          NotAction: [
            'account:*',
            'budgets:*',
            'cloudfront:*',
            'config:*',
            'health:*',
            'iam:*',
            'kms:*',
            'organizations:*',
            'route53:*',
            's3:GetAccountPublic*',
            's3:ListAllMyBuckets',
            'sts:*',
            'support:*',
          ],
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:RequestedRegion': CONTROL_TOWER_REGIONS }, ...butControlTower },
        },
      ),
    );
  }
  serviceControlPolicy(
    estate,
    'Security',
    'aws-guardrails-log-archive',
    policy(
      guard(
        'GRCTAUDITBUCKETPOLICYCHANGESPROHIBITED',
        [
          's3:DeleteBucket',
          's3:DeleteBucketPolicy',
          's3:PutBucketPolicy',
          's3:PutEncryptionConfiguration',
          's3:PutLifecycleConfiguration',
          's3:PutBucketLogging',
        ],
        'arn:aws:s3:::aws-controltower*',
      ),
    ),
  );
}

/** The organization trail records all that this one did. */
function addOldTrail(estate: Estate, lab: Account): void {
  const stopped = new Date(estate.now().getTime() - 200 * DAY);
  trail(estate, lab, {
    name: 'lab-trail',
    bucket: OLD_BUCKET,
    logging: false,
    createdAt: new Date(stopped.getTime() - 300 * DAY),
    startedAt: new Date(stopped.getTime() - 300 * DAY),
    stoppedAt: stopped,
  });
  bucket(estate, lab, OLD_BUCKET, {
    policy: policy(...deliveryStatements(OLD_BUCKET, CONTROL_TOWER_OLD_TRAIL, [`AWSLogs/${lab.id}/*`])),
  });
}
