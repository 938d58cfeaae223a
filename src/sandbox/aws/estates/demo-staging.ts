/** The account of the demo estate in which everything is as the checks ask. */
import {
  alarm,
  bucket,
  deliveryStatements,
  insights,
  key,
  keyDelivery,
  logDelivery,
  logEncryptionStatement,
  logGroup,
  metricFilter,
  policy,
  topic,
  trail,
} from '../builders.ts';
import type { Account, Estate, LogGroup, PolicyStatement } from '../types.ts';
import { DEMO_BUCKETS, DEMO_STAGING_KEY, DEMO_TRAILS, idOf } from './demo-names.ts';
import { CLOUDTRAIL_CHANGES } from './demo-prod.ts';
import { expiry } from './demo-shared.ts';

const ROOT_USAGE =
  '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }';

export function addStaging(estate: Estate, staging: Account, archive: Account): void {
  const group = logGroup(estate, staging, 'us-east-1', 'cloudtrail/staging-trail', {
    kmsKeyId: DEMO_STAGING_KEY,
    deletionProtection: true,
  });
  addKey(estate, staging, group);
  addAlarms(estate, staging, group);
  const made = trail(estate, staging, {
    name: 'staging-trail',
    bucket: DEMO_BUCKETS.staging,
    kmsKeyId: DEMO_STAGING_KEY,
    ...logDelivery(staging, group),
    advancedEventSelectors: [
      { Name: 'Management events', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
      {
        Name: 'S3 objects but the logs',
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          { Field: 'resources.ARN', NotStartsWith: [`arn:aws:s3:::${DEMO_BUCKETS.staging}/`] },
        ],
      },
    ],
    tags: { team: 'staging' },
  });
  insights(made);
  addBuckets(estate, staging, archive);
}

/** One key for the log files, the log group and the messages. */
function addKey(estate: Estate, staging: Account, group: LogGroup): void {
  const document = keyDelivery(staging, DEMO_TRAILS.staging);
  const alarms: PolicyStatement = {
    Sid: 'Allow alarms',
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': staging.id } },
  };
  document.Statement.push(logEncryptionStatement(group), alarms);
  key(estate, staging, 'us-east-1', idOf(DEMO_STAGING_KEY), { policy: document });
}

function addAlarms(estate: Estate, staging: Account, group: LogGroup): void {
  const alerts = topic(estate, staging, 'us-east-1', 'staging-alerts', { kmsKeyId: DEMO_STAGING_KEY });
  alerts.subscriptions.push({
    arn: `${alerts.arn}:5e7f1c1c-0000-4000-8000-000000000002`,
    protocol: 'email',
    endpoint: 'staging-oncall@example.com',
    confirmed: true,
  });
  const watched = [
    { name: 'cloudtrail-changes', metric: 'CloudTrailChanges', pattern: CLOUDTRAIL_CHANGES },
    { name: 'root-usage', metric: 'RootUsage', pattern: ROOT_USAGE },
  ];
  for (const { name, metric, pattern } of watched) {
    metricFilter(group, name, pattern, { name: metric, namespace: 'Acme' });
    alarm(estate, staging, 'us-east-1', name, {
      Namespace: 'Acme',
      MetricName: metric,
      AlarmActions: [alerts.arn],
    });
  }
}

/** Its records live in the archive account, locked, with a copy at home. */
function addBuckets(estate: Estate, staging: Account, archive: Account): void {
  const { staging: logs, stagingCopy: copy, accessLogs } = DEMO_BUCKETS;
  bucket(estate, staging, copy, { versioning: 'Enabled' });
  bucket(estate, archive, logs, {
    versioning: 'Enabled',
    policy: policy(...deliveryStatements(logs, DEMO_TRAILS.staging, [`AWSLogs/${staging.id}/*`]), {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${logs}`, `arn:aws:s3:::${logs}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    logging: { TargetBucket: accessLogs, TargetPrefix: 'staging/' },
    lifecycle: [expiry('audit-logs', 400)],
    objectLock: {
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } },
    },
    replication: {
      Role: `arn:aws:iam::${archive.id}:role/replicate-logs`,
      Rules: [
        {
          ID: 'copy',
          Priority: 1,
          Status: 'Enabled',
          Filter: { Prefix: '' },
          DeleteMarkerReplication: { Status: 'Disabled' },
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
          Destination: { Bucket: `arn:aws:s3:::${copy}`, Account: staging.id },
        },
      ],
    },
  });
}
