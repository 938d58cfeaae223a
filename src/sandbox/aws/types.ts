/**
 * What the simulated AWS is made of: the state of an estate, and the shape of a service.
 * Times are Dates; documents (policies, selectors) are kept as AWS would hand them back.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A parsed request: member names as the API model writes them (`TrailName`, `includeShadowTrails`).
 * AwsQuery services (STS, IAM, SNS) get every scalar as a string; lists are arrays, maps are plain objects.
 */
export type Input = { [member: string]: unknown };
/**
 * What an operation answers. A Date is written as the protocol wants it (epoch seconds in JSON, ISO 8601 in XML),
 * undefined members are left out, a `Map` is an AWS map (`<entry><key/><value/></entry>` in AwsQuery).
 */
export type Output = { [member: string]: unknown };

export interface Estate {
  partition: string;
  /** All regions of the partition. */
  regions: string[];
  /** Those an account gets without opting in. */
  defaultRegions: string[];
  now: () => Date;
  organization: Organization | undefined;
  accounts: Map<string, Account>;
  /** Bucket names are global: one map for the whole partition. */
  buckets: Map<string, Bucket>;
  /** Long-term access keys and the sessions that AssumeRole handed out, by access key id. */
  credentials: Map<string, Credential>;
  /** Every call that reached the simulator, oldest first; tests and the demo read it. */
  calls: RecordedCall[];
  knobs: Knobs;
}

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

export interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: string | Record<string, string | string[]>;
  NotPrincipal?: string | Record<string, string | string[]>;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[] | boolean | number>>;
}

export interface Role {
  name: string;
  path: string;
  id: string;
  createdAt: Date;
  trust: PolicyDocument;
  inline: Map<string, PolicyDocument>;
  /** ARNs of attached managed policies. */
  attached: Set<string>;
  boundary: string | undefined;
  lastUsedAt: Date | undefined;
  tags: Record<string, string>;
}

export interface User {
  name: string;
  path: string;
  id: string;
  createdAt: Date;
  inline: Map<string, PolicyDocument>;
  attached: Set<string>;
  boundary: string | undefined;
}

export interface Group {
  name: string;
  path: string;
  id: string;
  createdAt: Date;
  members: Set<string>;
  inline: Map<string, PolicyDocument>;
  attached: Set<string>;
}

export interface ManagedPolicy {
  name: string;
  path: string;
  id: string;
  arn: string;
  createdAt: Date;
  /** By version id (`v1`). */
  versions: Map<string, { document: PolicyDocument; createdAt: Date }>;
  defaultVersion: string;
}

export interface Trail {
  name: string;
  arn: string;
  homeRegion: string;
  bucket: string;
  prefix: string | undefined;
  topicArn: string | undefined;
  multiRegion: boolean;
  globalEvents: boolean;
  validation: boolean;
  organization: boolean;
  kmsKeyId: string | undefined;
  logGroupArn: string | undefined;
  logRoleArn: string | undefined;
  /** Undefined: no selectors were ever set, the default applies. Never both. */
  eventSelectors: Json[] | undefined;
  advancedEventSelectors: Json[] | undefined;
  insightSelectors: Json[];
  logging: boolean;
  createdAt: Date;
  startedAt: Date | undefined;
  stoppedAt: Date | undefined;
  tags: Record<string, string>;
  /**
   * Regions without activity deliver digests only. What a status says of delivery is worked out from the state of
   * bucket, key and policies at the time of asking; these two override it for one region.
   */
  deliveryErrors: Map<string, string>;
  lastDelivery: Map<string, Date>;
}

export interface PublicAccessBlock {
  BlockPublicAcls: boolean;
  IgnorePublicAcls: boolean;
  BlockPublicPolicy: boolean;
  RestrictPublicBuckets: boolean;
}

export interface Bucket {
  name: string;
  owner: string;
  region: string;
  createdAt: Date;
  policy: PolicyDocument | undefined;
  publicAccessBlock: PublicAccessBlock | undefined;
  versioning: 'Enabled' | 'Suspended' | undefined;
  mfaDelete: 'Enabled' | 'Disabled' | undefined;
  /** LoggingEnabled as the API has it. */
  logging: Json | undefined;
  lifecycle: Json[] | undefined;
  encryption: Json | undefined;
  /** The ACL beside the owner's own full control. */
  grants: BucketGrant[];
  /** ReplicationConfiguration as the API has it. */
  replication: Json | undefined;
  ownership: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter' | undefined;
  /** ObjectLockConfiguration as the API has it. */
  objectLock: Json | undefined;
  payer: 'BucketOwner' | 'Requester';
  website: Json | undefined;
  tags: Record<string, string>;
}

