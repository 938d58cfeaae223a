import {
  ConfigServiceClient,
  DeleteConfigRuleCommand,
  DescribeConfigRuleEvaluationStatusCommand,
  DescribeConfigRulesCommand,
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
  PutConfigRuleCommand,
} from '@aws-sdk/client-config-service';
import { expect, test } from 'vitest';
import { configRule, recorder } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf, smallEstate } from './support.ts';

const RULE = {
  ConfigRuleName: 'trail-check-validation',
  Source: { Owner: 'AWS' as const, SourceIdentifier: 'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED' },
};

test('a rule needs a recorder; then it is made, described and removed', async () => {
  const { as, admin, management } = await smallEstate();
  const config = new ConfigServiceClient(as(admin));
  const put = () => config.send(new PutConfigRuleCommand({ ConfigRule: RULE }));
  expect((await errorOf(put())).name).toBe('NoAvailableConfigurationRecorderException');
  recorder(management, 'us-east-1');
  await put();
  const { ConfigRules } = await config.send(new DescribeConfigRulesCommand());
  expect(ConfigRules).toEqual([expect.objectContaining({ ...RULE, ConfigRuleState: 'ACTIVE' })]);
  await config.send(new DeleteConfigRuleCommand({ ConfigRuleName: RULE.ConfigRuleName }));
  const gone = new DescribeConfigRulesCommand({ ConfigRuleNames: [RULE.ConfigRuleName] });
  expect((await errorOf(config.send(gone))).name).toBe('NoSuchConfigRuleException');
});

test('rules and their evaluations page', async () => {
  const { as, admin, estate, management } = await smallEstate();
  recorder(management, 'us-east-1');
  for (let index = 0; index < 30; index += 1) configRule(estate, management, 'us-east-1', `RULE_${index}`);
  const config = new ConfigServiceClient(as(admin));
  const first = await config.send(new DescribeConfigRulesCommand());
  const second = await config.send(new DescribeConfigRulesCommand({ NextToken: first.NextToken }));
  expect([first.ConfigRules?.length, second.ConfigRules?.length, second.NextToken]).toEqual([25, 5, undefined]);
  const status = await config.send(new DescribeConfigRuleEvaluationStatusCommand({ Limit: 10 }));
  expect(status.ConfigRulesEvaluationStatus).toHaveLength(10);
  expect(status.ConfigRulesEvaluationStatus?.[0]?.LastSuccessfulEvaluationTime).toBeInstanceOf(Date);
});

test('a recorder is where it was set up, and nowhere else', async () => {
  const { as, admin, management } = await smallEstate();
  recorder(management, 'us-east-1');
  const here = new ConfigServiceClient(as(admin));
  const there = new ConfigServiceClient(as(admin, 'eu-west-1'));
  expect((await here.send(new DescribeConfigurationRecordersCommand())).ConfigurationRecorders).toHaveLength(1);
  expect((await there.send(new DescribeConfigurationRecordersCommand())).ConfigurationRecorders).toEqual([]);
  const { ConfigurationRecordersStatus } = await here.send(new DescribeConfigurationRecorderStatusCommand());
  expect(ConfigurationRecordersStatus?.[0]?.recording).toBe(true);
});
