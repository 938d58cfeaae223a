import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

export default defineMetricAlarm({
  id: 'alarm/root-usage',
  title: 'Use of the root user raises an alarm',
  severity: 'medium',
  rationale: 'The root user can do everything and should do nothing.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match every action of the root user that no AWS service made on its behalf; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({
    'cis_1.4': '4.3',
    'cis_3.0': '4.3',
    'cis_5.0': '4.3',
    'cis_6.0': '5.3',
    'cis_7.0': '5.3',
    security_hub: 'CloudWatch.1',
    'pci_4.0':
      '8.2.1 8.2.2 8.2.4 8.2.5 8.3.11 10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 11.5.2 11.6.1 12.10.5 A3.3.1 A3.5.1',
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'PI1.3',
    well_architected: 'SEC04-BP04',
  }),
  pattern:
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
  given: '',
});
