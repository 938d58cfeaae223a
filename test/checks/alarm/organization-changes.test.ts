import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/organization-changes.ts';
import type { Snapshot } from '../../../src/snapshot/types.ts';
import { ACCOUNT, denied, MANAGEMENT, withOrganization, withPart } from '../../support/snapshot.ts';
import { alarmFamily, judged } from './family.ts';

const CIS =
  '{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = AcceptHandshake) || ($.eventName = AttachPolicy) || ($.eventName = CreateAccount) || ($.eventName = CreateOrganizationalUnit) || ($.eventName = CreatePolicy) || ($.eventName = DeclineHandshake) || ($.eventName = DeleteOrganization) || ($.eventName = DeleteOrganizationalUnit) || ($.eventName = DeletePolicy) || ($.eventName = DetachPolicy) || ($.eventName = DisablePolicyType) || ($.eventName = EnablePolicyType) || ($.eventName = InviteAccountToOrganization) || ($.eventName = LeaveOrganization) || ($.eventName = MoveAccount) || ($.eventName = RemoveAccountFromOrganization) || ($.eventName = UpdatePolicy) || ($.eventName = UpdateOrganizationalUnit)) }';
const family = {
  check,
  cis: CIS,
  prepare: (snapshot: Snapshot) => withOrganization(snapshot, { management: ACCOUNT }),
};

alarmFamily(family);

describe('alarm/organization-changes', () => {
  it('Account that is not the management account: not-applicable, except that LeaveOrganization and AcceptHandshake happen in members and are covered by the organization trail', () => {
    expect(judged({ ...family, prepare: (snapshot) => withOrganization(snapshot) })).toMatchObject({
      verdict: 'not-applicable',
      evidence: { managementAccount: MANAGEMENT },
      notes: [expect.stringContaining('LeaveOrganization')],
    });
  });

  it('Account outside any organization: not-applicable', () => {
    expect(judged({ ...family, prepare: (snapshot) => snapshot }).verdict).toBe('not-applicable');
  });

  it('is unknown where the organization cannot be read', () => {
    const part = denied('organizations:DescribeOrganization', ACCOUNT);
    const prepare = (snapshot: Snapshot) => withPart(snapshot, 'organization', 'organization', part);
    expect(judged({ ...family, prepare })).toMatchObject({
      verdict: 'unknown',
      missingPermission: 'organizations:DescribeOrganization',
    });
  });
});
