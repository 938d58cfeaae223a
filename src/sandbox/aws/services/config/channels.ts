/** Delivery channels: where AWS Config puts what its recorder finds. One a region. */
import { keyByArn, topicByArn } from '../../delivery.ts';
import { isRecord, stringIn, stringsIn } from '../../input.ts';
import { decide, type PolicyPrincipal } from '../../policy.ts';
import { regionOf } from '../../region.ts';
import {
  AwsError,
  type Bucket,
  type DeliveryChannel,
  type Input,
  type Operation,
  type Output,
  type PolicyDocument,
  type Recorder,
  type RequestContext,
} from '../../types.ts';
import { customerRecorder } from './recorders.ts';

const CONFIG: PolicyPrincipal = { kind: 'service', name: 'config.amazonaws.com' };
const FREQUENCIES = ['One_Hour', 'Three_Hours', 'Six_Hours', 'Twelve_Hours', 'TwentyFour_Hours'];

function channelsOf({ account, region }: RequestContext): Map<string, DeliveryChannel> {
  return regionOf(account, region).deliveryChannels;
}

function described(channel: DeliveryChannel): Output {
  return {
    name: channel.name,
    s3BucketName: channel.bucket,
    s3KeyPrefix: channel.prefix,
    s3KmsKeyArn: channel.kmsKeyArn,
    snsTopicARN: channel.topicArn,
    configSnapshotDeliveryProperties: channel.frequency && { deliveryFrequency: channel.frequency },
  };
}

function neededChannel(context: RequestContext, name: string): DeliveryChannel {
  const channel = channelsOf(context).get(name);
  if (channel) return channel;
  throw new AwsError('NoSuchDeliveryChannelException', `Cannot find delivery channel with specified name '${name}'.`);
}

function channelIn(input: Input): DeliveryChannel {
  const wanted = isRecord(input.DeliveryChannel) ? input.DeliveryChannel : {};
  const properties = isRecord(wanted.configSnapshotDeliveryProperties) ? wanted.configSnapshotDeliveryProperties : {};
  const frequency = stringIn(properties, 'deliveryFrequency');
  if (frequency !== undefined && !FREQUENCIES.includes(frequency)) {
    throw new AwsError('ValidationException', `${frequency} is not a delivery frequency.`);
  }
  return {
    name: stringIn(wanted, 'name') ?? 'default',
    bucket: stringIn(wanted, 's3BucketName') ?? '',
    prefix: stringIn(wanted, 's3KeyPrefix'),
    kmsKeyArn: stringIn(wanted, 's3KmsKeyArn'),
    topicArn: stringIn(wanted, 'snsTopicARN'),
    frequency,
  };
}

/** Throws the first thing that keeps AWS Config from delivering there. */
function checkDelivery(context: RequestContext, channel: DeliveryChannel, recorder: Recorder): void {
  const { estate } = context;
  const bucket = estate.buckets.get(channel.bucket);
  if (!bucket) throw new AwsError('NoSuchBucketException', `Cannot find a S3 bucket with name '${channel.bucket}'.`);
  if (!mayDeliver(context, channel, bucket, recorder)) {
    throw new AwsError(
      'InsufficientDeliveryPolicyException',
      `Insufficient delivery policy to s3 bucket: ${bucket.name}, unable to write to bucket, provided s3 key prefix is '${channel.prefix ?? 'null'}'.`,
    );
  }
  if (channel.kmsKeyArn && keyByArn(estate, channel.kmsKeyArn)?.state !== 'Enabled') {
    throw new AwsError('InvalidS3KmsKeyArnException', `The KMS key ${channel.kmsKeyArn} cannot be used.`);
  }
  if (channel.topicArn && !topicByArn(estate, channel.topicArn)) {
    throw new AwsError('InvalidSNSTopicARNException', `The SNS topic ${channel.topicArn} does not exist.`);
  }
}

/**
 * By the bucket's policy, for the service or for the recorder's role; a role of the bucket's own account may do with a
 * policy of its own: https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
 */
