/**
 * Service control policies: the one list that binds callers and that the Organizations API shows. Policies on the root,
 * on units and on accounts are the organization's; documents in an account's own list are policies without a name.
 */
import { createHash } from 'node:crypto';
import type { Account, Estate, Organization, OrganizationPolicy, PolicyDocument } from './types.ts';

const TYPE = 'SERVICE_CONTROL_POLICY';
/** Documents are compared by identity below, so there is one. */
const FULL_ACCESS: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/**
 * The documents in force on an account, level by level from itself up to the root: every level must allow, and any may
 * deny. Empty for the management account and outside an organization.
 */
export function controlsOn(estate: Estate, account: Account): PolicyDocument[][] {
  const { organization } = estate;
  if (!organization || account.id === organization.managementAccountId || account.parentId === undefined) return [];
  if (!organization.policyTypes.has(TYPE)) return [];
  const levels = [account.id];
  for (let id: string | undefined = account.parentId; id !== undefined; id = organization.units.get(id)?.parentId) {
    levels.push(id);
  }
  return levels.map((level) => documentsAt(estate, organization, level));
}

/** AWS attaches FullAWSAccess everywhere; where a policy of the customer's allows something, it is taken as replaced. */
function documentsAt(estate: Estate, organization: Organization, level: string): PolicyDocument[] {
  const named = [...organization.policies.values()].filter((policy) => policy.targets.has(level));
  const own = [
    ...named.map((policy) => policy.document),
    ...(estate.accounts.get(level)?.serviceControlPolicies ?? []),
  ];
  const replaced = own.some((document) => document.Statement.some((statement) => statement.Effect === 'Allow'));
  return replaced ? own : [FULL_ACCESS, ...own];
}

/** Every policy of the organization with what it hangs on; AWS's own FullAWSAccess first. */
export function controlPolicies(estate: Estate): OrganizationPolicy[] {
  const { organization } = estate;
  if (!organization) return [];
  const all = [fullAccess(estate, organization), ...organization.policies.values(), ...unnamed(estate)];
  // Switching the type off detaches everything.
  return organization.policyTypes.has(TYPE) ? all : all.map((policy) => ({ ...policy, targets: new Set<string>() }));
}

function fullAccess(estate: Estate, organization: Organization): OrganizationPolicy {
  const everywhere = [organization.rootId, ...organization.units.keys(), ...members(estate).map(({ id }) => id)];
  const targets = everywhere.filter((id) => documentsAt(estate, organization, id).includes(FULL_ACCESS));
  return {
    id: 'p-FullAWSAccess',
    name: 'FullAWSAccess',
    awsManaged: true,
    document: FULL_ACCESS,
    targets: new Set(targets),
  };
}

/** Equal documents are one policy, whichever accounts they were written on. */
function unnamed(estate: Estate): OrganizationPolicy[] {
  const found = new Map<string, OrganizationPolicy>();
  for (const account of members(estate)) {
    for (const document of account.serviceControlPolicies) {
      const id = `p-${createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 10)}`;
      const known = found.get(id);
      if (known) known.targets.add(account.id);
      else found.set(id, { id, name: id, awsManaged: false, document, targets: new Set([account.id]) });
    }
  }
  return [...found.values()];
}

function members(estate: Estate): Account[] {
  return [...estate.accounts.values()].filter((account) => account.parentId !== undefined);
}
