import type { GetAlarmMuteRuleCommandOutput } from '@aws-sdk/client-cloudwatch';
import { isoTime } from './json.ts';
import { isUnreadable, read } from './part.ts';
import { type Reading, splitPlace } from './reading.ts';
import type { MuteRule, Part } from './types.ts';

/** Rules that silence alarms now or later; the list tells names only, so each is asked for. Ended rules are left out. */
export async function readMuteRules(reading: Reading, key: string): Promise<Part<{ [name: string]: MuteRule }>> {
  const place = splitPlace(key);
  const pages = await reading.askAll('cloudwatch:ListAlarmMuteRules', place, {});
  if (pages.state !== 'read') return pages;
  const names = pages.value
    .flatMap(({ AlarmMuteRuleSummaries = [] }) => AlarmMuteRuleSummaries)
    .filter(({ Status }) => Status !== 'EXPIRED')
    // arn:aws:cloudwatch:<region>:<account>:alarm-mute-rule:<name>
    .flatMap(({ AlarmMuteRuleArn }) => AlarmMuteRuleArn?.split(':').slice(6).join(':') || []);
  const rules = await Promise.all(
    names.map(async (name) => ({
      name,
      rule: await reading.ask('cloudwatch:GetAlarmMuteRule', place, { AlarmMuteRuleName: name }),
    })),
  );
  const found: { [name: string]: MuteRule } = {};
  for (const { name, rule } of rules) {
    if (isUnreadable(rule)) return rule;
    if (rule.state === 'read') found[name] = ruleFrom(name, rule.value);
  }
  return read(found);
}

function ruleFrom(name: string, answer: GetAlarmMuteRuleCommandOutput): MuteRule {
  const { Expression = '', Duration = '', Timezone } = answer.Rule?.Schedule ?? {};
  const once = onceFrom(Expression, Duration);
  const startsAt = answer.StartDate === undefined ? once?.startsAt : isoTime(answer.StartDate);
  const endsAt = answer.ExpireDate === undefined ? once?.endsAt : isoTime(answer.ExpireDate);
  return {
    name,
    alarmNames: answer.MuteTargets?.AlarmNames ?? [],
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(Expression === ''
      ? {}
      : { schedule: [Expression, Duration, ...(Timezone === undefined ? [] : [Timezone])].join(' ') }),
  };
}

/**
 * A rule for one time, `at(2026-11-21T08:00)` with an ISO 8601 duration, ends by itself without an expiry date. Its time
 * zone is left aside, so without an expiry date the end may be off by some hours; that it has ended, AWS's status tells.
 */
function onceFrom(expression: string, duration: string): { startsAt: string; endsAt: string } | undefined {
  const start = Date.parse(`${/^at\((\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?\)$/.exec(expression)?.[1] ?? ''}Z`);
  const [, days = '0', hours = '0', minutes = '0'] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration) ?? [];
  if (Number.isNaN(start)) return undefined;
  const length = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000;
  return { startsAt: new Date(start).toISOString(), endsAt: new Date(start + length).toISOString() };
}