/** A grant to the canonical id of another account, or to a group by its URI. */
export interface BucketGrant {
  grantee: { ID: string } | { URI: string };
  permission: 'FULL_CONTROL' | 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP';
}

export interface Key {
  id: string;
  arn: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport' | 'Unavailable' | 'PendingReplicaDeletion';
  manager: 'CUSTOMER' | 'AWS';
  spec: string;
  usage: string;
  origin: string;
  multiRegion: boolean;
  /** Of a replica: the region of its primary, which has the same id. */
  primaryRegion: string | undefined;
  rotation: boolean;
  rotationDays: number;
  grants: KeyGrant[];
  deletionDate: Date | undefined;
  createdAt: Date;
  policy: PolicyDocument;
  tags: Record<string, string>;
}

export interface KeyGrant {
  id: string;
  name: string | undefined;
  /** ARN of a principal, or the name of an AWS service. */
  grantee: string;
  retiring: string | undefined;
  operations: string[];
  /** Constraints as the API has them. */
  constraints: Json | undefined;
  createdAt: Date;
}

export interface LogGroup {
  name: string;
  arn: string;
  class: 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY';
  retentionInDays: number | undefined;
  kmsKeyId: string | undefined;
  createdAt: Date;
  filters: Map<string, MetricFilter>;
  deletionProtection: boolean;
  subscriptions: Map<string, SubscriptionFilter>;
  tags: Record<string, string>;
}

export interface MetricFilter {
  filterName: string;
  filterPattern: string;
  metricTransformations: { metricName: string; metricNamespace: string; metricValue: string; defaultValue?: number }[];
  creationTime: number;
}

export interface SubscriptionFilter {
  filterName: string;
  filterPattern: string;
  destinationArn: string;
  roleArn: string | undefined;
  creationTime: number;
}

/** Who may write to log groups of a region, or (with `resourceArn`) to one of them. */
export interface LogResourcePolicy {
  name: string;
  document: PolicyDocument;
  resourceArn: string | undefined;
  updatedAt: Date;
}

/** What an account shares with a monitoring account. */
export interface SharingLink {
  id: string;
  arn: string;
  label: string;
  resourceTypes: string[];
  sinkArn: string;
  /** Which log groups are shared; undefined: all. */
  logGroupFilter: string | undefined;
}

export interface EventDataStore {
  arn: string;
  name: string;
  status:
    | 'CREATED'
    | 'ENABLED'
    | 'PENDING_DELETION'
    | 'STARTING_INGESTION'
    | 'STOPPING_INGESTION'
    | 'STOPPED_INGESTION';
  /** AdvancedEventSelectors as the API has them. */
  selectors: Json[];
  multiRegion: boolean;
  organization: boolean;
  /** Days. */
  retention: number;
  terminationProtection: boolean;
  kmsKeyId: string | undefined;
  billingMode: 'EXTENDABLE_RETENTION_PRICING' | 'FIXED_RETENTION_PRICING';
  federation: 'ENABLING' | 'ENABLED' | 'DISABLING' | 'DISABLED';
  createdAt: Date;
  updatedAt: Date;
  tags: Record<string, string>;
}

/** An alarm holds its API members as they were put, so that nothing is lost on the way back. */
export interface Alarm {
  name: string;
  arn: string;
  kind: 'metric' | 'composite';
  members: Record<string, Json>;
}

export interface MuteRule {
  name: string;
  arn: string;
  alarmNames: string[];
  startsAt: Date | undefined;
  endsAt: Date | undefined;
}

export interface Topic {
  name: string;
  arn: string;
  policy: PolicyDocument;
  kmsKeyId: string | undefined;
  subscriptions: { arn: string; protocol: string; endpoint: string; confirmed: boolean }[];
  tags: Record<string, string>;
}

export interface ConfigRule {
  name: string;
  arn: string;
  id: string;
  state: 'ACTIVE' | 'DELETING' | 'EVALUATING';
  owner: string;
  identifier: string;
  members: Record<string, Json>;
  lastErrorCode: string | undefined;
  lastEvaluatedAt: Date | undefined;
}

export interface Recorder {
  name: string;
  roleArn: string;
  recording: boolean;
  /** An AWS service that owns it; undefined for the customer's own. */
  servicePrincipal: string | undefined;
  /** As the API has them. */
  recordingGroup: Json;
  recordingMode: Json | undefined;
  lastStatus: 'Pending' | 'Success' | 'Failure';
  lastErrorCode: string | undefined;
  startedAt: Date | undefined;
  stoppedAt: Date | undefined;
}

