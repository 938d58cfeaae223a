import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

export default defineMetricAlarm({
  id: 'alarm/cloudtrail-changes',
  title: 'Changes of trails raise an alarm',
  severity: 'medium',
  rationale: 'Whoever is about to do damage turns off the light first.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match each of CreateTrail, UpdateTrail, DeleteTrail, StartLogging and StopLogging; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: ['resmo'],
  controls: controlIds({
    'cis_1.4': '4.5',
    'cis_3.0': '4.5',
    'cis_5.0': '4.5',
    'cis_6.0': '5.5',
    'cis_7.0': '5.5',
    security_hub: 'CloudWatch.5',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 A3.3.1 A3.5.1',
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'CC5.2',
    well_architected: 'SEC04-BP04',
  }),
  // The same in every version of the benchmark and in Security Hub. StopLogging of the trail that feeds the group is
  // still delivered, as a rule as its last event.
  pattern:
    '{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }',
  given: '{ $.eventSource = "cloudtrail.amazonaws.com" }',
});
