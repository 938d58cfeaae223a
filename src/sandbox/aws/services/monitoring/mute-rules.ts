/** Rules that silence alarms for a while. The list names them, what they silence is told one by one. */
import { arn } from '../../arn.ts';
import { neededString, stringIn, stringsIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { regionOf } from '../../region.ts';
import { AwsError, type MuteRule, type Operation, type Output } from '../../types.ts';

const MAX_RULES = 100;
const MINUTE = 60_000;

export const listAlarmMuteRules: Operation = {
  permissions: () => [{ action: 'cloudwatch:ListAlarmMuteRules', resource: '*' }],
  handle({ estate, account, region }, input) {
    const alarm = stringIn(input, 'AlarmName');
    const statuses = stringsIn(input, 'Statuses');
    const state = regionOf(account, region);
    if (alarm !== undefined && !state.alarms.has(alarm)) {
      throw new AwsError('ResourceNotFoundException', `There is no alarm ${alarm}.`);
    }
    const rules = [...state.muteRules.values()]
      .filter((rule) => alarm === undefined || rule.alarmNames.includes(alarm))
      .map((rule) => ({ rule, status: statusOf(rule, estate.now()) }))
      .filter(({ status }) => statuses.length === 0 || statuses.includes(status));
    const invalid = new AwsError('InvalidNextToken', 'The next token is not valid.');
    const { items, next } = pageOf(rules, input.NextToken, sizeOf(input.MaxRecords, MAX_RULES), invalid);
    const AlarmMuteRuleSummaries = items.map(({ rule, status }) => ({
      AlarmMuteRuleArn: rule.arn,
      ExpireDate: rule.endsAt,
      Status: status,
      MuteType: muteType(rule),
    }));
    return { AlarmMuteRuleSummaries, NextToken: next };
  },
};

function statusOf(rule: MuteRule, now: Date): 'SCHEDULED' | 'ACTIVE' | 'EXPIRED' {
  if (rule.startsAt && now < rule.startsAt) return 'SCHEDULED';
  return rule.endsAt && now >= rule.endsAt ? 'EXPIRED' : 'ACTIVE';
}

export const getAlarmMuteRule: Operation = {
  permissions: ({ estate, account, region }, input) => [
    {
      action: 'cloudwatch:GetAlarmMuteRule',
      resource: arn(
        estate,
        'cloudwatch',
        region,
        account.id,
        `alarm-mute-rule:${stringIn(input, 'AlarmMuteRuleName') ?? ''}`,
      ),
    },
  ],
  handle({ estate, account, region }, input) {
    const name = neededString(input, 'AlarmMuteRuleName', 'ValidationError');
    const rule = regionOf(account, region).muteRules.get(name);
    if (!rule) throw new AwsError('ResourceNotFoundException', `There is no alarm mute rule ${name}.`, 404);
    return {
      Name: rule.name,
      AlarmMuteRuleArn: rule.arn,
      Rule: { Schedule: scheduleOf(rule) },
      MuteTargets: { AlarmNames: rule.alarmNames },
      StartDate: rule.startsAt,
      ExpireDate: rule.endsAt,
      Status: statusOf(rule, estate.now()),
      MuteType: muteType(rule),
    };
  },
};

/** A rule with a beginning and an end is for that one time; any other is taken to silence an hour every night. */
function scheduleOf({ startsAt, endsAt }: MuteRule): Output {
  if (!startsAt || !endsAt) return { Expression: 'cron(0 2 * * *)', Duration: 'PT1H', Timezone: 'UTC' };
  const minutes = Math.ceil((endsAt.getTime() - startsAt.getTime()) / MINUTE);
  return { Expression: `at(${startsAt.toISOString().slice(0, 16)})`, Duration: `PT${minutes}M`, Timezone: 'UTC' };
}

function muteType(rule: MuteRule): 'ONE_TIME' | 'RECURRING' {
  return rule.startsAt && rule.endsAt ? 'ONE_TIME' : 'RECURRING';
}
