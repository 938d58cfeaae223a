import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

export default defineMetricAlarm({
  id: 'alarm/route-table-changes',
  title: 'Changes of route tables raise an alarm',
  severity: 'low',
  rationale: 'A route decides who sees the traffic.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match each of the seven events that change a route or a route table; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({
    'cis_1.4': '4.13',
    'cis_3.0': '4.13',
    'cis_5.0': '4.13',
    'cis_6.0': '5.13',
    'cis_7.0': '5.13',
    security_hub: 'CloudWatch.13',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 A3.3.1 A3.5.1',
    nist_800_53_r5: 'AU-6(1) AU-6(5) AU-12(3) AU-14 CA-2(2) CA-7 PM-14 PM-31 SC-36(1) SI-2 SI-4(12) SI-5 SI-5(1)',
    soc2: 'CC5.2 CC7.2 CC7.3 CC7.4',
    well_architected: 'SEC04-BP04',
  }),
  pattern:
    '{ ($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable) }',
  securityHubPattern:
    '{($.eventSource=ec2.amazonaws.com) && (($.eventName=CreateRoute) || ($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || ($.eventName=ReplaceRouteTableAssociation) || ($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || ($.eventName=DisassociateRouteTable))}',
  given: '{ $.eventSource = "ec2.amazonaws.com" }',
});
