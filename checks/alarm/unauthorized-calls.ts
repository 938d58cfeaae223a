import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

export default defineMetricAlarm({
  id: 'alarm/unauthorized-calls',
  title: 'Refused API calls raise an alarm',
  severity: 'low',
  rationale: 'A burst of refusals is somebody trying doors.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match every refused call; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({
    'cis_1.4': '4.1',
    'cis_3.0': '4.1',
    'cis_5.0': '4.1',
    'cis_6.0': '5.1',
    'cis_7.0': '5.1',
    security_hub: 'CloudWatch.2',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 A3.3.1 A3.5.1',
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'PI1.3',
    well_architected: 'SEC04-BP04',
  }),
  pattern:
    '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }',
  securityHubPattern: '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
  // The weakest of the texts in use: without the brackets the exclusions bind to the second error code only.
  required:
    '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }',
  given: '',
  notes: ['Calls of this program or of another scanner that a service control policy refuses set it off too.'],
});
