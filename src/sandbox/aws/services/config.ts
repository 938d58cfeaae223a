import { randomBytes } from 'node:crypto';
import { arn } from '../arn.ts';
import { isRecord, neededString, stringIn, stringsIn } from '../input.ts';
import { pageOf, sizeOf } from '../paging.ts';
import { regionOf } from '../region.ts';
import {
  AwsError,
  type ConfigRule,
  type Input,
  type Json,
  type Operation,
  type Output,
  type RequestContext,
  type Service,
} from '../types.ts';
import { channelOperations } from './config/channels.ts';
import { recorderOperations } from './config/recorders.ts';

const invalidToken = new AwsError('InvalidNextTokenException', 'The specified nextToken is not valid.');
const read = { class: 'read', perSecond: 10 };

function stateOf({ account, region }: RequestContext) {
  return regionOf(account, region);
}

function neededRules(context: RequestContext, input: Input): ConfigRule[] {
  const { configRules } = stateOf(context);
  const names = stringsIn(input, 'ConfigRuleNames');
  if (names.length === 0) return [...configRules.values()];
  return names.map((name) => neededRule(context, name));
}

function neededRule(context: RequestContext, name: string): ConfigRule {
  const rule = stateOf(context).configRules.get(name);
  if (!rule) {
    throw new AwsError(
      'NoSuchConfigRuleException',
      `The ConfigRule '${name}' provided in the request is invalid. Please check the configRule name.`,
    );
  }
  return rule;
}

function describeRule(rule: ConfigRule): Output {
  return {
    Scope: undefined,
    ...rule.members,
    ConfigRuleName: rule.name,
    ConfigRuleArn: rule.arn,
    ConfigRuleId: rule.id,
    ConfigRuleState: rule.state,
  };
}

function describeEvaluation(rule: ConfigRule): Output {
  return {
    ConfigRuleName: rule.name,
    ConfigRuleArn: rule.arn,
    ConfigRuleId: rule.id,
    LastSuccessfulInvocationTime: rule.lastEvaluatedAt,
    LastSuccessfulEvaluationTime: rule.lastEvaluatedAt,
    LastErrorCode: rule.lastErrorCode,
    LastErrorMessage: rule.lastErrorCode && 'The rule could not be evaluated.',
    FirstEvaluationStarted: rule.lastEvaluatedAt !== undefined,
  };
}

const everything = (action: string) => () => [{ action: `config:${action}`, resource: '*' }];

const putConfigRule: Operation = {
  quota: { class: 'write', perSecond: 1 },
  permissions(context, input) {
    const name = isRecord(input.ConfigRule) ? stringIn(input.ConfigRule, 'ConfigRuleName') : undefined;
    const known = name === undefined ? undefined : stateOf(context).configRules.get(name);
    const resource = known?.arn ?? arn(context.estate, 'config', context.region, context.account.id, 'config-rule/*');
    return [{ action: 'config:PutConfigRule', resource }];
  },
  handle(context, input) {
    const state = stateOf(context);
    const wanted = input.ConfigRule;
    if (!isRecord(wanted) || !isRecord(wanted.Source)) throw invalid('ConfigRule.Source is missing.');
    if (state.recorders.size === 0) {
      throw new AwsError(
        'NoAvailableConfigurationRecorderException',
        'Configuration recorder is not available to start recording. Create a configuration recorder first.',
      );
    }
    const name = neededString(wanted, 'ConfigRuleName', 'InvalidParameterValueException');
    const known = state.configRules.get(name);
    const id = known?.id ?? `config-rule-${randomBytes(3).toString('hex')}`;
    state.configRules.set(name, {
      name,
      id,
      arn: known?.arn ?? arn(context.estate, 'config', context.region, context.account.id, `config-rule/${id}`),
      state: 'ACTIVE',
      owner: neededString(wanted.Source, 'Owner', 'InvalidParameterValueException'),
      identifier: neededString(wanted.Source, 'SourceIdentifier', 'InvalidParameterValueException'),
      members: jsonRecord(wanted),
      lastErrorCode: undefined,
      lastEvaluatedAt: context.estate.now(),
    });
    return {};
  },
};

const deleteConfigRule: Operation = {
  quota: { class: 'write', perSecond: 1 },
  permissions: (context, input) => [
    { action: 'config:DeleteConfigRule', resource: neededRule(context, neededString(input, 'ConfigRuleName')).arn },
  ],
  handle(context, input) {
    stateOf(context).configRules.delete(neededString(input, 'ConfigRuleName'));
    return {};
  },
};

const config: Service = {
  signingName: 'config',
  protocol: 'json-1.1',
  operations: {
    DescribeConfigRules: {
      quota: read,
      permissions: everything('DescribeConfigRules'),
      handle(context, input) {
        const { items, next } = pageOf(neededRules(context, input), input.NextToken, 25, invalidToken);
        return { ConfigRules: items.map(describeRule), NextToken: next };
      },
    },
    DescribeConfigRuleEvaluationStatus: {
      quota: read,
      permissions: everything('DescribeConfigRuleEvaluationStatus'),
      handle(context, input) {
        const size = sizeOf(input.Limit === 0 ? undefined : input.Limit, 50);
        const { items, next } = pageOf(neededRules(context, input), input.NextToken, size, invalidToken);
        return { ConfigRulesEvaluationStatus: items.map(describeEvaluation), NextToken: next };
      },
    },
    ...recorderOperations,
    ...channelOperations,
    PutConfigRule: putConfigRule,
    DeleteConfigRule: deleteConfigRule,
  },
};

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

/** The members came out of JSON, so they are JSON. */
function jsonRecord(value: Input): Record<string, Json> {
  return JSON.parse(JSON.stringify(value));
}

export default config;
