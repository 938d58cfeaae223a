import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

export default defineMetricAlarm({
  id: 'alarm/vpc-changes',
  title: 'Changes of VPCs raise an alarm',
  severity: 'low',
  rationale: 'A peering joins two networks for good.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match each of the eleven events that change a VPC, its peering or its ClassicLink; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({
    'cis_1.4': '4.14',
    'cis_3.0': '4.14',
    'cis_5.0': '4.14',
    'cis_6.0': '5.14',
    'cis_7.0': '5.14',
    security_hub: 'CloudWatch.14',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 A3.3.1 A3.5.1',
    nist_800_53_r5: 'AU-6(1) AU-6(5) AU-12(3) AU-14 CA-2(2) CA-7 PM-14 PM-31 SC-36(1) SI-2 SI-4(12) SI-5 SI-5(1)',
    iso_27001_2022: 'A.8.15 A.8.16 A.8.20 A.8.21 A.8.22',
    soc2: 'CC5.2 CC7.2 CC7.3 CC7.4',
    well_architected: 'SEC04-BP04',
  }),
  pattern:
    '{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) || ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection) || ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc) || ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }',
  required:
    '{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) || ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection) }',
  optional: [
    {
      pattern:
        '{ ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc) || ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }',
      note: 'No filter matches all four events of ClassicLink; they cannot occur any more.',
    },
  ],
  given: '{ $.eventSource = "ec2.amazonaws.com" }',
});
