import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

export default defineMetricAlarm({
  id: 'alarm/key-deletion',
  title: 'Disabling or deleting a KMS key raises an alarm',
  severity: 'medium',
  rationale: 'A deleted key takes all data under it along.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match DisableKey and ScheduleKeyDeletion; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({
    'cis_1.4': '4.7',
    'cis_3.0': '4.7',
    'cis_5.0': '4.7',
    'cis_6.0': '5.7',
    'cis_7.0': '5.7',
    security_hub: 'CloudWatch.7',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 11.5.2 11.6.1 12.10.5 A3.3.1 A3.5.1',
    iso_27001_2022: 'A.8.15 A.8.16',
    well_architected: 'SEC04-BP04',
  }),
  pattern: '{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }',
  given: '{ $.eventSource = "kms.amazonaws.com" }',
});
