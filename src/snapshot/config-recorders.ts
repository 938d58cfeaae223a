import { toJsonObject } from './json.ts';
import { absent, chainPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import { type Reading, splitPlace } from './reading.ts';
import type { ConfigDeliveryChannel, ConfigRecorder, Part } from './types.ts';

/** The customer's recorder of a region; those that AWS services keep for themselves are told only to who names them. */
async function readRecorder(reading: Reading, key: string): Promise<Part<ConfigRecorder>> {
  const place = splitPlace(key);
  const [recorders, statuses] = await Promise.all([
    reading.ask('config:DescribeConfigurationRecorders', place, {}),
    reading.ask('config:DescribeConfigurationRecorderStatus', place, {}),
  ]);
  if (recorders.state !== 'read') return recorders;
  if (statuses.state !== 'read') return statuses;
  const recorder = recorders.value.ConfigurationRecorders?.[0];
  if (recorder === undefined) return absent('NoSuchConfigurationRecorderException');
  const { name = '', roleARN = '', servicePrincipal, recordingGroup = {}, recordingMode } = recorder;
  const status = statuses.value.ConfigurationRecordersStatus?.find((one) => one.name === name);
  return read({
    name,
    roleARN,
    ...(servicePrincipal ? { servicePrincipal } : {}),
    recordingGroup: toJsonObject(recordingGroup),
    ...(recordingMode === undefined ? {} : { recordingMode: toJsonObject(recordingMode) }),
    recording: status?.recording ?? false,
    ...(status?.lastStatus ? { lastStatus: status.lastStatus } : {}),
    ...(status?.lastErrorCode ? { lastErrorCode: status.lastErrorCode } : {}),
  });
}

async function readChannel(reading: Reading, key: string): Promise<Part<ConfigDeliveryChannel>> {
  const answer = await reading.ask('config:DescribeDeliveryChannels', splitPlace(key), {});
  return chainPart(answer, ({ DeliveryChannels: channels }) => {
    const channel = channels?.[0];
    if (channel === undefined) return absent('NoSuchDeliveryChannelException');
    const { name = '', s3BucketName = '', configSnapshotDeliveryProperties: snapshots } = channel;
    const { s3KeyPrefix, s3KmsKeyArn, snsTopicARN } = channel;
    return read({
      name,
      s3BucketName,
      ...(s3KeyPrefix ? { s3KeyPrefix } : {}),
      ...(s3KmsKeyArn ? { s3KmsKeyArn } : {}),
      ...(snsTopicARN ? { snsTopicARN } : {}),
      ...(snapshots === undefined ? {} : { configSnapshotDeliveryProperties: toJsonObject(snapshots) }),
    });
  });
}

export const recorderParts: PartReaders<'config.recorder' | 'config.deliveryChannel'> = {
  'config.recorder': {
    key: 'account/region',
    operations: ['config:DescribeConfigurationRecorders', 'config:DescribeConfigurationRecorderStatus'],
    needs: [],
    read: readRecorder,
  },
  'config.deliveryChannel': {
    key: 'account/region',
    operations: ['config:DescribeDeliveryChannels'],
    needs: [],
    read: readChannel,
  },
};
