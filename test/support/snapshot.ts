import { emptySnapshot as nothingRead } from '../../src/snapshot/empty.ts';
import type {
  AccountFacts,
  Alarm,
  Authorization,
  Bucket,
  BucketGrant,
  ConfigRecorder,
  EncryptionRule,
  FullAccessHolders,
  InsightSelector,
  Json,
  JsonObject,
  Key,
  KeyGrant,
  KeyRotation,
  LifecycleRule,
  LogGroup,
  LogsResourcePolicy,
  MetricFilter,
  OrganizationAccount,
  Part,
  PartName,
  Parts,
  PublicAccessBlock,
  SharingLink,
  Snapshot,
  Subscription,
  SubscriptionFilter,
  Trail,
  TrailSelectors,
  TrailStatus,
} from '../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  BUCKET,
  defined,
  type Given,
  hoursBefore,
  inScope,
  KEY_ARN,
  LOG_GROUP_ARN,
  LOG_ROLE,
  type Loose,
  MANAGEMENT,
  NOW,
  overlay,
  part,
  REGION,
  TOPIC_ARN,
  TOPIC_KEY_ARN,
} from './building.ts';
import { withDelegatedAdministrators, withOrganizationPolicies } from './organizations.ts';
import { absent, read } from './parts.ts';
import { BOTH_INSIGHTS, withConfigRecorder, withDeliveryChannel, withSecurityHub } from './services.ts';

export {
  ACCOUNT,
  ARCHIVE,
  BUCKET,
  hoursBefore,
  KEY_ARN,
  LOG_GROUP_ARN,
  LOG_ROLE,
  MANAGEMENT,
  NOW,
  REGION,
  STORE_ARN,
  TOPIC_ARN,
  TOPIC_KEY_ARN,
  TRAIL_ARN,
} from './building.ts';
export { type GivenPolicy, GUARDRAIL, withDelegatedAdministrators, withOrganizationPolicies } from './organizations.ts';
export { absent, denied, failed, read, throttled, unreachable, unsupported } from './parts.ts';
export {
  BOTH_INSIGHTS,
  type GivenPrincipal,
  withAuthorization,
  withConfigRecorder,
  withDeliveryChannel,
  withEventDataStore,
  withInsights,
  withSecurityHub,
} from './services.ts';

/*
 * Builders of snapshots for the tests of checks. Each takes a snapshot and gives a new one. Whatever is not said is
 * healthy: every check passes on `healthySnapshot()`, and a test changes the one thing it is about.
 */

/** A snapshot with accounts and nothing else. An account given by its id alone is in scope and called `account-<id>`. */
export function emptySnapshot({
  takenAt = NOW,
  partition = 'aws',
  accounts = [ACCOUNT],
}: {
  takenAt?: string;
  partition?: string;
  accounts?: (string | (Loose<AccountFacts> & { id: string }))[];
} = {}): Snapshot {
  const noOrganization = { organization: absent('AWSOrganizationsNotInUseException') };
  const empty: Snapshot = {
    ...nothingRead(takenAt, partition),
    organization: noOrganization,
    'organization.accounts': noOrganization,
    'organization.serviceAccess': noOrganization,
    'organization.delegatedAdministrators': noOrganization,
    'organization.policies': noOrganization,
  };
  return accounts.reduce<Snapshot>(
    (snapshot, account) => withAccount(snapshot, typeof account === 'string' ? { id: account } : account),
    empty,
  );
}

/**
 * One account whose every check passes: trail, bucket in the archive account, key, log group, alarm, topic, Config
 * recorders and rules, Security Hub. There is no event data store, since nobody can have a new one.
 */
export function healthySnapshot(): Snapshot {
  const accounts = emptySnapshot({ accounts: [ACCOUNT, { id: ARCHIVE, name: 'log-archive', inScope: false }] });
  const trail = withTrail(accounts, { SnsTopicARN: TOPIC_ARN });
  const logging = withConfigRules(withLogGroup(withKey(withBucket(trail))));
  return REGIONS.reduce(
    (snapshot, region) =>
      withSecurityHub(withDeliveryChannel(withConfigRecorder(snapshot, { region }), { region }), { region }),
    logging,
  );
}

