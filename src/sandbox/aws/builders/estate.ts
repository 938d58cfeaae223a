/** Builders for estates: each makes one thing with sensible defaults, puts it where it belongs and returns it. */
import { DEFAULT_REGIONS } from '../services/account.ts';
import type { Account, Estate, Organization } from '../types.ts';

/** Regions that an account has to opt into. */
const OPT_IN_REGIONS = [
  'af-south-1',
  'ap-east-1',
  'eu-central-2',
  'eu-south-1',
  'il-central-1',
  'me-central-1',
  'me-south-1',
];

/** A partition with nothing in it. The clock is the wall clock unless told: clients sign with theirs. */
export function emptyEstate(now: () => Date = () => new Date()): Estate {
  return {
    partition: 'aws',
    regions: [...DEFAULT_REGIONS, ...OPT_IN_REGIONS].sort(),
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
    delegatedAdministrators: new Set(),
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
    enabledRegions: [...DEFAULT_REGIONS],
    roles: new Map(),
    users: new Map(),
    groups: new Map(),
    publicAccessBlock: undefined,
    serviceControlPolicies: [],
    regional: new Map(),
    ...given,
    parentId: unit === undefined ? undefined : unitNamed(estate, unit),
  };
  estate.accounts.set(account.id, account);
  return account;
}

function unitNamed(estate: Estate, name: string): string {
  if (name === 'Root' && estate.organization) return estate.organization.rootId;
  const unit = [...(estate.organization?.units.values() ?? [])].find((candidate) => candidate.name === name);
  if (!unit) throw new Error(`the estate has no organizational unit ${name}`);
  return unit.id;
}
