/**
 * The snapshot: what was read from AWS at one moment, as plain data without clients.
 * Values keep the member names of the AWS API (`LogFileValidationEnabled`), so that evidence reads like AWS's own answers.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * One thing that was read: a value; `absent` when AWS said for certain that there is none (no bucket policy, no such
 * bucket); or the reason why nothing is known. Only `read` and `absent` may lead to pass or fail.
 */
export type Part<T> = { state: 'read'; value: T } | { state: 'absent'; code: string } | Unreadable;

export type Unreadable =
  /** Refused: `action` is the IAM action to grant; `scp` when a service or resource control policy refused it. */
  | { state: 'denied'; action: string; account: string; scp: boolean; message: string }
  /** The account could not be entered at all. */
  | { state: 'unreachable'; account: string; message: string }
  | { state: 'throttled'; operation: string; account: string; message: string }
  /** The operation is not offered in this region or partition. */
  | { state: 'unsupported'; operation: string; message: string }
  | { state: 'error'; operation: string; account: string; message: string };

/** Parts of one kind by key: an account id, an ARN, a bucket name, or `<account>/<region>`. */
export type Parts<T> = { [key: string]: Part<T> };

export interface Snapshot {
  /** ISO 8601; the only clock a check may read. */
  takenAt: string;
  partition: string;
  /** Every account that was read or that is known to be in play, by id. */
  accounts: { [id: string]: AccountFacts };

  /** By account: names of the enabled regions. */
  'account.regions': Parts<string[]>;
  /** By account: the trails visible there, its own and the shadows of organization trails. */
  'account.trails': Parts<TrailListing[]>;
  /** By account: names of all buckets it owns. Read only where the owner of a trail's bucket had to be looked for. */
  'account.buckets': Parts<string[]>;
  /** By account: Block Public Access at the account level (s3control). */
  'account.publicAccessBlock': Parts<PublicAccessBlock>;
  /** By `<account>/<region>`, for every enabled region: ARNs of the event data stores of CloudTrail Lake seen there. */
  'account.eventDataStores': Parts<string[]>;

  /** By partition-wide key `organization`: what DescribeOrganization says. Absent: the estate is in none. */
  organization: Parts<Organization>;
  /** By key `organization`: all accounts of the organization, by id. */
  'organization.accounts': Parts<{ [id: string]: OrganizationAccount }>;
  /** By key `organization`: service principals with trusted access, as `{principal: true}`. */
  'organization.serviceAccess': Parts<{ [principal: string]: true }>;
  /** By key `organization`: delegated administrators for CloudTrail (`cloudtrail.amazonaws.com`), by account id. */
  'organization.delegatedAdministrators': Parts<{ [account: string]: { Name: string } }>;
  /** By key `organization`: roots, units and service control policies, as one tree. */
  'organization.policies': Parts<OrganizationPolicies>;

  /** By trail ARN, read by the owner in the home region; every trail is here once, whoever sees it. */
  trail: Parts<Trail>;
  /** By trail ARN: GetTrailStatus in the home region, asked by ARN. */
  'trail.status': Parts<TrailStatus>;
  /** By trail ARN, then by region: status sampled in the other enabled regions of a multi-region trail. */
  'trail.regionalStatus': { [arn: string]: Parts<TrailStatus> };
  /** By trail ARN. */
  'trail.selectors': Parts<TrailSelectors>;
  /** By trail ARN. */
  'trail.tags': Parts<{ [key: string]: string }>;
  /** By trail ARN. `absent` (InsightNotEnabledException, or HasInsightSelectors is false): Insights are off. */
  'trail.insights': Parts<InsightSelector[]>;

  /** By event data store ARN, read by the owner in its region. */
  eventDataStore: Parts<EventDataStore>;

