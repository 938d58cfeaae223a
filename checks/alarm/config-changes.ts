import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

export default defineMetricAlarm({
  id: 'alarm/config-changes',
  title: 'Changes of AWS Config raise an alarm',
  severity: 'low',
  rationale: 'The second witness should not be silenced unnoticed.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match each of StopConfigurationRecorder, DeleteDeliveryChannel, PutDeliveryChannel and PutConfigurationRecorder; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({
    'cis_1.4': '4.9',
    'cis_3.0': '4.9',
    'cis_5.0': '4.9',
    'cis_6.0': '5.9',
    'cis_7.0': '5.9',
    security_hub: 'CloudWatch.9',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 A3.3.1 A3.5.1',
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'CC5.2',
    well_architected: 'SEC04-BP04',
  }),
  pattern:
    '{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }',
  given: '{ $.eventSource = "config.amazonaws.com" }',
});
