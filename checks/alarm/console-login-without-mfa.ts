import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

export default defineMetricAlarm({
  id: 'alarm/console-login-without-mfa',
  title: 'Console sign-in without MFA raises an alarm',
  severity: 'medium',
  rationale: 'A password alone got somebody in.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match every successful console sign-in of an IAM user without MFA; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({
    'cis_1.4': '4.2',
    'cis_3.0': '4.2',
    'cis_5.0': '4.2',
    'cis_6.0': '5.2',
    'cis_7.0': '5.2',
    security_hub: 'CloudWatch.3',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 11.5.2 11.6.1 12.10.5 A3.3.1 A3.5.1',
    iso_27001_2022: 'A.8.15 A.8.16',
    well_architected: 'SEC04-BP04',
  }),
  pattern:
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  // The older print of two clauses.
  accepts: [
    {
      pattern: '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
      note: 'Federated users set the filter off too: AWS does not see their MFA.',
    },
  ],
  given: '{ $.eventSource = "signin.amazonaws.com" }',
});
