/**
 * The demo estate: an organization of six accounts, as one finds them. `demoExpectations` (demo-expectations.ts) says what
 * the checks must find in it. The shared archive and the organization trail belong to everybody; prod is two accounts:
 *
 * | account                         | story                                                                             |
 * |---------------------------------|-----------------------------------------------------------------------------------|
 * | 111111111111 acme-management    | owns the organization trail: everywhere, logging, but writes only, no digests, no key |
 * | 222222222222 acme-log-archive   | owns the log buckets; the main one is neither watched nor aged, and a backup vendor may write to it |
 * | 333333333333 acme-prod-web      | has a good trail of its own, whose alarm tells nobody; a deploy role may rewire trails |
 * | 444444444444 acme-prod-data     | has an old trail, stopped, with a bucket that the world may read                      |
 * | 555555555555 acme-staging       | as it should be                                                                    |
 * | 666666666666 acme-sandbox       | has a trail whose bucket is gone, and a policy that hides IAM from everybody          |
 */
import {
  addAccount,
  addOrganization,
  alarm,
  bucket,
  configRule,
  deliveryStatements,
  emptyEstate,
  key,
  keyAlias,
  keyDelivery,
  logDelivery,
  logGroup,
  metricFilter,
  policy,
  recorder,
  role,
  serviceLinkedRole,
  topic,
  trail,
} from '../builders.ts';
import type { Account, Credential, Estate } from '../types.ts';
import { addAccess } from './demo-access.ts';

export const DEMO_ORGANIZATION = 'o-acmedemo01';
export const DEMO_ACCOUNTS = {
  management: '111111111111',
  archive: '222222222222',
  web: '333333333333',
  data: '444444444444',
  staging: '555555555555',
  sandbox: '666666666666',
};
export const DEMO_BUCKETS = {
  archive: 'acme-cloudtrail-logs',
  legacy: 'acme-data-legacy-trail',
  staging: 'acme-staging-trail-logs',
  accessLogs: 'acme-access-logs',
  gone: 'acme-sandbox-trail-gone',
};
/** A good key in the archive account that no trail uses yet: its policy knows nothing of CloudTrail. */
export const DEMO_ARCHIVE_KEY = `arn:aws:kms:us-east-1:${DEMO_ACCOUNTS.archive}:key/0a11ce00-2222-4222-8222-a7c417e0106a`;
export const DEMO_WEB_KEY = `arn:aws:kms:us-east-1:${DEMO_ACCOUNTS.web}:key/0a11ce00-3333-4333-8333-7ea116c4ec4a`;
export const DEMO_STAGING_KEY = `arn:aws:kms:us-east-1:${DEMO_ACCOUNTS.staging}:key/0a11ce00-5555-4555-8555-57a6176c4eca`;
export const DEMO_TRAILS = {
  organization: `arn:aws:cloudtrail:us-east-1:${DEMO_ACCOUNTS.management}:trail/acme-org-trail`,
  web: `arn:aws:cloudtrail:us-east-1:${DEMO_ACCOUNTS.web}:trail/web-alarms`,
  legacy: `arn:aws:cloudtrail:eu-west-1:${DEMO_ACCOUNTS.data}:trail/legacy-data-trail`,
  staging: `arn:aws:cloudtrail:us-east-1:${DEMO_ACCOUNTS.staging}:trail/staging-trail`,
  sandbox: `arn:aws:cloudtrail:us-east-1:${DEMO_ACCOUNTS.sandbox}:trail/sandbox-trail`,
};
export const DEMO_LOG_GROUPS = {
  web: `arn:aws:logs:us-east-1:${DEMO_ACCOUNTS.web}:log-group:cloudtrail/web-alarms`,
  staging: `arn:aws:logs:us-east-1:${DEMO_ACCOUNTS.staging}:log-group:cloudtrail/staging-trail`,
};

const DAY = 24 * 3_600_000;
const CLOUDTRAIL_CHANGES =
  '{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }';

/** The estate, and the key of the hub user by which the bot enters it. */
export function demoEstate(now?: () => Date): { estate: Estate; hub: Credential } {
  const estate = emptyEstate(now);
  addOrganization(estate, {
    id: DEMO_ORGANIZATION,
    managementAccountId: DEMO_ACCOUNTS.management,
    units: { Security: 'Root', Workloads: 'Root', Prod: 'Workloads', Staging: 'Workloads', Sandbox: 'Root' },
  });
  const { management, archive, web, data, staging, sandbox } = addAccounts(estate);
  for (const account of estate.accounts.values()) {
    serviceLinkedRole(account, 'cloudtrail.amazonaws.com', 'AWSServiceRoleForCloudTrail');
    recorder(account, 'us-east-1');
  }
  addArchive(estate, archive);
  addOrganizationTrail(estate, management);
  addWeb(estate, web);
  addData(estate, data);
  addStaging(estate, staging, archive);
  addSandbox(estate, sandbox);
  return { estate, hub: addAccess(estate, management, archive) };
}