/** Regions that an account has enabled unless it says otherwise. */
const REGIONS = [REGION, 'eu-west-1'];

/** Sets one part, whatever it is. */
export function withPart<Name extends PartName>(
  snapshot: Snapshot,
  name: Name,
  key: string,
  part: Snapshot[Name][string],
): Snapshot {
  return { ...snapshot, [name]: { ...snapshot[name], [key]: part } };
}

/**
 * An account: regions, no trails, no event data stores, no holders of the full-access policy, nobody with permissions of
 * note; `publicAccessBlock` at account level is absent.
 */
export function withAccount(
  snapshot: Snapshot,
  {
    id,
    regions = REGIONS,
    fullAccess = { roles: {}, users: {}, groups: {}, policies: {} },
    publicAccessBlock = absent('NoSuchPublicAccessBlockConfiguration'),
    eventDataStores = {},
    authorization = { principals: [], managed: {} },
    ...facts
  }: Loose<AccountFacts> & {
    id: string;
    regions?: Given<string[]>;
    fullAccess?: Given<FullAccessHolders>;
    publicAccessBlock?: Given<PublicAccessBlock>;
    /** Listings by region; the other enabled regions have none. */
    eventDataStores?: { [region: string]: Given<string[]> };
    authorization?: Given<Authorization>;
  },
): Snapshot {
  const enabled = part(regions);
  const listings = Object.fromEntries(
    [...(enabled.state === 'read' ? enabled.value : []), ...Object.keys(eventDataStores)].map((region) => [
      `${id}/${region}`,
      part(eventDataStores[region] ?? []),
    ]),
  );
  const account: AccountFacts = {
    id,
    name: facts.name ?? `account-${id}`,
    inScope: facts.inScope ?? true,
    status: facts.status ?? 'scanned',
    environments: facts.environments ?? ['prod'],
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
  };
  return {
    ...snapshot,
    accounts: { ...snapshot.accounts, [id]: account },
    'account.regions': { ...snapshot['account.regions'], [id]: enabled },
    'account.eventDataStores': { ...snapshot['account.eventDataStores'], ...listings },
    'account.trails': { ...snapshot['account.trails'], [id]: snapshot['account.trails'][id] ?? read([]) },
    'account.publicAccessBlock': { ...snapshot['account.publicAccessBlock'], [id]: part(publicAccessBlock) },
    'iam.fullAccess': { ...snapshot['iam.fullAccess'], [id]: part(fullAccess) },
    'iam.authorization': { ...snapshot['iam.authorization'], [id]: part(authorization) },
  };
}

/**
 * A trail that logs, in all regions, all management events and all S3 writes, encrypted, validated, with CloudWatch
 * Logs and both Insights, tagged, lately delivered. Visible in its owner, and in every account in scope if it is an organization trail; `visibleIn`
 * says otherwise. The role that CloudWatch Logs delivery uses comes along.
 */
