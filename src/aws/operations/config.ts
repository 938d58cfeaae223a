import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DeleteConfigurationRecorderCommand,
  DeleteDeliveryChannelCommand,
  DescribeConfigRuleEvaluationStatusCommand,
  DescribeConfigRulesCommand,
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
  DescribeDeliveryChannelsCommand,
  PutConfigRuleCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { NEXT_TOKEN, read, type Where, write } from '../operation.ts';
import { passRole } from './pass-role.ts';

/** The ARN of a rule holds an id that AWS gives it, not its name. */
const anyRule = {
  on: (_: object, { partition, region, account }: Where) => [
    `arn:${partition}:config:${region}:${account}:config-rule/*`,
  ],
};

export const config = {
  createClient: (config: object) => new ConfigServiceClient(config),
  global: false,
  operations: {
    DescribeConfigRules: read(DescribeConfigRulesCommand, { page: NEXT_TOKEN }),
    DescribeConfigRuleEvaluationStatus: read(DescribeConfigRuleEvaluationStatusCommand, { page: NEXT_TOKEN }),
    DescribeConfigurationRecorderStatus: read(DescribeConfigurationRecorderStatusCommand),
    DescribeConfigurationRecorders: read(DescribeConfigurationRecordersCommand),
    DescribeDeliveryChannels: read(DescribeDeliveryChannelsCommand),
    PutConfigRule: write(PutConfigRuleCommand, anyRule),
    DeleteConfigRule: write(DeleteConfigRuleCommand, anyRule),
    // The ARN of a recorder ends in an id that AWS gives it, and a channel has none: neither is named.
    PutConfigurationRecorder: write(PutConfigurationRecorderCommand, {
      also: ({ ConfigurationRecorder: recorder }) =>
        recorder?.roleARN ? [passRole(recorder.roleARN, 'config.amazonaws.com')] : [],
      fullest: () => ({ ConfigurationRecorder: { roleARN: '*' } }),
    }),
    StartConfigurationRecorder: write(StartConfigurationRecorderCommand),
    StopConfigurationRecorder: write(StopConfigurationRecorderCommand),
    DeleteConfigurationRecorder: write(DeleteConfigurationRecorderCommand),
    PutDeliveryChannel: write(PutDeliveryChannelCommand),
    DeleteDeliveryChannel: write(DeleteDeliveryChannelCommand),
  },
};