  /** By bucket name. `absent` (NoSuchBucket): the name is free. `owner` is undefined when nobody in reach owns it. */
  bucket: Parts<Bucket>;
  /** By bucket name, as all `bucket.*`. */
  'bucket.policy': Parts<PolicyText>;
  'bucket.policyStatus': Parts<{ IsPublic: boolean }>;
  'bucket.publicAccessBlock': Parts<PublicAccessBlock>;
  'bucket.logging': Parts<{ TargetBucket: string; TargetPrefix: string }>;
  'bucket.versioning': Parts<{ Status?: 'Enabled' | 'Suspended'; MFADelete?: 'Enabled' | 'Disabled' }>;
  'bucket.lifecycle': Parts<{ Rules: LifecycleRule[]; TransitionDefaultMinimumObjectSize?: string }>;
  'bucket.encryption': Parts<{ Rules: EncryptionRule[] }>;
  'bucket.objectLock': Parts<{ Mode?: 'GOVERNANCE' | 'COMPLIANCE'; Days?: number; Years?: number }>;
  'bucket.requestPayment': Parts<{ Payer: 'BucketOwner' | 'Requester' }>;
  /** `absent`: not a website. */
  'bucket.website': Parts<JsonObject>;
  'bucket.acl': Parts<{ OwnerId: string; Grants: BucketGrant[] }>;
  /** `absent`: no ownership controls, which is `ObjectWriter`. */
  'bucket.ownership': Parts<{ ObjectOwnership: string }>;
  /** `absent`: no replication. */
  'bucket.replication': Parts<{ Role: string; Rules: JsonObject[] }>;
  'bucket.tags': Parts<{ [key: string]: string }>;

  /** By the reference a trail or topic carries (an ARN, or a key id or alias as it stands in KmsKeyId). */
  key: Parts<Key>;
  'key.policy': Parts<PolicyText>;
  /** By the same reference. `unsupported`: this key cannot be rotated by KMS (imported, asymmetric, HMAC, custom store). */
  'key.rotation': Parts<KeyRotation>;
  'key.grants': Parts<KeyGrant[]>;
  'key.tags': Parts<{ [key: string]: string }>;

  /** By log group ARN without the trailing `:*`. */
  logGroup: Parts<LogGroup>;
  /** By log group ARN: metric filters by name. */
  'logGroup.filters': Parts<{ [filterName: string]: MetricFilter }>;
  /** By log group ARN. */
  'logGroup.subscriptions': Parts<SubscriptionFilter[]>;
  /** By log group ARN. */
  'logGroup.tags': Parts<{ [key: string]: string }>;
  /** By `<account>/<region>`: resource policies of CloudWatch Logs, where a log group of a trail lies. */
  'logs.resourcePolicies': Parts<LogsResourcePolicy[]>;
  /** By `<account>/<region>`: links that share telemetry with monitoring accounts. `unsupported`: not offered there. */
  'oam.links': Parts<SharingLink[]>;
  /** By `<account>/<region>`: all alarms by name, where a log group of a trail lies. */
  alarms: Parts<{ [alarmName: string]: Alarm }>;
  /** By `<account>/<region>`. `absent` or `unsupported`: no mute rules there. */
  'alarm.muteRules': Parts<{ [ruleName: string]: MuteRule }>;
  /** By topic ARN. */
  topic: Parts<Topic>;
  'topic.subscriptions': Parts<Subscription[]>;
  'topic.tags': Parts<{ [key: string]: string }>;

  /** By account: holders of AWSCloudTrail_FullAccess and its retired forerunner. */
  'iam.fullAccess': Parts<FullAccessHolders>;
  /** By `<account>/<role name>`. AWSServiceRoleForCloudTrail of members, and the CloudWatch Logs roles of trails. */
  'iam.role': Parts<Role>;
  /** By account: who may do what, cut down to policies that speak of the services this program judges. */
  'iam.authorization': Parts<Authorization>;

  /** By `<account>/<region>`: Config rules by name. */
  'config.rules': Parts<{ [ruleName: string]: ConfigRule }>;
  /** By `<account>/<region>`, for every enabled region: the customer's recorder. `absent`: there is none. */
  'config.recorder': Parts<ConfigRecorder>;
  /** By `<account>/<region>`, for every enabled region. `absent`: there is none. */
  'config.deliveryChannel': Parts<ConfigDeliveryChannel>;
  /** By `<account>/<region>`. `absent` (InvalidAccessException, not subscribed): Security Hub is off. */
  'securityHub.hub': Parts<SecurityHub>;
}

/** Names of the parts, as a check lists them in `needs`. */
export type PartName = Exclude<keyof Snapshot, 'takenAt' | 'partition' | 'accounts'>;

/** `<part name>:<key>`, for example `bucket.policy:acme-cloudtrail-logs`. */
export type PartKey = `${PartName}:${string}`;

export interface AccountFacts {
  id: string;
  name: string;
  /** In the environment being scanned; the others are in play because something they own is shared. */
  inScope: boolean;
  /** `unreachable`: its reader role could not be entered, `reason` says why and what to do. */
  status: 'scanned' | 'partly' | 'unreachable';
  reason?: string;
  /** Names of the environments of the configuration that hold it. */
  environments: string[];
}

export interface TrailListing {
  TrailARN: string;
  Name: string;
  HomeRegion: string;
  IsOrganizationTrail: boolean;
}