export function withTrail(
  snapshot: Snapshot,
  {
    name = 'audit',
    owner = ACCOUNT,
    region = REGION,
    status = {},
    selectors = allManagementAndS3Writes(snapshot.partition),
    regionalStatus = {},
    tags = { owner: 'security' },
    insights = [...BOTH_INSIGHTS],
    visibleIn,
    ...members
  }: Loose<Trail> & {
    name?: string;
    region?: string;
    status?: Given<Loose<TrailStatus>>;
    selectors?: Given<TrailSelectors>;
    regionalStatus?: Parts<TrailStatus>;
    tags?: Given<{ [key: string]: string }>;
    insights?: Given<InsightSelector[]>;
    visibleIn?: string[];
  } = {},
): Snapshot {
  const arn = members.TrailARN ?? `arn:${snapshot.partition}:cloudtrail:${region}:${owner}:trail/${name}`;
  const trail = defined<Trail>({
    TrailARN: arn,
    Name: name,
    HomeRegion: region,
    S3BucketName: BUCKET,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: true,
    IsOrganizationTrail: false,
    LogFileValidationEnabled: true,
    KmsKeyId: KEY_ARN,
    CloudWatchLogsLogGroupArn: `${LOG_GROUP_ARN}:*`,
    CloudWatchLogsRoleArn: `arn:${snapshot.partition}:iam::${owner}:role/${LOG_ROLE}`,
    HasInsightSelectors: part(insights).state !== 'absent',
    owner,
    ...members,
  });
  const viewers = visibleIn ?? [owner, ...(trail.IsOrganizationTrail ? inScope(snapshot) : [])];
  const listing = {
    TrailARN: arn,
    Name: trail.Name,
    HomeRegion: trail.HomeRegion,
    IsOrganizationTrail: trail.IsOrganizationTrail,
  };
  const listings = { ...snapshot['account.trails'] };
  for (const account of new Set(viewers)) {
    const before = listings[account];
    listings[account] = read([...(before?.state === 'read' ? before.value : []), listing]);
  }
  const next: Snapshot = {
    ...snapshot,
    'account.trails': listings,
    trail: { ...snapshot.trail, [arn]: read(trail) },
    'trail.status': { ...snapshot['trail.status'], [arn]: statusPart(snapshot.takenAt, status) },
    'trail.selectors': { ...snapshot['trail.selectors'], [arn]: part(selectors) },
    'trail.regionalStatus': { ...snapshot['trail.regionalStatus'], [arn]: regionalStatus },
    'trail.tags': { ...snapshot['trail.tags'], [arn]: part(tags) },
    'trail.insights': { ...snapshot['trail.insights'], [arn]: part(insights) },
  };
  const role = trail.CloudWatchLogsRoleArn?.split('/').at(-1);
  return role === undefined ? next : withRole(next, { account: owner, name: role, inline: delivering(next, trail) });
}

/** What the role for CloudWatch Logs may do: write the streams of this trail, and nothing else. */
function delivering({ organization: { organization } }: Snapshot, trail: Trail): { deliver: JsonObject } {
  const streams = [`${trail.owner}_CloudTrail_${trail.HomeRegion}*`];
  if (trail.IsOrganizationTrail && organization?.state === 'read') streams.push(`${organization.value.Id}_*`);
  const group = trail.CloudWatchLogsLogGroupArn?.replace(/:\*$/, '') ?? LOG_GROUP_ARN;
  return {
    deliver: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: streams.map((stream) => `${group}:log-stream:${stream}`),
        },
      ],
    },
  };
}

function statusPart(now: string, given: Given<Loose<TrailStatus>>): Part<TrailStatus> {
  const status = part(given);
  if (status.state !== 'read') return status;
  return read(
    defined<TrailStatus>({
      IsLogging: true,
      LatestDeliveryTime: hoursBefore(now, 0.1),
      LatestDigestDeliveryTime: hoursBefore(now, 0.5),
      LatestCloudWatchLogsDeliveryTime: hoursBefore(now, 0.1),
      LatestNotificationTime: hoursBefore(now, 0.1),
      StartLoggingTime: hoursBefore(now, 24 * 90),
      ...status.value,
    }),
  );
}

/** Advanced selectors: all management events, and writes of S3 objects in every bucket but the log bucket. */
export function allManagementAndS3Writes(partition = 'aws'): TrailSelectors {
  return {
    AdvancedEventSelectors: [
      { Name: 'management', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
      {
        Name: 's3-writes',
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          { Field: 'readOnly', Equals: ['false'] },
          { Field: 'resources.ARN', NotStartsWith: [`arn:${partition}:s3:::${BUCKET}/`] },
        ],
      },
    ],
  };
}

/**
 * The log bucket, in the archive account unless `owner` says otherwise: closed, without ACLs, versioned, locked for a
 * year, with a lifecycle, a policy that serves the trails already in the snapshot, access logs going to `<name>-access`,
 * and a replica `<name>-replica` in another region.
 * `owner: undefined` is a bucket that nobody in reach owns.
 */