/** Names keep to AWS's characters; tags of Organizations may hold anything, so they do. */
function addAccounts(estate: Estate) {
  const { management, archive, web, data, staging, sandbox } = DEMO_ACCOUNTS;
  return {
    management: addAccount(estate, { id: management, name: 'acme-management', unit: 'Root', alias: 'acme' }),
    archive: addAccount(estate, { id: archive, name: 'acme-log-archive', unit: 'Security', alias: 'acme-log-archive' }),
    web: addAccount(estate, {
      id: web,
      name: 'acme-prod-web',
      unit: 'Prod',
      alias: 'acme-prod-web',
      tags: { env: 'prod', owner: '<!channel> *web* team 🕸️ <https://example.com|click>' },
    }),
    data: addAccount(estate, {
      id: data,
      name: 'acme-prod-data',
      unit: 'Prod',
      alias: 'acme-prod-data',
      tags: { env: 'prod', owner: 'فريق البيانات \u202Eatad' },
    }),
    staging: addAccount(estate, { id: staging, name: 'acme-staging', unit: 'Staging', tags: { env: 'staging' } }),
    sandbox: addAccount(estate, {
      id: sandbox,
      name: 'acme-sandbox <!everyone> & friends',
      unit: 'Sandbox',
      tags: { env: 'sandbox', note: 'x'.repeat(256) },
      // IAM is nobody's business here, not even the bot's: its question about a policy's holders stays unanswered.
      serviceControlPolicies: [
        policy(
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Sid: 'HideIam', Effect: 'Deny', Action: ['iam:ListEntitiesForPolicy', 'iam:GetAccount*'], Resource: '*' },
        ),
      ],
    }),
  };
}