export interface Trail {
  TrailARN: string;
  Name: string;
  HomeRegion: string;
  S3BucketName: string;
  S3KeyPrefix?: string;
  SnsTopicARN?: string;
  IncludeGlobalServiceEvents: boolean;
  IsMultiRegionTrail: boolean;
  IsOrganizationTrail: boolean;
  LogFileValidationEnabled: boolean;
  KmsKeyId?: string;
  CloudWatchLogsLogGroupArn?: string;
  CloudWatchLogsRoleArn?: string;
  HasInsightSelectors: boolean;
  /** Account id in the ARN: the owner, also for a trail that a delegated administrator made. */
  owner: string;
}

/** Times are ISO 8601. The frozen members (`LatestDeliveryAttempt…`, `TimeLogging…`) are left out on purpose. */
export interface TrailStatus {
  IsLogging: boolean;
  LatestDeliveryError?: string;
  LatestDeliveryTime?: string;
  LatestDigestDeliveryError?: string;
  LatestDigestDeliveryTime?: string;
  LatestCloudWatchLogsDeliveryError?: string;
  LatestCloudWatchLogsDeliveryTime?: string;
  LatestNotificationError?: string;
  LatestNotificationTime?: string;
  StartLoggingTime?: string;
  StopLoggingTime?: string;
}

/** Exactly one of the two is set; neither when no selector was ever put (all management events, no data events). */
export interface TrailSelectors {
  EventSelectors?: JsonObject[];
  AdvancedEventSelectors?: JsonObject[];
}

export interface PublicAccessBlock {
  BlockPublicAcls: boolean;
  IgnorePublicAcls: boolean;
  BlockPublicPolicy: boolean;
  RestrictPublicBuckets: boolean;
}

export interface Bucket {
  Name: string;
  region: string;
  /** Account id; undefined: it exists, but no account in reach owns it. */
  owner?: string;
  /**
   * Without an owner always true: every active account of the organization (or of the estate, without one) was listed.
   * If one could not be, the whole part says why, since it may be the owner.
   */
  everyAccountListed: boolean;
}

/** A policy as AWS returned it, never reformatted: untouched statements go back exactly as read. */
export interface PolicyText {
  text: string;
}

export type LifecycleRule = JsonObject;
export type EncryptionRule = JsonObject;

export interface Key {
  KeyId: string;
  Arn: string;
  AWSAccountId: string;
  region: string;
  KeyState: string;
  KeyManager: 'CUSTOMER' | 'AWS';
  KeySpec: string;
  KeyUsage: string;
  Origin: string;
  MultiRegion: boolean;
  DeletionDate?: string;
}

export interface LogGroup {
  logGroupName: string;
  arn: string;
  logGroupClass: string;
  retentionInDays?: number;
  kmsKeyId?: string;
  /** Undefined where AWS does not tell. */
  deletionProtectionEnabled?: boolean;
}

export interface MetricFilter {
  filterName: string;
  filterPattern: string;
  metricTransformations: { metricName: string; metricNamespace: string; metricValue: string }[];
}

/** A metric or composite alarm with all members as AWS gave them, so that a whole-alarm put loses nothing. */
export interface Alarm {
  AlarmName: string;
  AlarmArn: string;
  kind: 'metric' | 'composite';
  ActionsEnabled: boolean;
  AlarmActions: string[];
  members: JsonObject;
}

export interface MuteRule {
  name: string;
  alarmNames: string[];
  /** ISO 8601; without `endsAt` it mutes for ever. Rules that have ended are not in the snapshot. */
  startsAt?: string;
  endsAt?: string;
  /** Expression, duration and time zone, as AWS has them. */
  schedule?: string;
}

export interface Topic {
  TopicArn: string;
  Policy: string;
  /** Always an ARN, of a key or an alias: the key's parts are under it. */
  KmsMasterKeyId?: string;
  owner: string;
}

export interface Subscription {
  /** A real ARN, `PendingConfirmation` or `Deleted`. */
  SubscriptionArn: string;
  Protocol: string;
  Endpoint: string;
}

export interface FullAccessHolders {
  roles: { [name: string]: { path: string; lastUsed?: string } };
  users: { [name: string]: true };
  /** With the number of members. */
  groups: { [name: string]: { members: number } };
  /** Policy ARN by `role/<name>`, `user/<name>`, `group/<name>`. */
  policies: { [holder: string]: string };
}