export function withBucket(
  snapshot: Snapshot,
  given: {
    name?: string;
    owner?: string | undefined;
    region?: string;
    everyAccountListed?: boolean;
    bucket?: Part<Bucket>;
    policy?: Given<JsonObject>;
    policyStatus?: Given<{ IsPublic: boolean }>;
    publicAccessBlock?: Given<PublicAccessBlock>;
    logging?: Given<{ TargetBucket: string; TargetPrefix: string }>;
    versioning?: Given<{ Status?: 'Enabled' | 'Suspended'; MFADelete?: 'Enabled' | 'Disabled' }>;
    lifecycle?: Given<{ Rules: LifecycleRule[]; TransitionDefaultMinimumObjectSize?: string }>;
    encryption?: Given<{ Rules: EncryptionRule[] }>;
    objectLock?: Given<{ Mode?: 'GOVERNANCE' | 'COMPLIANCE'; Days?: number; Years?: number }>;
    requestPayment?: Given<{ Payer: 'BucketOwner' | 'Requester' }>;
    website?: Given<JsonObject>;
    acl?: Given<{ OwnerId: string; Grants: BucketGrant[] }>;
    ownership?: Given<{ ObjectOwnership: string }>;
    replication?: Given<{ Role: string; Rules: JsonObject[] }>;
    tags?: Given<{ [key: string]: string }>;
  } = {},
): Snapshot {
  const name = given.name ?? BUCKET;
  const region = given.region ?? REGION;
  const owner = 'owner' in given ? given.owner : ARCHIVE;
  const everyAccountListed = given.everyAccountListed ?? true;
  const target = `${name}-access`;
  const replica = `${name}-replica`;
  const bucket = (called: string, lies = region): Part<Bucket> =>
    read(defined<Bucket>({ Name: called, region: lies, owner, everyAccountListed }));
  const trails = Object.values(snapshot.trail).flatMap((trail) =>
    trail.state === 'read' && trail.value.S3BucketName === name ? [trail.value] : [],
  );
  const policy = part(given.policy ?? deliveryPolicy(snapshot, name, trails));
  const sse: { Rules: EncryptionRule[] } = {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
  };
  const parts: { [Name in PartName]?: Snapshot[Name] } = {
    bucket: { [name]: given.bucket ?? bucket(name), [target]: bucket(target), [replica]: bucket(replica, 'eu-west-1') },
    'bucket.policy': {
      [name]: policy.state === 'read' ? read({ text: JSON.stringify(policy.value) }) : policy,
      [target]: read({ text: JSON.stringify(accessLogPolicy(snapshot.partition, target, name, owner)) }),
    },
    'bucket.policyStatus': { [name]: part(given.policyStatus ?? { IsPublic: false }) },
    'bucket.publicAccessBlock': { [name]: part(given.publicAccessBlock ?? allBlocked()) },
    'bucket.logging': { [name]: part(given.logging ?? { TargetBucket: target, TargetPrefix: `${name}/` }) },
    'bucket.versioning': { [name]: part(given.versioning ?? { Status: 'Enabled' as const }) },
    'bucket.lifecycle': { [name]: part(given.lifecycle ?? { Rules: [archiveRule()] }) },
    'bucket.encryption': { [name]: part(given.encryption ?? sse), [target]: read(sse) },
    'bucket.objectLock': {
      [name]: part(given.objectLock ?? { Mode: 'COMPLIANCE' as const, Days: 365 }),
      [target]: absent('ObjectLockConfigurationNotFoundError'),
    },
    'bucket.requestPayment': { [name]: part(given.requestPayment ?? { Payer: 'BucketOwner' as const }) },
    'bucket.website': {
      [name]: given.website === undefined ? absent('NoSuchWebsiteConfiguration') : part(given.website),
    },
    'bucket.acl': { [name]: part(given.acl ?? ownerOnly()) },
    'bucket.ownership': { [name]: part(given.ownership ?? { ObjectOwnership: 'BucketOwnerEnforced' }) },
    'bucket.replication': { [name]: part(given.replication ?? replication(snapshot.partition, owner, replica)) },
    'bucket.tags': { [name]: part(given.tags ?? {}) },
  };
  return overlay(snapshot, parts);
}

/** Canonical user id of the bucket's owner. */
export const OWNER_ID = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';

