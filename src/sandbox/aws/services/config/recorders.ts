/** Configuration recorders: one of the customer's a region, beside those that AWS services own. */
import { createHash } from 'node:crypto';
import { accountOf, arn } from '../../arn.ts';
import { isRecord, recordsIn, stringIn, stringsIn } from '../../input.ts';
import { decide } from '../../policy.ts';
import { regionOf } from '../../region.ts';
import {
  AwsError,
  type Input,
  type Json,
  type Operation,
  type Output,
  type Permission,
  type Recorder,
  type RequestContext,
} from '../../types.ts';
import { flagIn, jsonOf } from '../members.ts';

const READ = { class: 'read', perSecond: 10 };
const WRITE = { class: 'write', perSecond: 1 };

function recordersOf({ account, region }: RequestContext): Map<string, Recorder> {
  return regionOf(account, region).recorders;
}

/** The customer's recorder of a region; those of AWS services do not count. */
export function customerRecorder(context: RequestContext): Recorder | undefined {
  return [...recordersOf(context).values()].find((recorder) => recorder.servicePrincipal === undefined);
}

function recorderArn({ estate, account, region }: RequestContext, name: string): string {
  const id = createHash('sha256').update(`${account.id}/${region}/${name}`).digest('hex').slice(0, 16);
  return arn(estate, 'config', region, account.id, `configuration-recorder/${name}/${id}`);
}

/** By name, by the service that owns it, or (nothing named) the customer's own. */
function recordersAsked(context: RequestContext, input: Input): Recorder[] {
  const names = stringsIn(input, 'ConfigurationRecorderNames');
  const service = stringIn(input, 'ServicePrincipal');
  const all = [...recordersOf(context).values()];
  if (service !== undefined) return all.filter((recorder) => recorder.servicePrincipal === service);
  if (names.length === 0) return all.filter((recorder) => recorder.servicePrincipal === undefined);
  return names.map((name) => neededRecorder(context, name));
}

function neededRecorder(context: RequestContext, name: string): Recorder {
  const recorder = recordersOf(context).get(name);
  if (recorder) return recorder;
  throw new AwsError(
    'NoSuchConfigurationRecorderException',
    `Cannot find configuration recorder with the specified name '${name}'.`,
  );
}

function described(context: RequestContext, recorder: Recorder): Output {
  return {
    arn: recorderArn(context, recorder.name),
    name: recorder.name,
    roleARN: recorder.roleArn,
    recordingGroup: recorder.recordingGroup,
    recordingMode: recorder.recordingMode,
    recordingScope: recorder.servicePrincipal === undefined ? 'PAID' : 'INTERNAL',
    servicePrincipal: recorder.servicePrincipal,
  };
}

/** What was just started is pending for a moment. */
const STARTS_MS = 5_000;

function lastStatus({ estate }: RequestContext, { recording, lastStatus: last, startedAt }: Recorder): string {
  const settled = startedAt && estate.now().getTime() - startedAt.getTime() >= STARTS_MS;
  return recording && last === 'Pending' && settled ? 'Success' : last;
}

function statusOf(context: RequestContext, recorder: Recorder): Output {
  return {
    arn: recorderArn(context, recorder.name),
    name: recorder.name,
    lastStartTime: recorder.startedAt,
    lastStopTime: recorder.stoppedAt,
    recording: recorder.recording,
    lastStatus: lastStatus(context, recorder),
    lastErrorCode: recorder.lastErrorCode,
    lastErrorMessage: recorder.lastErrorCode && 'The recorder could not deliver what it recorded.',
    lastStatusChangeTime: recorder.startedAt,
    servicePrincipal: recorder.servicePrincipal,
  };
}

/** A role that AWS Config may assume; otherwise the error AWS answers. */
function checkedRole({ estate, account }: RequestContext, roleArn: string | undefined): string {
  const refuse = (why: string) => new AwsError('InvalidRoleException', why);
  if (!roleArn) throw refuse('You have provided a null or empty role ARN.');
  const role = account.roles.get(roleArn.split('/').at(-1) ?? '');
  const principal = { kind: 'service' as const, name: 'config.amazonaws.com' };
  const context = { 'aws:SourceAccount': account.id };
  const trusted = role && decide(role.trust, { principal, action: 'sts:AssumeRole', context });
  const here = roleArn.startsWith(`arn:${estate.partition}:iam::`) && accountOf(roleArn) === account.id;
  if (!here || !trusted || trusted.grant === 'none' || trusted.denied) {
    throw refuse(`The role ARN ${roleArn} is invalid, or AWS Config cannot assume the role.`);
  }
  return roleArn;
}

/** What is recorded, complete with what a request leaves out. */
function groupIn(input: Input): Json {
  const group = isRecord(input.recordingGroup) ? input.recordingGroup : { allSupported: true };
  const types = stringsIn(group, 'resourceTypes');
  const excluded = isRecord(group.exclusionByResourceTypes)
    ? stringsIn(group.exclusionByResourceTypes, 'resourceTypes')
    : [];
  const strategy = isRecord(group.recordingStrategy) ? stringIn(group.recordingStrategy, 'useOnly') : undefined;
  const all = flagIn(group, 'allSupported') ?? strategy === 'ALL_SUPPORTED_RESOURCE_TYPES';
  const global = flagIn(group, 'includeGlobalResourceTypes') ?? false;
  const excluding = strategy === 'EXCLUSION_BY_RESOURCE_TYPES' || excluded.length > 0;
  const including = !all && !excluding;
  const wrong = (all && (types.length > 0 || excluding)) || (including && types.length === 0) || (global && !all);
  if (wrong) throw new AwsError('InvalidRecordingGroupException', 'The recording group provided is not valid.');
  return {
    allSupported: all,
    includeGlobalResourceTypes: global,
    resourceTypes: types,
    exclusionByResourceTypes: { resourceTypes: excluded },
    recordingStrategy: {
      useOnly: all
        ? 'ALL_SUPPORTED_RESOURCE_TYPES'
        : excluding
          ? 'EXCLUSION_BY_RESOURCE_TYPES'
          : 'INCLUSION_BY_RESOURCE_TYPES',
    },
  };
}

