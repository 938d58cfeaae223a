import { z } from 'zod';
import { defineCheck } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import {
  defineMetricAlarm,
  METRIC_ALARM_SETTINGS,
  type MetricAlarmCheck,
  type MetricAlarmNeed,
} from '../../src/check/metric-alarm.ts';

/** The events of CIS 1.4 to 4.0 and of Security Hub, which refuses the seventh. */
const SIX =
  '{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }';
const SEVENTH = '{ $.eventName = ModifySecurityGroupRules }';

const described = {
  id: 'alarm/security-group-changes',
  title: 'Changes of security groups raise an alarm',
  severity: 'low',
  rationale: 'One open port is one call.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match each of the events that change a security group or its rules; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({
    'cis_1.4': '4.10',
    'cis_3.0': '4.10',
    'cis_5.0': '4.10',
    'cis_6.0': '5.10',
    'cis_7.0': '5.10',
    security_hub: 'CloudWatch.10',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 A3.3.1 A3.5.1',
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'CC5.2',
    well_architected: 'SEC04-BP04',
  }),
  pattern:
    '{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) || ($.eventName = ModifySecurityGroupRules) }',
  securityHubPattern: SIX,
  secondFilter: { name: 'modify-rules', pattern: SEVENTH },
  given: '{ $.eventSource = "ec2.amazonaws.com" }',
} satisfies MetricAlarmCheck;

const all = defineMetricAlarm(described);
const six = defineMetricAlarm({
  ...described,
  required: SIX,
  optional: [{ pattern: SEVENTH, note: 'No filter matches ModifySecurityGroupRules.' }],
});

const settings = METRIC_ALARM_SETTINGS.extend({ require_modify_rules: z.boolean().default(true) });

export default defineCheck<MetricAlarmNeed, 'account', z.infer<typeof settings>>({
  ...all,
  settings,
  evaluate: (evaluation) => (evaluation.settings.require_modify_rules ? all : six).evaluate(evaluation),
});