/** The ACL every bucket begins with: the owner has full control, nobody else has anything. */
export function ownerOnly(): { OwnerId: string; Grants: BucketGrant[] } {
  return {
    OwnerId: OWNER_ID,
    Grants: [{ Grantee: { Type: 'CanonicalUser', ID: OWNER_ID }, Permission: 'FULL_CONTROL' }],
  };
}

/** One rule for all objects, encrypted ones too, without delete markers. */
function replication(partition: string, owner: string | undefined, replica: string) {
  return {
    Role: `arn:${partition}:iam::${owner ?? ARCHIVE}:role/replicate`,
    Rules: [
      {
        ID: 'replica',
        Priority: 1,
        Status: 'Enabled',
        Filter: { Prefix: '' },
        SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
        Destination: {
          Bucket: `arn:${partition}:s3:::${replica}`,
          EncryptionConfiguration: { ReplicaKmsKeyID: KEY_ARN.replace(REGION, 'eu-west-1') },
        },
        DeleteMarkerReplication: { Status: 'Disabled' },
      },
    ],
  };
}

export function allBlocked(): PublicAccessBlock {
  return { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
}

/** Rule for all objects, old versions included: to Glacier instant retrieval after a year, nothing expires. */
function archiveRule(): LifecycleRule {
  return {
    ID: 'archive',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Transitions: [{ Days: 365, StorageClass: 'GLACIER_IR' }],
    NoncurrentVersionTransitions: [{ NoncurrentDays: 365, StorageClass: 'GLACIER_IR' }],
  };
}

/** The policy that CloudTrail's documents ask for, for these trails, with the TLS-only deny. */
export function deliveryPolicy(snapshot: Snapshot, bucket: string, trails: readonly Trail[]): JsonObject {
  const arn = `arn:${snapshot.partition}:s3:::${bucket}`;
  const organization = snapshot.organization.organization;
  const paths = trails.flatMap((trail) => {
    const base = `${arn}/${trail.S3KeyPrefix === undefined ? '' : `${trail.S3KeyPrefix}/`}AWSLogs`;
    const own = `${base}/${trail.owner}/*`;
    return trail.IsOrganizationTrail && organization?.state === 'read'
      ? [own, `${base}/${organization.value.Id}/*`]
      : [own];
  });
  const sourceArn = trails.map((trail) => trail.TrailARN);
  const service = { Service: 'cloudtrail.amazonaws.com' };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AWSCloudTrailAclCheck',
        Effect: 'Allow',
        Principal: service,
        Action: 's3:GetBucketAcl',
        Resource: arn,
        Condition: { StringEquals: { 'aws:SourceArn': sourceArn } },
      },
      {
        Sid: 'AWSCloudTrailWrite',
        Effect: 'Allow',
        Principal: service,
        Action: 's3:PutObject',
        Resource: paths,
        Condition: {
          StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceArn': sourceArn },
        },
      },
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  };
}

function accessLogPolicy(partition: string, target: string, source: string, owner: string | undefined): JsonObject {
  const condition: { [operator: string]: Json } = { ArnLike: { 'aws:SourceArn': `arn:${partition}:s3:::${source}` } };
  if (owner !== undefined) condition.StringEquals = { 'aws:SourceAccount': owner };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AccessLogs',
        Effect: 'Allow',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: `arn:${partition}:s3:::${target}/*`,
        Condition: condition,
      },
    ],
  };
}

