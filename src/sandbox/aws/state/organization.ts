/** An organization, its accounts, and what an account has in one region. */
import type { Group, ManagedPolicy, PolicyDocument, Role, User } from './identity.ts';
import type { EventDataStore, Key, PublicAccessBlock, Trail } from './trail.ts';
import type {
  Alarm,
  ConfigRule,
  DeliveryChannel,
  Hub,
  LogGroup,
  LogResourcePolicy,
  MuteRule,
  Recorder,
  SharingLink,
  Topic,
} from './watch.ts';

export interface Organization {
  id: string;
  rootId: string;
  managementAccountId: string;
  featureSet: 'ALL' | 'CONSOLIDATED_BILLING';
  /** Service principals with trusted access. */
  trustedAccess: Set<string>;
  units: Map<string, OrganizationalUnit>;
  /** By service principal: the accounts that administer it for the organization. */
  delegatedAdministrators: Map<string, Set<string>>;
  /** Policy types that are switched on at the root (`SERVICE_CONTROL_POLICY`). */
  policyTypes: Set<string>;
  /** By id. What hangs on one account only may stand in that account's `serviceControlPolicies` instead. */
  policies: Map<string, OrganizationPolicy>;
}

export interface OrganizationPolicy {
  /** `p-` and 8 or more letters and digits. */
  id: string;
  name: string;
  awsManaged: boolean;
  document: PolicyDocument;
  /** Root, unit and account ids. */
  targets: Set<string>;
}

export interface OrganizationalUnit {
  id: string;
  name: string;
  /** Root id or the id of another unit. */
  parentId: string;
}

export type AccountState = 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED';

export interface Account {
  id: string;
  name: string;
  email: string;
  alias: string | undefined;
  state: AccountState;
  joinedAt: Date;
  /** Root id or an OU id; undefined outside an organization. */
  parentId: string | undefined;
  tags: Record<string, string>;
  enabledRegions: string[];
  roles: Map<string, Role>;
  users: Map<string, User>;
  groups: Map<string, Group>;
  /** Customer managed policies by ARN. */
  managedPolicies: Map<string, ManagedPolicy>;
  publicAccessBlock: PublicAccessBlock | undefined;
  /**
   * Service control policies attached to this account itself; those of its unit and of the root are the organization's.
   * The Organizations API lists both, and both bind.
   */
  serviceControlPolicies: PolicyDocument[];
  /** Regional resources; `regionOf(account, region)` makes a region's record on first use. */
  regional: Map<string, RegionalState>;
}

export interface RegionalState {
  trails: Map<string, Trail>;
  keys: Map<string, Key>;
  /** Alias name (`alias/x`) to key id. */
  aliases: Map<string, string>;
  logGroups: Map<string, LogGroup>;
  alarms: Map<string, Alarm>;
  muteRules: Map<string, MuteRule>;
  topics: Map<string, Topic>;
  configRules: Map<string, ConfigRule>;
  recorders: Map<string, Recorder>;
  deliveryChannels: Map<string, DeliveryChannel>;
  /** By ARN. */
  eventDataStores: Map<string, EventDataStore>;
  /** Of CloudWatch Logs, by name. */
  logResourcePolicies: Map<string, LogResourcePolicy>;
  /** Links of CloudWatch observability access manager, by ARN. */
  links: Map<string, SharingLink>;
  /** Undefined: Security Hub is off. */
  hub: Hub | undefined;
}
