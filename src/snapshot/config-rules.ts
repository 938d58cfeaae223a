import { isoTime } from './json.ts';
import { read } from './part.ts';
import type { PartReaders } from './reader.ts';
import { type Reading, splitPlace } from './reading.ts';
import type { ConfigRule, Part } from './types.ts';

/** Config rules with what their last evaluation came to. */
async function readRules(reading: Reading, key: string): Promise<Part<{ [name: string]: ConfigRule }>> {
  const place = splitPlace(key);
  const [rules, evaluations] = await Promise.all([
    reading.askAll('config:DescribeConfigRules', place, {}),
    reading.askAll('config:DescribeConfigRuleEvaluationStatus', place, {}),
  ]);
  if (rules.state !== 'read') return rules;
  if (evaluations.state !== 'read') return evaluations;
  const statuses = new Map(
    evaluations.value
      .flatMap(({ ConfigRulesEvaluationStatus = [] }) => ConfigRulesEvaluationStatus)
      .map((status) => [status.ConfigRuleName, status]),
  );
  const found = rules.value.flatMap(({ ConfigRules = [] }) => ConfigRules);
  return read(
    Object.fromEntries(
      found.map(({ ConfigRuleName: name = '', ConfigRuleArn = '', ConfigRuleState = '', Source }) => {
        const status = statuses.get(name);
        const evaluated = status?.LastSuccessfulEvaluationTime;
        return [
          name,
          {
            ConfigRuleName: name,
            ConfigRuleArn,
            ConfigRuleState,
            identifier: Source?.SourceIdentifier ?? '',
            owner: Source?.Owner ?? '',
            ...(status?.LastErrorCode ? { lastErrorCode: status.LastErrorCode } : {}),
            ...(evaluated === undefined ? {} : { lastEvaluated: isoTime(evaluated) }),
          },
        ];
      }),
    ),
  );
}

export const configParts: PartReaders<'config.rules'> = {
  'config.rules': {
    key: 'account/region',
    operations: ['config:DescribeConfigRules', 'config:DescribeConfigRuleEvaluationStatus'],
    needs: [],
    read: readRules,
  },
};
