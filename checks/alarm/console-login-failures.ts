import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

export default defineMetricAlarm({
  id: 'alarm/console-login-failures',
  title: 'Failed console sign-ins raise an alarm',
  severity: 'low',
  rationale: 'Guessing passwords is loud if somebody listens.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match every failed console sign-in; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: ['aws'],
  controls: controlIds({
    'cis_1.4': '4.6',
    'cis_3.0': '4.6',
    'cis_5.0': '4.6',
    'cis_6.0': '5.6',
    'cis_7.0': '5.6',
    security_hub: 'CloudWatch.6',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 11.5.2 11.6.1 12.10.5 A3.3.1 A3.5.1',
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'PI1.3',
    well_architected: 'SEC04-BP04',
  }),
  pattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
  accepts: [{ pattern: '{ ($.eventName = ConsoleLogin) && ($.responseElements.ConsoleLogin = "Failure") }' }],
  // A sign-in with that message is a failure by its response as well.
  given:
    '{ ($.eventSource = "signin.amazonaws.com") && (($.errorMessage != "Failed authentication") || ($.responseElements.ConsoleLogin = "Failure")) }',
});
