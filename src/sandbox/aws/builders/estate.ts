/** Builders for estates: each makes one thing with sensible defaults, puts it where it belongs and returns it. */
import { type PartitionName, partitionNamed } from '../partitions.ts';
import type { Account, Estate, Organization } from '../types.ts';

/** A partition with nothing in it. The clock is the wall clock unless told: clients sign with theirs. */
export function emptyEstate(now: () => Date = () => new Date(), partition: PartitionName = 'aws'): Estate {
  const { defaultRegions, optInRegions } = partitionNamed(partition);
  return {
    partition,
    regions: [...defaultRegions, ...optInRegions].sort(),
    defaultRegions: [...defaultRegions],
    now,
    organization: undefined,
    accounts: new Map(),
    buckets: new Map(),
    credentials: new Map(),
    calls: [],
    knobs: { latencyMs: 0, throttling: false, denied: [], faults: [] },
  };
}

/** Makes an organization of the given units (name to parent's name, 'Root' for the top). */
export function addOrganization(
  estate: Estate,
  wanted: { id: string; managementAccountId: string; units?: Record<string, string> },
): Organization {
  const rootId = `r-${wanted.id.slice(2, 6)}`;
  const organization: Organization = {
    id: wanted.id,
    rootId,
    managementAccountId: wanted.managementAccountId,
    featureSet: 'ALL',
    trustedAccess: new Set(['cloudtrail.amazonaws.com']),
    units: new Map(),
    delegatedAdministrators: new Map(),
    policyTypes: new Set(['SERVICE_CONTROL_POLICY']),
    policies: new Map(),
  };
  const unitId = (name: string) => (name === 'Root' ? rootId : `ou-${rootId.slice(2)}-${slug(name)}`);
  for (const [name, parent] of Object.entries(wanted.units ?? {})) {
    organization.units.set(unitId(name), { id: unitId(name), name, parentId: unitId(parent) });
  }
  estate.organization = organization;
  return organization;
}

/** OU ids end in 8 to 32 lower-case letters and digits. */
function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z\d]/g, '')
    .padEnd(8, '0');
}

/** An active account; `unit` is the name of an organizational unit or 'Root', left out for one outside an organization. */
export function addAccount(
  estate: Estate,
  wanted: Pick<Account, 'id' | 'name'> & { unit?: string } & Partial<Omit<Account, 'id' | 'name' | 'parentId'>>,
): Account {
  const { unit, ...given } = wanted;
  const account: Account = {
    email: `aws+${wanted.id}@example.com`,
    alias: undefined,
    state: 'ACTIVE',
    joinedAt: new Date('2024-03-01T09:00:00Z'),
    tags: {},
    enabledRegions: [...estate.defaultRegions],
    roles: new Map(),
    users: new Map(),
    groups: new Map(),
    managedPolicies: new Map(),
    publicAccessBlock: undefined,
    serviceControlPolicies: [],
    regional: new Map(),
    ...given,
    parentId: unit === undefined ? undefined : unitNamed(estate, unit),
  };
  estate.accounts.set(account.id, account);
  return account;
}

/** Id of the root ('Root') or of a unit. Throws when there is none of that name. */
export function unitNamed(estate: Estate, name: string): string {
  if (name === 'Root' && estate.organization) return estate.organization.rootId;
  const unit = [...(estate.organization?.units.values() ?? [])].find((candidate) => candidate.name === name);
  if (!unit) throw new Error(`the estate has no organizational unit ${name}`);
  return unit.id;
}
