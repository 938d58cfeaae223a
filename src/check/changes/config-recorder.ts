import type { ConfigDeliveryChannel, ConfigRecorder, JsonObject } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import type { Place } from './create-log-group.ts';

const SERVICE = 'config.amazonaws.com';
const SERVICE_ROLE = 'AWSServiceRoleForConfig';

/** ARN of the role AWS Config works with where nobody gave it another. */
export function configServiceRole({ partition, account }: Pick<Place, 'partition' | 'account'>): string {
  return `arn:${partition}:iam::${account}:role/aws-service-role/${SERVICE}/${SERVICE_ROLE}`;
}

/**
 * iam:CreateServiceLinkedRole; left out when it runs if the role is there by then, as whoever tried AWS Config before has
 * it. It stays, since every recorder of the account may come to use it.
 */
export function createConfigRole({ partition, account }: Pick<Place, 'partition' | 'account'>): Change {
  return {
    account,
    region: '',
    operation: 'iam:CreateServiceLinkedRole',
    resource: configServiceRole({ partition, account }),
    input: { AWSServiceName: SERVICE },
    summary: 'Create the service-linked role of AWS Config, unless it is there.',
    target: `iam.role:${account}/${SERVICE_ROLE}`,
    expect: null,
    result: { RoleName: SERVICE_ROLE },
  };
}

/**
 * config:PutConfigurationRecorder that records everything; global types too where `global`. A recorder that is there
 * keeps its name, role and frequency: a put replaces all of it. `before` is what the part holds now, if anything.
 */
export function putRecorder(
  place: Place,
  {
    recorder,
    before,
    roleARN,
    global,
  }: { recorder: ConfigRecorder | undefined; before: JsonObject | null; roleARN: string; global: boolean },
): Change {
  const name = recorder?.name ?? 'default';
  const call = callOn(place, name);
  const recordingGroup = {
    allSupported: true,
    includeGlobalResourceTypes: global,
    resourceTypes: [],
    exclusionByResourceTypes: { resourceTypes: [] },
    recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' },
  };
  const put = (value: JsonObject) => ({
    operation: 'config:PutConfigurationRecorder',
    input: { ConfigurationRecorder: value },
  });
  const mode = recorder?.recordingMode === undefined ? {} : { recordingMode: recorder.recordingMode };
  return {
    ...call,
    ...put({ name, roleARN, recordingGroup, ...mode }),
    summary: `Let AWS Config record every resource type in ${place.region}${global ? ', global ones too' : ''}.`,
    target: targetOf(place),
    expect: before,
    result: { name, roleARN, recordingGroup },
    undo:
      recorder === undefined
        ? {
            ...call,
            operation: 'config:DeleteConfigurationRecorder',
            input: { ConfigurationRecorderName: name },
            summary: `Delete the recorder of ${place.region}.`,
            automatic: true,
          }
        : {
            ...call,
            ...put({ name, roleARN: recorder.roleARN, recordingGroup: recorder.recordingGroup, ...mode }),
            summary: `Put the saved recorder of ${place.region} back.`,
            automatic: true,
          },
  };
}

/** config:PutDeliveryChannel where there is none. AWS refuses it where the bucket does not let Config write. */
export function putChannel(place: Place, channel: Omit<ConfigDeliveryChannel, 'name'>): Change {
  const name = 'default';
  const call = callOn(place, name);
  const value = { name, ...channel };
  return {
    ...call,
    operation: 'config:PutDeliveryChannel',
    input: { DeliveryChannel: value },
    summary: `Deliver what is recorded in ${place.region} to ${channel.s3BucketName}.`,
    target: `config.deliveryChannel:${place.account}/${place.region}`,
    expect: null,
    result: value,
    undo: {
      ...call,
      operation: 'config:DeleteDeliveryChannel',
      input: { DeliveryChannelName: name },
      summary: `Delete the delivery channel of ${place.region}.`,
      automatic: true,
    },
  };
}

/** config:StartConfigurationRecorder, after recorder and channel are there. */
export function startRecorder(place: Place, name: string): Change {
  const call = callOn(place, name);
  const input = { ConfigurationRecorderName: name };
  return {
    ...call,
    operation: 'config:StartConfigurationRecorder',
    input,
    summary: `Start the recorder of ${place.region}.`,
    target: targetOf(place),
    expect: { name, recording: false },
    result: { name, recording: true },
    undo: {
      ...call,
      operation: 'config:StopConfigurationRecorder',
      input,
      summary: `Stop the recorder of ${place.region} again.`,
      automatic: true,
    },
  };
}

function callOn({ partition, account, region }: Place, name: string) {
  // AWS makes the id that ends the ARN of a recorder.
  return { account, region, resource: `arn:${partition}:config:${region}:${account}:configuration-recorder/${name}/*` };
}

function targetOf({ account, region }: Place): Change['target'] {
  return `config.recorder:${account}/${region}`;
}