export interface Role {
  RoleName: string;
  Arn: string;
  AssumeRolePolicyDocument: string;
  /** Inline policies by name, as text. */
  inline: { [name: string]: string };
  /** Documents of the attached managed policies, by ARN. */
  attached: { [policyArn: string]: string };
  PermissionsBoundary?: string;
  /** Left out where it has none. */
  tags?: { [key: string]: string };
}

export interface ConfigRule {
  ConfigRuleName: string;
  ConfigRuleArn: string;
  ConfigRuleState: string;
  /** Source identifier of a managed rule (`MULTI_REGION_CLOUD_TRAIL_ENABLED`). */
  identifier: string;
  owner: string;
  lastErrorCode?: string;
  /** ISO 8601. */
  lastEvaluated?: string;
}

export interface Organization {
  Id: string;
  MasterAccountId: string;
  FeatureSet: 'ALL' | 'CONSOLIDATED_BILLING';
}

export interface OrganizationAccount {
  Id: string;
  Name: string;
  State: string;
  /** ISO 8601. */
  JoinedTimestamp?: string;
}

export interface InsightSelector {
  InsightType: string;
  /** AWS leaves it out in older answers, which means Management. */
  EventCategories: string[];
}

export interface EventDataStore {
  EventDataStoreArn: string;
  Name: string;
  Status: string;
  AdvancedEventSelectors: JsonObject[];
  MultiRegionEnabled: boolean;
  OrganizationEnabled: boolean;
  RetentionPeriod: number;
  TerminationProtectionEnabled: boolean;
  KmsKeyId?: string;
  BillingMode?: string;
  FederationStatus?: string;
  tags: { [key: string]: string };
}

export interface BucketGrant {
  /** A canonical user id, or the URI of a group. */
  Grantee: { Type: string; ID?: string; URI?: string };
  Permission: string;
}

export interface KeyRotation {
  KeyRotationEnabled: boolean;
  RotationPeriodInDays?: number;
}

export interface KeyGrant {
  GrantId: string;
  Name?: string;
  GranteePrincipal: string;
  RetiringPrincipal?: string;
  IssuingAccount?: string;
  Operations: string[];
  Constraints?: JsonObject;
}

export interface SubscriptionFilter {
  filterName: string;
  destinationArn: string;
  roleArn?: string;
}

export interface LogsResourcePolicy {
  policyName: string;
  policyDocument: string;
  /** Set for a policy that hangs on one log group. */
  resourceArn?: string;
}

export interface SharingLink {
  Arn: string;
  Label: string;
  ResourceTypes: string[];
  SinkArn: string;
  /** The filter on log groups, where the link has one. */
  logGroupFilter?: string;
}

/** Service control policies and what they hang on. Ids are those of AWS: `r-…`, `ou-…`, an account id, `p-…`. */
export interface OrganizationPolicies {
  /** SERVICE_CONTROL_POLICY is enabled on the root. */
  enabled: boolean;
  /** Parent of every unit and account; a root has none. */
  parents: { [id: string]: string };
  roots: string[];
  policies: { [policyId: string]: { Name: string; AwsManaged: boolean; Content: string; targets: string[] } };
}

/** From GetAccountAuthorizationDetails. Documents are by an id of their own, so that one attached often is held once. */
export interface Authorization {
  principals: AuthorizationPrincipal[];
  /** Policy text by managed policy ARN; policies that speak of none of the judged services are left out. */
  managed: { [arn: string]: { text: string; attachments: number } };
}

export interface AuthorizationPrincipal {
  kind: 'role' | 'user' | 'group';
  name: string;
  arn: string;
  /** Inline policies by name, of those that speak of the judged services. */
  inline: { [policyName: string]: string };
  /** ARNs of managed policies, whether their text is held or not. */
  attached: string[];
  /** Of users: the groups they are in, by name. */
  groups: string[];
  permissionsBoundary?: string;
  trust?: string;
}

export interface ConfigRecorder {
  name: string;
  roleARN: string;
  /** Set where an AWS service owns the recorder. */
  servicePrincipal?: string;
  recordingGroup: JsonObject;
  recordingMode?: JsonObject;
  recording: boolean;
  /** Pending, Success or Failure. */
  lastStatus?: string;
  lastErrorCode?: string;
}

export interface ConfigDeliveryChannel {
  name: string;
  s3BucketName: string;
  s3KeyPrefix?: string;
  s3KmsKeyArn?: string;
  snsTopicARN?: string;
  configSnapshotDeliveryProperties?: JsonObject;
}

export interface SecurityHub {
  HubArn: string;
  /** ARNs of the enabled standards. */
  standards: string[];
}
