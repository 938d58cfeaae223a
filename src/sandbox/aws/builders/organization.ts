/** Builders for what an organization decides over its accounts. */
import type { Account, Estate, Organization, OrganizationPolicy, PolicyDocument } from '../types.ts';
import { unitNamed } from './estate.ts';

/** Makes a member the delegated administrator of a service, CloudTrail unless told; trusted access is switched on. */
export function delegatedAdministrator(estate: Estate, account: Account, service = 'cloudtrail.amazonaws.com'): void {
  const organization = organizationOf(estate);
  const known = organization.delegatedAdministrators.get(service) ?? new Set();
  organization.trustedAccess.add(service);
  organization.delegatedAdministrators.set(service, known.add(account.id));
}

/**
 * A service control policy on an account, on a unit (by its name) or on the root ('Root'). It binds every caller below
 * but the management account's. A document that only denies goes beside AWS's FullAWSAccess; one that allows replaces it.
 */
export function serviceControlPolicy(
  estate: Estate,
  target: Account | string,
  name: string,
  document: PolicyDocument,
): OrganizationPolicy {
  const organization = organizationOf(estate);
  const made: OrganizationPolicy = {
    id: `p-${String(organization.policies.size + 1).padStart(8, '0')}`,
    name,
    awsManaged: false,
    document,
    targets: new Set([typeof target === 'string' ? unitNamed(estate, target) : target.id]),
  };
  organization.policies.set(made.id, made);
  return made;
}

/** The usual region guardrail: refuses calls outside `regions`, but for services that live in one place. */
export function closeRegions(estate: Estate, target: Account | string, regions: string[]): OrganizationPolicy {
  return serviceControlPolicy(estate, target, 'closed-regions', {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ClosedRegions',
        Effect: 'Deny',
        NotAction: [
          'account:*',
          'iam:*',
          'organizations:*',
          's3:GetAccountPublicAccessBlock',
          's3:ListAllMyBuckets',
          'sts:*',
        ],
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:RequestedRegion': regions } },
      },
    ],
  });
}

/** Switches service control policies off at the root: none binds, none is attached. */
export function withoutControlPolicies(estate: Estate): void {
  organizationOf(estate).policyTypes.delete('SERVICE_CONTROL_POLICY');
}

/** The account's opt-in to a region taken back, or a region never opted into: calls there fail as unknown keys. */
export function disableRegion(account: Account, region: string): void {
  account.enabledRegions = account.enabledRegions.filter((enabled) => enabled !== region);
}

/** Opts an account into a region. */
export function enableRegion(account: Account, region: string): void {
  if (!account.enabledRegions.includes(region)) account.enabledRegions.push(region);
}

function organizationOf(estate: Estate): Organization {
  if (!estate.organization) throw new Error('the estate has no organization');
  return estate.organization;
}
