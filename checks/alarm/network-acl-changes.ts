import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

export default defineMetricAlarm({
  id: 'alarm/network-acl-changes',
  title: 'Changes of network ACLs raise an alarm',
  severity: 'low',
  rationale: 'The filter of a subnet is easily forgotten.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match each of the six events that change a network ACL; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({
    'cis_1.4': '4.11',
    'cis_3.0': '4.11',
    'cis_5.0': '4.11',
    'cis_6.0': '5.11',
    'cis_7.0': '5.11',
    security_hub: 'CloudWatch.11',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 A3.3.1 A3.5.1',
    nist_800_53_r5: 'AU-6(1) AU-6(5) AU-12(3) AU-14 CA-2(2) CA-7 PM-14 PM-31 SC-36(1) SI-2 SI-4(12) SI-5 SI-5(1)',
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'CC5.2 CC7.2 CC7.3 CC7.4',
    well_architected: 'SEC04-BP04',
  }),
  pattern:
    '{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) || ($.eventName = DeleteNetworkAcl) || ($.eventName = DeleteNetworkAclEntry) || ($.eventName = ReplaceNetworkAclEntry) || ($.eventName = ReplaceNetworkAclAssociation) }',
  given: '{ $.eventSource = "ec2.amazonaws.com" }',
});