/** An enabled customer managed key that rotates yearly, without grants; its policy serves the trails already in the snapshot that name it. */
export function withKey(
  snapshot: Snapshot,
  {
    reference = KEY_ARN,
    key = {},
    policy,
    rotation = { KeyRotationEnabled: true, RotationPeriodInDays: 365 },
    grants = [],
  }: {
    reference?: string;
    key?: Given<Loose<Key>>;
    policy?: Given<JsonObject>;
    rotation?: Given<KeyRotation>;
    grants?: Given<KeyGrant[]>;
  } = {},
): Snapshot {
  const arn = reference.startsWith('arn:') ? reference : KEY_ARN;
  const account = arn.split(':')[4] ?? '';
  const wanted = part(key);
  const value: Part<Key> =
    wanted.state !== 'read'
      ? wanted
      : read(
          defined<Key>({
            KeyId: arn.split('/').at(-1) ?? '',
            Arn: arn,
            AWSAccountId: account,
            region: arn.split(':')[3] ?? '',
            KeyState: 'Enabled',
            KeyManager: 'CUSTOMER',
            KeySpec: 'SYMMETRIC_DEFAULT',
            KeyUsage: 'ENCRYPT_DECRYPT',
            Origin: 'AWS_KMS',
            MultiRegion: false,
            ...wanted.value,
          }),
        );
  const trails = Object.values(snapshot.trail).flatMap((trail) =>
    trail.state === 'read' && trail.value.KmsKeyId === reference ? [trail.value] : [],
  );
  const document = part(policy ?? keyPolicy(snapshot.partition, account, trails));
  return overlay(snapshot, {
    key: { [reference]: value },
    'key.policy': {
      [reference]: document.state === 'read' ? read({ text: JSON.stringify(document.value) }) : document,
    },
    'key.rotation': { [reference]: part(rotation) },
    'key.grants': { [reference]: part(grants) },
  });
}

/** The statements CloudTrail needs for these trails, beside the one for the account root. */
export function keyPolicy(partition: string, account: string, trails: readonly Trail[]): JsonObject {
  const service = { Service: 'cloudtrail.amazonaws.com' };
  const source = { 'aws:SourceArn': trails.map((trail) => trail.TrailARN) };
  const context = trails.map((trail) => `arn:${partition}:cloudtrail:*:${trail.owner}:trail/*`);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Administration',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
      {
        Sid: 'CloudTrailEncrypts',
        Effect: 'Allow',
        Principal: service,
        Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        Resource: '*',
        Condition: { StringEquals: source, StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': context } },
      },
      {
        Sid: 'CloudTrailDescribes',
        Effect: 'Allow',
        Principal: service,
        Action: 'kms:DescribeKey',
        Resource: '*',
        Condition: { StringEquals: source },
      },
    ],
  };
}

/** Event names of the CIS pattern for changes of trails. */
export const TRAIL_CHANGES =
  '{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }';

/**
 * A log group, encrypted and protected, with one filter for changes of trails, its alarm, and an encrypted topic with a
 * confirmed e-mail subscriber, to which the trails already in the snapshot may publish. Nobody else sees the group.
 */
export function withLogGroup(
  snapshot: Snapshot,
  {
    arn = LOG_GROUP_ARN,
    group = {},
    filters = { 'cloudtrail-changes': TRAIL_CHANGES },
    alarms,
    muteRules = {},
    topic = TOPIC_ARN,
    subscriptionFilters = [],
    resourcePolicies = [],
    links = [],
    subscriptions = [
      { SubscriptionArn: `${TOPIC_ARN}:5f6a`, Protocol: 'email', Endpoint: 'security@example.com' },
    ] as Subscription[],
  }: {
    arn?: string;
    group?: Given<Loose<LogGroup>>;
    /** Pattern by filter name; the metric has the filter's name, in the namespace `Trails`. */
    filters?: Given<{ [name: string]: string }>;
    /** By default one alarm a filter, with the filter's name. */
    alarms?: Given<{ [name: string]: Alarm }>;
    muteRules?: Given<Snapshot['alarm.muteRules'][string] extends Part<infer Rules> ? Rules : never>;
    topic?: string;
    /** Who is told by the topic. */
    subscriptions?: Given<Subscription[]>;
    /** Where the log group streams to. */
    subscriptionFilters?: Given<SubscriptionFilter[]>;
    /** Of the account and region. */
    resourcePolicies?: Given<LogsResourcePolicy[]>;
    /** Of the account and region. */
    links?: Given<SharingLink[]>;
  } = {},
): Snapshot {
  const [, , , region = '', account = ''] = arn.split(':');
  const place = `${account}/${region}`;
  const wanted = part(group);
  const patterns = part(filters);
  const names = patterns.state === 'read' ? Object.keys(patterns.value) : [];
  const keyed = withKey(snapshot, {
    reference: TOPIC_KEY_ARN,
    policy: publishersKeyPolicy(snapshot.partition, account),
  });
  return overlay(keyed, {
    logGroup: {
      [arn]:
        wanted.state !== 'read'
          ? wanted
          : read(
              defined<LogGroup>({
                logGroupName: arn.split(':')[6] ?? '',
                arn,
                logGroupClass: 'STANDARD',
                retentionInDays: 400,
                kmsKeyId: KEY_ARN,
                deletionProtectionEnabled: true,
                ...wanted.value,
              }),
            ),
    },
    'logGroup.filters': {
      [arn]:
        patterns.state !== 'read'
          ? patterns
          : read(Object.fromEntries(Object.entries(patterns.value).map(([name, text]) => [name, filter(name, text)]))),
    },
    alarms: {
      [place]: part(
        alarms ?? Object.fromEntries(names.map((name) => [name, metricAlarm(name, { account, region, topic })])),
      ),
    },
    'alarm.muteRules': { [place]: part(muteRules) },
    'logGroup.subscriptions': { [arn]: part(subscriptionFilters) },
    'logs.resourcePolicies': { [place]: part(resourcePolicies) },
    'oam.links': { [place]: part(links) },
    topic: {
      [topic]: read({
        TopicArn: topic,
        Policy: topicPolicy(snapshot, topic),
        KmsMasterKeyId: TOPIC_KEY_ARN,
        owner: topic.split(':')[4] ?? '',
      }),
    },
    'topic.subscriptions': { [topic]: part(subscriptions) },
  });
}