function mayDeliver(
  { estate, account, region }: RequestContext,
  channel: DeliveryChannel,
  bucket: Bucket,
  recorder: Recorder,
): boolean {
  const role = account.roles.get(recorder.roleArn.split('/').at(-1) ?? '');
  const bucketArn = `arn:${estate.partition}:s3:::${bucket.name}`;
  const folder = `${channel.prefix ? `${channel.prefix}/` : ''}AWSLogs/${account.id}/Config`;
  const context = {
    'aws:SourceAccount': account.id,
    'aws:SourceArn': `arn:${estate.partition}:config:${region}:${account.id}:`,
    'aws:PrincipalIsAWSService': 'true',
    'aws:SecureTransport': 'true',
    's3:x-amz-acl': 'bucket-owner-full-control',
    ...(estate.organization && account.parentId !== undefined
      ? { 'aws:SourceOrgID': estate.organization.id, 'aws:PrincipalOrgID': estate.organization.id }
      : {}),
  };
  const named: PolicyPrincipal = { kind: 'aws', account: account.id, arn: recorder.roleArn, roleArn: recorder.roleArn };
  const says = (document: PolicyDocument | undefined, action: string, resource: string, principal?: PolicyPrincipal) =>
    document ? decide(document, { action, resource, context, ...(principal ? { principal } : {}) }) : undefined;
  return (
    [
      ['s3:GetBucketAcl', bucketArn],
      ['s3:PutObject', `${bucketArn}/${folder}/ConfigWritabilityCheckFile`],
    ] as const
  ).every(([action, resource]) => {
    const onBucket = [CONFIG, named].map((principal) => says(bucket.policy, action, resource, principal));
    if (onBucket.some((said) => said?.denied)) return false;
    if (onBucket.some((said) => said && !['none', 'account'].includes(said.grant))) return true;
    const own = [...(role?.inline.values() ?? [])].some(
      (document) => says(document, action, resource)?.grant === 'any',
    );
    return own && bucket.owner === account.id;
  });
}

export const channelOperations: Record<string, Operation> = {
  DescribeDeliveryChannels: {
    quota: { class: 'read', perSecond: 10 },
    permissions: () => [{ action: 'config:DescribeDeliveryChannels', resource: '*' }],
    handle(context, input) {
      const names = stringsIn(input, 'DeliveryChannelNames');
      const channels =
        names.length === 0 ? [...channelsOf(context).values()] : names.map((name) => neededChannel(context, name));
      return { DeliveryChannels: channels.map(described) };
    },
  },
  PutDeliveryChannel: {
    quota: { class: 'write', perSecond: 1 },
    permissions: () => [{ action: 'config:PutDeliveryChannel', resource: '*' }],
    handle(context, input) {
      const channel = channelIn(input);
      const channels = channelsOf(context);
      const recorder = customerRecorder(context);
      if (!recorder) {
        throw new AwsError(
          'NoAvailableConfigurationRecorderException',
          'Configuration recorder is not available to put delivery channel.',
        );
      }
      if (!channels.has(channel.name) && channels.size > 0) {
        throw new AwsError(
          'MaxNumberOfDeliveryChannelsExceededException',
          `Failed to put delivery channel '${channel.name}' because the maximum number of 1 delivery channels is reached.`,
        );
      }
      checkDelivery(context, channel, recorder);
      channels.set(channel.name, channel);
      return {};
    },
  },
  DeleteDeliveryChannel: {
    quota: { class: 'write', perSecond: 1 },
    permissions: () => [{ action: 'config:DeleteDeliveryChannel', resource: '*' }],
    handle(context, input) {
      const channel = neededChannel(context, stringIn(input, 'DeliveryChannelName') ?? '');
      if (customerRecorder(context)?.recording) {
        throw new AwsError(
          'LastDeliveryChannelDeleteFailedException',
          `Failed to delete last specified delivery channel with name '${channel.name}', because there is a running configuration recorder.`,
        );
      }
      channelsOf(context).delete(channel.name);
      return {};
    },
  },
};
