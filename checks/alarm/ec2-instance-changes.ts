import { z } from 'zod';
import { defineCheck } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm, METRIC_ALARM_SETTINGS, type MetricAlarmNeed } from '../../src/check/metric-alarm.ts';

const alarm = defineMetricAlarm({
  id: 'alarm/ec2-instance-changes',
  title: 'Launching, stopping and ending instances raises an alarm',
  severity: 'info',
  rationale: 'AWS names it as an example of what to watch; useful where instances seldom change.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match each of RunInstances, StartInstances, StopInstances, RebootInstances and TerminateInstances; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: ['aws'],
  controls: controlIds({}),
  pattern:
    '{ ($.eventName = RunInstances) || ($.eventName = RebootInstances) || ($.eventName = StartInstances) || ($.eventName = StopInstances) || ($.eventName = TerminateInstances) }',
  given: '{ $.eventSource = "ec2.amazonaws.com" }',
});

/** Off unless asked for: autoscaling would drown the channel. */
const settings = METRIC_ALARM_SETTINGS.extend({ enabled: z.boolean().default(false) });

export default defineCheck<MetricAlarmNeed, 'account', z.infer<typeof settings>>({
  ...alarm,
  settings,
  evaluate: (evaluation) =>
    evaluation.settings.enabled
      ? alarm.evaluate(evaluation)
      : { verdict: 'not-applicable', reason: 'The setting enabled is off.' },
});