/** The policy of a key that CloudWatch and CloudTrail can publish through. */
function publishersKeyPolicy(partition: string, account: string): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Administration',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
      {
        Sid: 'PublishersEncrypt',
        Effect: 'Allow',
        Principal: { Service: ['cloudtrail.amazonaws.com', 'cloudwatch.amazonaws.com'] },
        Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      },
    ],
  };
}

/** A filter that counts into the metric of its own name. */
export function filter(name: string, pattern: string): MetricFilter {
  return {
    filterName: name,
    filterPattern: pattern,
    metricTransformations: [{ metricName: name, metricNamespace: 'Trails', metricValue: '1' }],
  };
}

/** An alarm on one or more events in five minutes that tells the topic; `members` go over the API's members. */
export function metricAlarm(
  name: string,
  {
    account = ACCOUNT,
    region = REGION,
    topic = TOPIC_ARN,
    enabled = true,
    actions = [topic],
    members = {},
  }: {
    account?: string;
    region?: string;
    topic?: string;
    enabled?: boolean;
    actions?: string[];
    members?: JsonObject;
  } = {},
): Alarm {
  const arn = `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;
  return {
    AlarmName: name,
    AlarmArn: arn,
    kind: 'metric',
    ActionsEnabled: enabled,
    AlarmActions: actions,
    members: {
      AlarmName: name,
      AlarmArn: arn,
      ActionsEnabled: enabled,
      AlarmActions: actions,
      OKActions: [],
      InsufficientDataActions: [],
      MetricName: name,
      Namespace: 'Trails',
      Statistic: 'Sum',
      Dimensions: [],
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      ...members,
    },
  };
}

function topicPolicy(snapshot: Snapshot, topic: string): string {
  const trails = Object.values(snapshot.trail).flatMap((trail) =>
    trail.state === 'read' && trail.value.SnsTopicARN === topic ? [trail.value.TrailARN] : [],
  );
  const publishing = {
    Sid: 'CloudTrailPublishes',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'SNS:Publish',
    Resource: topic,
    Condition: { StringEquals: { 'aws:SourceArn': trails } },
  };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AlarmsPublish',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'SNS:Publish',
        Resource: topic,
        Condition: { StringEquals: { 'aws:SourceAccount': topic.split(':')[4] ?? '' } },
      },
      ...(trails.length > 0 ? [publishing] : []),
    ],
  });
}

/** A role that CloudTrail may assume to write to the log group; `AWSServiceRoleForCloudTrail` works as well. */
export function withRole(
  snapshot: Snapshot,
  {
    account = ACCOUNT,
    name = LOG_ROLE,
    trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    inline = {
      deliver: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: `${LOG_GROUP_ARN}:log-stream:${ACCOUNT}_CloudTrail_${REGION}*`,
          },
        ],
      },
    },
    attached = {},
  }: {
    account?: string;
    name?: string;
    trust?: JsonObject;
    inline?: { [name: string]: JsonObject };
    /** Documents of attached managed policies, by ARN. */
    attached?: { [policyArn: string]: JsonObject };
  } = {},
): Snapshot {
  return withPart(
    snapshot,
    'iam.role',
    `${account}/${name}`,
    read({
      RoleName: name,
      Arn: `arn:${snapshot.partition}:iam::${account}:role/${name}`,
      AssumeRolePolicyDocument: JSON.stringify(trust),
      inline: texts(inline),
      attached: texts(attached),
    }),
  );
}

function texts(documents: { [name: string]: JsonObject }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(documents).map(([name, document]) => [name, JSON.stringify(document)]));
}

/**
 * An organization with all features and CloudTrail trusted; members are ACTIVE, long joined, and have the service role.
 * A delegated administrator and a policy that guards the trails come along.
 */
export function withOrganization(
  snapshot: Snapshot,
  {
    id = 'o-acme123456',
    management = MANAGEMENT,
    featureSet = 'ALL',
    accounts = Object.keys(snapshot.accounts).map((account) => ({ Id: account })),
    serviceAccess = ['cloudtrail.amazonaws.com'],
  }: {
    id?: string;
    management?: string;
    featureSet?: 'ALL' | 'CONSOLIDATED_BILLING';
    accounts?: (Loose<OrganizationAccount> & { Id: string })[];
    serviceAccess?: string[];
  } = {},
): Snapshot {
  const members = accounts.map((account) =>
    defined<OrganizationAccount>({
      Name: snapshot.accounts[account.Id]?.name ?? `account-${account.Id}`,
      State: 'ACTIVE',
      JoinedTimestamp: '2024-01-15T09:00:00.000Z',
      ...account,
    }),
  );
  const next = overlay(snapshot, {
    organization: { organization: read({ Id: id, MasterAccountId: management, FeatureSet: featureSet }) },
    'organization.accounts': { organization: read(Object.fromEntries(members.map((member) => [member.Id, member]))) },
    'organization.serviceAccess': {
      organization: read(Object.fromEntries(serviceAccess.map((principal) => [principal, true as const]))),
    },
  });
  return members
    .filter((member) => member.Id !== management)
    .reduce(
      (all, { Id }) => withRole(all, { account: Id, name: 'AWSServiceRoleForCloudTrail', inline: {} }),
      withOrganizationPolicies(withDelegatedAdministrators(next)),
    );
}

const MANAGED_RULES = [
  'MULTI_REGION_CLOUD_TRAIL_ENABLED',
  'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED',
  'CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED',
  'CLOUD_TRAIL_ENCRYPTION_ENABLED',
  'CLOUDTRAIL_SECURITY_TRAIL_ENABLED',
  'CLOUDTRAIL_S3_DATAEVENTS_ENABLED',
];

/** Active Config rules with these source identifiers, and a recorder. */
export function withConfigRules(
  snapshot: Snapshot,
  {
    account = ACCOUNT,
    region = REGION,
    identifiers = MANAGED_RULES,
    recorder = {},
  }: {
    account?: string;
    region?: string;
    identifiers?: readonly string[];
    recorder?: Given<Loose<ConfigRecorder>>;
  } = {},
): Snapshot {
  const rules = identifiers.map((identifier) => {
    const name = identifier.toLowerCase().replaceAll('_', '-');
    return [
      name,
      {
        ConfigRuleName: name,
        ConfigRuleArn: `arn:${snapshot.partition}:config:${region}:${account}:config-rule/${name}`,
        ConfigRuleState: 'ACTIVE',
        identifier,
        owner: 'AWS',
        lastEvaluated: hoursBefore(snapshot.takenAt, 6),
      },
    ] as const;
  });
  const recording = withConfigRecorder(snapshot, { account, region, recorder });
  return overlay(recording, { 'config.rules': { [`${account}/${region}`]: read(Object.fromEntries(rules)) } });
}