/** One bucket for all trails: private and rightly addressed, but unwatched, undecided on age, and open to a vendor. */
function addArchive(estate: Estate, archive: Account): void {
  const { archive: logs, accessLogs } = DEMO_BUCKETS;
  bucket(estate, archive, logs, {
    versioning: 'Enabled',
    policy: policy(
      ...deliveryStatements(logs, DEMO_TRAILS.organization, [
        `AWSLogs/${DEMO_ACCOUNTS.management}/*`,
        `AWSLogs/${DEMO_ORGANIZATION}/*`,
      ]),
      ...deliveryStatements(logs, DEMO_TRAILS.web, [`web/AWSLogs/${DEMO_ACCOUNTS.web}/*`], 'Web'),
      {
        Sid: 'VendorBackup',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::777777777777:role/acme-backup' },
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: `arn:aws:s3:::${logs}/*`,
      },
    ),
    tags: { purpose: 'audit', contact: '<@U00000000> 🔥' },
  });
  bucket(estate, archive, accessLogs, {
    policy: policy({
      Sid: 'S3AccessLogs',
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${accessLogs}/*`,
      Condition: { StringEquals: { 'aws:SourceAccount': archive.id } },
    }),
    lifecycle: [expiry('access-logs', 400)],
  });
  key(estate, archive, 'us-east-1', idOf(DEMO_ARCHIVE_KEY));
  keyAlias(archive, 'us-east-1', 'acme-audit-logs', idOf(DEMO_ARCHIVE_KEY));
}

function addOrganizationTrail(estate: Estate, management: Account): void {
  trail(estate, management, {
    name: 'acme-org-trail',
    bucket: DEMO_BUCKETS.archive,
    organization: true,
    validation: false,
    eventSelectors: [
      {
        ReadWriteType: 'WriteOnly',
        IncludeManagementEvents: true,
        DataResources: [],
        ExcludeManagementEventSources: [],
      },
    ],
  });
}

/** The trail is right; the alarm on it is switched off, and the one subscriber never confirmed. */
function addWeb(estate: Estate, web: Account): void {
  const group = logGroup(estate, web, 'us-east-1', 'cloudtrail/web-alarms');
  const name = 'CloudTrail changes <!channel> 🚨';
  metricFilter(group, name, CLOUDTRAIL_CHANGES, { name: 'CloudTrailChanges', namespace: 'Acme' });
  const alerts = topic(estate, web, 'us-east-1', 'web-alerts');
  alerts.subscriptions.push({
    arn: `${alerts.arn}:5e7f1c1c-0000-4000-8000-000000000001`,
    protocol: 'email',
    endpoint: 'web-oncall@example.com',
    confirmed: false,
  });
  alarm(estate, web, 'us-east-1', name, {
    Namespace: 'Acme',
    MetricName: 'CloudTrailChanges',
    AlarmActions: [alerts.arn],
    ActionsEnabled: false,
  });
  key(estate, web, 'us-east-1', idOf(DEMO_WEB_KEY), { policy: keyDelivery(web, DEMO_TRAILS.web) });
  trail(estate, web, {
    name: 'web-alarms',
    bucket: DEMO_BUCKETS.archive,
    prefix: 'web',
    kmsKeyId: DEMO_WEB_KEY,
    ...logDelivery(web, group),
    tags: { team: 'web', note: '‮ *bold* _it_ `code` ~no~' },
  });
  const fullAccess = 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess';
  role(web, 'deploy-bot', { attached: [fullAccess], tags: { owner: 'web' } });
  role(web, 'AWSReservedSSO_PlatformAdmin_0123456789abcdef', {
    path: '/aws-reserved/sso.amazonaws.com/',
    attached: [fullAccess],
  });
}

/** Left over from before the organization trail. */
function addData(estate: Estate, data: Account): void {
  const { legacy } = DEMO_BUCKETS;
  const stopped = new Date(estate.now().getTime() - 40 * DAY);
  trail(estate, data, {
    name: 'legacy-data-trail',
    homeRegion: 'eu-west-1',
    bucket: legacy,
    multiRegion: false,
    logging: false,
    createdAt: new Date(stopped.getTime() - 400 * DAY),
    startedAt: new Date(stopped.getTime() - 400 * DAY),
    stoppedAt: stopped,
  });
  bucket(estate, data, legacy, {
    region: 'eu-west-1',
    publicAccessBlock: undefined,
    policy: policy(...deliveryStatements(legacy, DEMO_TRAILS.legacy, [`AWSLogs/${data.id}/*`]), {
      Sid: 'AuditorsReadOnly',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${legacy}/*`,
    }),
  });
}

/** Everything the checks ask for; its records live in the archive account, locked. */
function addStaging(estate: Estate, staging: Account, archive: Account): void {
  const { staging: logs, accessLogs } = DEMO_BUCKETS;
  const group = logGroup(estate, staging, 'us-east-1', 'cloudtrail/staging-trail');
  metricFilter(group, 'cloudtrail-changes', CLOUDTRAIL_CHANGES, { name: 'CloudTrailChanges', namespace: 'Acme' });
  const alerts = topic(estate, staging, 'us-east-1', 'staging-alerts');
  alerts.subscriptions.push({
    arn: `${alerts.arn}:5e7f1c1c-0000-4000-8000-000000000002`,
    protocol: 'email',
    endpoint: 'staging-oncall@example.com',
    confirmed: true,
  });
  alarm(estate, staging, 'us-east-1', 'cloudtrail-changes', {
    Namespace: 'Acme',
    MetricName: 'CloudTrailChanges',
    AlarmActions: [alerts.arn],
  });
  key(estate, staging, 'us-east-1', idOf(DEMO_STAGING_KEY), { policy: keyDelivery(staging, DEMO_TRAILS.staging) });
  trail(estate, staging, {
    name: 'staging-trail',
    bucket: logs,
    kmsKeyId: DEMO_STAGING_KEY,
    ...logDelivery(staging, group),
    advancedEventSelectors: [
      { Name: 'Management events', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
      {
        Name: 'S3 objects but the logs',
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          { Field: 'resources.ARN', NotStartsWith: [`arn:aws:s3:::${logs}/`] },
        ],
      },
    ],
  });
  bucket(estate, archive, logs, {
    versioning: 'Enabled',
    policy: policy(...deliveryStatements(logs, DEMO_TRAILS.staging, [`AWSLogs/${staging.id}/*`])),
    logging: { TargetBucket: accessLogs, TargetPrefix: 'staging/' },
    lifecycle: [expiry('audit-logs', 400)],
    objectLock: {
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } },
    },
  });
  for (const identifier of [
    'MULTI_REGION_CLOUD_TRAIL_ENABLED',
    'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED',
    'CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED',
    'CLOUD_TRAIL_ENCRYPTION_ENABLED',
    'CLOUDTRAIL_SECURITY_TRAIL_ENABLED',
    'CLOUDTRAIL_S3_DATAEVENTS_ENABLED',
  ]) {
    configRule(estate, staging, 'us-east-1', identifier);
  }
}

/** Somebody tidied the bucket away; its name is free for anyone. */
function addSandbox(estate: Estate, sandbox: Account): void {
  trail(estate, sandbox, { name: 'sandbox-trail', bucket: DEMO_BUCKETS.gone });
}

function expiry(id: string, days: number) {
  return {
    ID: id,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { Days: days },
    NoncurrentVersionExpiration: { NoncurrentDays: days },
  };
}

function idOf(keyArn: string): string {
  return keyArn.slice(keyArn.lastIndexOf('/') + 1);
}
