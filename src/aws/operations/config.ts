import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DescribeConfigRuleEvaluationStatusCommand,
  DescribeConfigRulesCommand,
  DescribeConfigurationRecorderStatusCommand,
  PutConfigRuleCommand,
} from '@aws-sdk/client-config-service';
import { NEXT_TOKEN, read, type Where, write } from '../operation.ts';

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
    PutConfigRule: write(PutConfigRuleCommand, anyRule),
    DeleteConfigRule: write(DeleteConfigRuleCommand, anyRule),
  },
};
