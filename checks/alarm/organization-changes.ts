import { defineCheck, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { defineMetricAlarm } from '../../src/check/metric-alarm.ts';

const alarm = defineMetricAlarm({
  id: 'alarm/organization-changes',
  title: 'Changes of the organization raise an alarm',
  severity: 'medium',
  rationale: 'Guardrails fall with one DetachPolicy.',
  pass: 'On the log group of a logging multi-region trail with all management events, one filter, or several together, match each of the 18 events that change the organization; each metric they feed has an alarm in the same account and region with enabled actions and at least one confirmed subscriber.',
  seed: [],
  controls: controlIds({
    'cis_1.4': '4.15',
    'cis_3.0': '4.15',
    'cis_5.0': '4.15',
    'cis_6.0': '5.15',
    'cis_7.0': '5.15',
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'CC5.2',
    well_architected: 'SEC04-BP04',
  }),
  pattern:
    '{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = AcceptHandshake) || ($.eventName = AttachPolicy) || ($.eventName = CreateAccount) || ($.eventName = CreateOrganizationalUnit) || ($.eventName = CreatePolicy) || ($.eventName = DeclineHandshake) || ($.eventName = DeleteOrganization) || ($.eventName = DeleteOrganizationalUnit) || ($.eventName = DeletePolicy) || ($.eventName = DetachPolicy) || ($.eventName = DisablePolicyType) || ($.eventName = EnablePolicyType) || ($.eventName = InviteAccountToOrganization) || ($.eventName = LeaveOrganization) || ($.eventName = MoveAccount) || ($.eventName = RemoveAccountFromOrganization) || ($.eventName = UpdatePolicy) || ($.eventName = UpdateOrganizationalUnit)) }',
  given: '{ $.eventSource = "organizations.amazonaws.com" }',
});

export default defineCheck({
  ...alarm,
  evaluate(evaluation) {
    const organization = partOf(evaluation.snapshot.organization, 'organization');
    if (organization.state === 'absent') {
      return { verdict: 'not-applicable', reason: 'The account is in no organization.' };
    }
    if (organization.state !== 'read') return unknownBecause(organization);
    const { MasterAccountId } = organization.value;
    if (evaluation.subject.account === MasterAccountId) return alarm.evaluate(evaluation);
    return {
      verdict: 'not-applicable',
      evidence: { managementAccount: MasterAccountId },
      reason: `The organization is changed from its management account ${MasterAccountId}.`,
      notes: ['LeaveOrganization and AcceptHandshake happen in members: an organization trail brings them along.'],
    };
  },
});
