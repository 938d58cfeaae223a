/** Builders for AWS Config and Security Hub. */
import { arn } from '../arn.ts';
import { isRecord } from '../input.ts';
import { regionOf } from '../region.ts';
import type { Account, Bucket, DeliveryChannel, Estate, Hub, Json, PolicyStatement, Recorder } from '../types.ts';
import { serviceLinkedRole, uniqueId } from './identity.ts';

const HOUR = 3_600_000;

/**
 * A recorder of everything that is running in one region, with the service-linked role it uses (made if it is missing).
 * `wanted` says what differs: `{recording: false}`, `{servicePrincipal: 'securityhub.amazonaws.com'}`, …
 */
export function recorder(account: Account, region: string, wanted: Partial<Recorder> = {}): Recorder {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const role = 'AWSServiceRoleForConfig';
  if (!account.roles.has(role)) serviceLinkedRole(account, 'config.amazonaws.com', role);
  const made: Recorder = {
    name: 'default',
    roleArn: `arn:${partition}:iam::${account.id}:role/aws-service-role/config.amazonaws.com/${role}`,
    recording: true,
    servicePrincipal: undefined,
    recordingGroup: {
      allSupported: true,
      includeGlobalResourceTypes: true,
      resourceTypes: [],
      exclusionByResourceTypes: { resourceTypes: [] },
      recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' },
    },
    recordingMode: { recordingFrequency: 'CONTINUOUS', recordingModeOverrides: [] },
    lastStatus: 'Success',
    lastErrorCode: undefined,
    startedAt: new Date('2024-03-01T09:00:00Z'),
    stoppedAt: undefined,
    ...wanted,
  };
  regionOf(account, region).recorders.set(made.name, made);
  return made;
}

/** Where the recorder of a region delivers. The bucket's policy has to let it: see `configDeliveryStatements`. */
export function deliveryChannel(
  account: Account,
  region: string,
  bucketName: string,
  wanted: Partial<DeliveryChannel> = {},
): DeliveryChannel {
  const made: DeliveryChannel = {
    name: 'default',
    bucket: bucketName,
    prefix: undefined,
    kmsKeyArn: undefined,
    topicArn: undefined,
    frequency: 'TwentyFour_Hours',
    ...wanted,
  };
  regionOf(account, region).deliveryChannels.set(made.name, made);
  return made;
}

/** Statements by which AWS Config may deliver to a bucket, for these accounts. */
export function configDeliveryStatements(bucket: Bucket, accounts: string[], partition = 'aws'): PolicyStatement[] {
  const bucketArn = `arn:${partition}:s3:::${bucket.name}`;
  const principal = { Service: 'config.amazonaws.com' };
  return [
    {
      Sid: 'AWSConfigBucketCheck',
      Effect: 'Allow',
      Principal: principal,
      Action: ['s3:GetBucketAcl', 's3:ListBucket'],
      Resource: bucketArn,
      Condition: { StringEquals: { 'aws:SourceAccount': accounts } },
    },
    {
      Sid: 'AWSConfigDelivery',
      Effect: 'Allow',
      Principal: principal,
      Action: 's3:PutObject',
      Resource: accounts.map((account) => `${bucketArn}/AWSLogs/${account}/Config/*`),
      Condition: {
        StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': accounts },
      },
    },
  ];
}

/** An active rule of AWS's own. */
export function configRule(
  estate: Estate,
  account: Account,
  region: string,
  identifier: string,
  parameters?: Json,
): void {
  const name = identifier.toLowerCase().replaceAll('_', '-');
  const id = `config-rule-${uniqueId('', 6).toLowerCase()}`;
  regionOf(account, region).configRules.set(name, {
    name,
    arn: arn(estate, 'config', region, account.id, `config-rule/${id}`),
    id,
    state: 'ACTIVE',
    owner: 'AWS',
    identifier,
    members: {
      Source: { Owner: 'AWS', SourceIdentifier: identifier },
      ...(isRecord(parameters) ? { InputParameters: JSON.stringify(parameters) } : {}),
    },
    lastErrorCode: undefined,
    lastEvaluatedAt: new Date(estate.now().getTime() - HOUR),
  });
}

/**
 * Switches Security Hub on in one region, with standards by their short names: `cis-aws-foundations-benchmark/v/3.0.0`,
 * `aws-foundational-security-best-practices/v/1.0.0` (the default), or whole ARNs.
 */
export function securityHub(
  estate: Estate,
  account: Account,
  region: string,
  standards: string[] = ['aws-foundational-security-best-practices/v/1.0.0'],
): Hub {
  const made: Hub = {
    subscribedAt: new Date('2024-03-01T09:00:00Z'),
    autoEnableControls: true,
    standards: standards.map((name) =>
      name.startsWith('arn:') ? name : arn(estate, 'securityhub', region, '', `standards/${name}`),
    ),
    findings: new Map(),
  };
  regionOf(account, region).hub = made;
  return made;
}
