import { z } from 'zod';
import { registerDelegatedAdministrator } from '../../src/check/changes/delegated-administrator.ts';
import { defineCheck, type Judgement, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import type { OrganizationAccount, Snapshot, TrailListing } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  expected_accounts: z.array(z.string().regex(/^\d{12}$/)).default([]),
});

/** AWS takes no more for CloudTrail. */
const MOST = 3;

export default defineCheck({
  id: 'organization/delegated-admin',
  title: 'CloudTrail is administered from a declared account',
  severity: 'medium',
  scope: 'organization',
  rationale: 'Every sign-in to the management account that can be avoided should be.',
  pass: 'Where an organization trail exists, at least one delegated administrator is registered for cloudtrail.amazonaws.com, and each of them is in expected_accounts when that list is not empty.',
  seed: [],
  needs: ['account.trails', 'organization', 'organization.accounts', 'organization.delegatedAdministrators'],
  events: [
    'RegisterOrganizationDelegatedAdmin',
    'DeregisterOrganizationDelegatedAdmin',
    'RegisterDelegatedAdministrator',
    'DeregisterDelegatedAdministrator',
  ],
  controls: controlIds({ 'cis_7.0': '2.1.6' }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'safe',
    reversible: 'yes',
    operations: ['cloudtrail:RegisterOrganizationDelegatedAdmin', 'cloudtrail:DeregisterOrganizationDelegatedAdmin'],
  },

  evaluate({ snapshot, subject: { account }, settings: { expected_accounts: expected } }) {
    const organization = partOf(snapshot.organization, 'organization');
    if (organization.state === 'absent')
      return { verdict: 'not-applicable', reason: 'The estate is in no organization.' };
    if (organization.state !== 'read') return unknownBecause(organization, { managementAccount: account });
    if (expected.length === 0) {
      return { verdict: 'not-applicable', reason: 'The setting expected_accounts names no account.' };
    }
    const standing = withoutOrganizationTrail(snapshot, account);
    if (standing !== undefined) return standing;
    const part = partOf(snapshot['organization.delegatedAdministrators'], 'organization');
    if (part.state !== 'read' && part.state !== 'absent') return unknownBecause(part, { managementAccount: account });
    const registered = part.state === 'read' ? Object.keys(part.value) : [];
    const evidence = { registered, expected: [...expected] };
    if (registered.length === 0) {
      return { verdict: 'fail', evidence, reason: 'No delegated administrator is registered for CloudTrail.' };
    }
    const accounts = partOf(snapshot['organization.accounts'], 'organization');
    const outsiders = registered.filter((id) => !expected.includes(id));
    if (outsiders.length > 0) {
      const reason = `${outsiders.join(', ')} administers CloudTrail, and expected_accounts does not name it.`;
      return { verdict: 'fail', evidence, fix: 'manual', reason };
    }
    if (accounts.state !== 'read') {
      return accounts.state === 'absent'
        ? { verdict: 'unknown', evidence, reason: 'The organization has no list of accounts.' }
        : unknownBecause(accounts, { managementAccount: account });
    }
    const suspended = registered.filter((id) => accounts.value[id]?.State !== 'ACTIVE');
    if (suspended.length > 0) {
      const reason = `The delegated administrator ${suspended.join(', ')} is not an active account.`;
      return { verdict: 'fail', evidence, fix: 'manual', reason };
    }
    return { verdict: 'pass', evidence };
  },

  plan({ snapshot, subject: { account, id }, settings: { expected_accounts: expected } }) {
    const part = partOf(snapshot['organization.delegatedAdministrators'], 'organization');
    const accounts = partOf(snapshot['organization.accounts'], 'organization');
    if ((part.state !== 'read' && part.state !== 'absent') || accounts.state !== 'read') {
      return { kind: 'blocked', by: 'organization/delegated-admin', reason: 'Who is registered is not known.' };
    }
    const registered = part.state === 'read' ? Object.keys(part.value) : [];
    const region = organizationTrails(snapshot)[0]?.HomeRegion ?? 'us-east-1';
    const wrong = registered.filter((one) => !expected.includes(one) || accounts.value[one]?.State !== 'ACTIVE');
    if (wrong.length > 0) {
      return manual(
        ...(registered.length >= MOST
          ? [`${MOST} are registered already, so no more can be before one of them goes.`]
          : []),
        ...wrong.map((one) => ({
          text: `Ask who registered ${one}. If nobody needs it, take the administration of CloudTrail from it; its trails stay with ${account}.`,
          command: `aws cloudtrail deregister-organization-delegated-admin --delegated-admin-account-id ${one} --region ${region}`,
        })),
      );
    }
    const member = expected.flatMap((one) => fitting(accounts.value[one], account))[0];
    if (member === undefined) {
      const reason = `None of ${expected.join(', ')} is an active member that can administer CloudTrail.`;
      return { kind: 'blocked', by: 'organization/delegated-admin', reason };
    }
    const place = { partition: snapshot.partition, managementAccount: account, region, organization: id };
    return {
      kind: 'changes',
      plan: {
        summary: `Let ${member.Name} (${member.Id}) administer CloudTrail.`,
        changes: [registerDelegatedAdministrator(place, member)],
        warnings: [`Whoever administers ${member.Id} can then change the organization trail.`],
        guards: [
          'Before: expected_accounts names the account, and it is an active member. Make sure that no workload runs in it.',
          'After: ListDelegatedAdministrators shows it.',
        ],
      },
    };
  },
});

function organizationTrails(snapshot: Pick<Snapshot, 'account.trails'>): TrailListing[] {
  return Object.values(snapshot['account.trails']).flatMap((part) =>
    part.state === 'read' ? part.value.filter(({ IsOrganizationTrail }) => IsOrganizationTrail) : [],
  );
}

/** What stands where no organization trail was seen, in the management account or as a shadow elsewhere. */
function withoutOrganizationTrail(snapshot: Pick<Snapshot, 'account.trails'>, account: string): Judgement | undefined {
  if (organizationTrails(snapshot).length > 0) return undefined;
  const own = partOf(snapshot['account.trails'], account);
  return own.state === 'read' || own.state === 'absent'
    ? { verdict: 'not-applicable', reason: 'There is no organization trail.' }
    : unknownBecause(own, { managementAccount: account });
}

/** The management account needs no registration and cannot have one. */
function fitting(account: OrganizationAccount | undefined, managementAccount: string): OrganizationAccount[] {
  return account?.State === 'ACTIVE' && account.Id !== managementAccount ? [account] : [];
}