export interface DeliveryChannel {
  name: string;
  bucket: string;
  prefix: string | undefined;
  kmsKeyArn: string | undefined;
  topicArn: string | undefined;
  /** How often a snapshot is delivered (`TwentyFour_Hours`). */
  frequency: string | undefined;
}

/** Security Hub, where it is on. */
export interface Hub {
  subscribedAt: Date;
  autoEnableControls: boolean;
  /** ARNs of the standards that are enabled. */
  standards: string[];
  /** Findings as they were imported, by their id and product. */
  findings: Map<string, Input>;
}

export interface Credential {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | undefined;
  accountId: string;
  /** IAM user, role, or the account root. */
  principal: { kind: 'user'; name: string } | { kind: 'role'; name: string } | { kind: 'root' };
  /** ARN as STS reports it (for a session, the assumed-role ARN). */
  arn: string;
  sessionName: string | undefined;
  sessionPolicies: PolicyDocument[];
  sourceIdentity: string | undefined;
  sessionTags: Record<string, string>;
  /** Keys of the session tags that go on to the next role in a chain. */
  transitiveTags?: string[];
  expiresAt: Date | undefined;
}

export interface RecordedCall {
  at: Date;
  service: string;
  operation: string;
  account: string;
  region: string;
  /** ARN of the caller. */
  caller: string;
  sourceIdentity: string | undefined;
  requestId: string;
  input: Input;
  /** Undefined when it worked. */
  error: string | undefined;
}

export interface Knobs {
  /** Added to every answer, milliseconds. */
  latencyMs: number;
  /** Answer ThrottlingException beyond AWS's own quotas (per account, region and API class). */
  throttling: boolean;
  /** Actions that are refused: `{account or '*', action pattern like 'cloudtrail:Get*'}`. */
  denied: { account: string; action: string; region?: string; scp?: boolean }[];
  /**
   * The next n requests (of a service by its signing name, or of any) answer 503, or have their connection dropped:
   * before anything is done (`drop`), or after it is done and before the answer (`drop-answer`).
   */
  faults: { service?: string; operation?: string; kind: 'http503' | 'drop' | 'drop-answer'; remaining: number }[];
}

/** Who asks, with what, where. */
export interface RequestContext {
  estate: Estate;
  /** The caller's account. */
  account: Account;
  region: string;
  credential: Credential;
  requestId: string;
}

/** What a caller must be allowed to do for one call; more than one where AWS asks for dependent actions. */
export interface Permission {
  action: string;
  resource: string;
  /** Extra condition keys beside the global ones (`kms:ViaService`, `iam:PassedToService`). */
  context?: Record<string, string | string[]>;
  /** The policy on the resource, and who owns it; it may grant or deny by itself (S3, KMS, SNS). */
  resourcePolicy?: { document: PolicyDocument | undefined; owner: string };
}

export interface Operation {
  /** May throw an AwsError, for a resource that does not exist or a member that is missing. */
  permissions(context: RequestContext, input: Input): Permission[];
  handle(context: RequestContext, input: Input): Output;
  /** For throttling by AWS's quotas: per account and region. */
  quota?: { class: string; perSecond: number };
}

export type Protocol = 'json-1.0' | 'json-1.1' | 'query' | 'rest-xml' | 'rest-json';

/** A request as it came over the wire, before a REST service says which operation it is. */
export interface HttpRequest {
  method: string;
  /** Path without the query, percent-encoding as sent; a virtual-hosted bucket is already put in front of it. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names; repeated headers joined by ", ". */
  headers: Record<string, string>;
  /** Without aws-chunked framing. */
  body: Buffer;
  host: string;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** How a REST service finds the operation in a request, and writes its answer. */
export interface RestBinding {
  /** Throws an AwsError when no operation fits. */
  route(request: HttpRequest): { operation: string; input: Input };
  render(operation: string, output: Output): HttpResponse;
}

export interface Service {
  /** Signing name, as it stands in the credential scope (`cloudtrail`, `monitoring`). */
  signingName: string;
  protocol: Protocol;
  operations: Record<string, Operation>;
  /** REST services only. */
  rest?: RestBinding;
  /** AwsQuery services only: the XML namespace of answers. */
  xmlNamespace?: string;
}

/** An error AWS would answer with; the protocol layer writes it in the service's own form. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  constructor(code: string, message: string, status = 400, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}