function modeIn(input: Input): Json {
  const mode = isRecord(input.recordingMode) ? input.recordingMode : {};
  const frequency = stringIn(mode, 'recordingFrequency') ?? 'CONTINUOUS';
  if (!['CONTINUOUS', 'DAILY'].includes(frequency)) {
    throw new AwsError('ValidationException', `${frequency} is not a recording frequency.`);
  }
  const recordingModeOverrides = recordsIn(mode, 'recordingModeOverrides').map(jsonOf);
  return { recordingFrequency: frequency, recordingModeOverrides };
}

function recorderIn(input: Input): Input {
  return isRecord(input.ConfigurationRecorder) ? input.ConfigurationRecorder : {};
}

const putRecorder: Operation = {
  quota: WRITE,
  permissions(context, input) {
    const wanted = recorderIn(input);
    const role = stringIn(wanted, 'roleARN');
    const passedTo = { 'iam:PassedToService': 'config.amazonaws.com' };
    return [
      {
        action: 'config:PutConfigurationRecorder',
        resource: recorderArn(context, stringIn(wanted, 'name') ?? 'default'),
      },
      ...(role ? [{ action: 'iam:PassRole', resource: role, context: passedTo }] : []),
    ];
  },
  handle(context, input) {
    const wanted = recorderIn(input);
    const name = stringIn(wanted, 'name') ?? 'default';
    if (!/^.{1,256}$/.test(name)) {
      throw new AwsError('InvalidConfigurationRecorderNameException', `${name} is not the name of a recorder.`);
    }
    const known = recordersOf(context).get(name);
    if (known?.servicePrincipal !== undefined) {
      throw new AwsError('UnmodifiableEntityException', `Recorder ${name} belongs to ${known.servicePrincipal}.`);
    }
    if (!known && customerRecorder(context)) {
      throw new AwsError(
        'MaxNumberOfConfigurationRecordersExceededException',
        `Failed to put configuration recorder '${name}' because the maximum number of 1 configuration recorders is reached.`,
      );
    }
    const roleArn = checkedRole(context, stringIn(wanted, 'roleARN') ?? known?.roleArn);
    recordersOf(context).set(name, {
      recording: false,
      servicePrincipal: undefined,
      lastStatus: 'Pending',
      lastErrorCode: undefined,
      startedAt: undefined,
      stoppedAt: undefined,
      ...known,
      name,
      roleArn,
      recordingGroup: groupIn(wanted),
      recordingMode: modeIn(wanted),
    });
    return {};
  },
};

/** A change of one recorder, named by `ConfigurationRecorderName`. */
function changing(action: string, change: (context: RequestContext, recorder: Recorder) => void): Operation {
  const name = (input: Input) => stringIn(input, 'ConfigurationRecorderName') ?? '';
  return {
    quota: WRITE,
    permissions: (context, input): Permission[] => [
      { action: `config:${action}`, resource: recorderArn(context, name(input)) },
    ],
    handle(context, input) {
      const recorder = neededRecorder(context, name(input));
      if (recorder.servicePrincipal !== undefined) {
        throw new AwsError('UnmodifiableEntityException', `The recorder belongs to ${recorder.servicePrincipal}.`);
      }
      change(context, recorder);
      return {};
    },
  };
}

export const recorderOperations: Record<string, Operation> = {
  DescribeConfigurationRecorders: {
    quota: READ,
    permissions: () => [{ action: 'config:DescribeConfigurationRecorders', resource: '*' }],
    handle: (context, input) => ({
      ConfigurationRecorders: recordersAsked(context, input).map((recorder) => described(context, recorder)),
    }),
  },
  DescribeConfigurationRecorderStatus: {
    quota: READ,
    permissions: () => [{ action: 'config:DescribeConfigurationRecorderStatus', resource: '*' }],
    handle: (context, input) => ({
      ConfigurationRecordersStatus: recordersAsked(context, input).map((recorder) => statusOf(context, recorder)),
    }),
  },
  PutConfigurationRecorder: putRecorder,
  StartConfigurationRecorder: changing('StartConfigurationRecorder', (context, recorder) => {
    if (regionOf(context.account, context.region).deliveryChannels.size === 0) {
      throw new AwsError(
        'NoAvailableDeliveryChannelException',
        'Delivery channel is not available to start configuration recorder.',
      );
    }
    if (!recorder.recording) recorder.startedAt = context.estate.now();
    recorder.recording = true;
    recorder.lastStatus = 'Pending';
  }),
  StopConfigurationRecorder: changing('StopConfigurationRecorder', (context, recorder) => {
    if (recorder.recording) recorder.stoppedAt = context.estate.now();
    recorder.recording = false;
  }),
  DeleteConfigurationRecorder: changing('DeleteConfigurationRecorder', (context, recorder) => {
    recordersOf(context).delete(recorder.name);
  }),
};
