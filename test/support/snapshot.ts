import { emptySnapshot as nothingRead } from '../../src/snapshot/empty.ts';
import type {
  AccountFacts,
  Alarm,
  Bucket,
  EncryptionRule,
  FullAccessHolders,
  Json,
  JsonObject,
  Key,
  LifecycleRule,
  LogGroup,
  MetricFilter,
  OrganizationAccount,
  Part,
  PartName,
  Parts,
  PublicAccessBlock,
  Snapshot,
  Subscription,
  Trail,
  TrailSelectors,
  TrailStatus,
} from '../../src/snapshot/types.ts';
import { absent, read } from './parts.ts';

export { absent, denied, failed, read, throttled, unreachable, unsupported } from './parts.ts';

/*
 * Builders of snapshots for the tests of checks. Each takes a snapshot and gives a new one. Whatever is not said is
 * healthy: every check passes on `healthySnapshot()`, and a test changes the one thing it is about.
 */

export const ACCOUNT = '111111111111';
export const ARCHIVE = '222222222222';
export const MANAGEMENT = '333333333333';
export const REGION = 'us-east-1';
export const NOW = '2026-11-20T12:00:00.000Z';
export const BUCKET = 'acme-cloudtrail-logs';
export const TRAIL_ARN = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/audit`;
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1a2b3c4d-1111-2222-3333-444455556666`;
export const LOG_GROUP_ARN = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:cloudtrail`;
export const LOG_ROLE = 'cloudtrail-to-logs';
export const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:security-alerts`;

/** A value for a part, or the part itself. */
type Given<T> = T | Part<T>;
/** Members may be left out, or taken away by `undefined`. */
type Loose<T> = { [K in keyof T]?: T[K] | undefined };

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
  };
  return accounts.reduce<Snapshot>(
    (snapshot, account) => withAccount(snapshot, typeof account === 'string' ? { id: account } : account),
    empty,
  );
}

/** One account whose every check passes: trail, bucket in the archive account, key, log group, alarm, Config rules. */
export function healthySnapshot(): Snapshot {
  const accounts = emptySnapshot({ accounts: [ACCOUNT, { id: ARCHIVE, name: 'log-archive', inScope: false }] });
  return withConfigRules(withLogGroup(withKey(withBucket(withTrail(accounts)))));
}

/** Sets one part, whatever it is. */
export function withPart<Name extends PartName>(
  snapshot: Snapshot,
  name: Name,
  key: string,
  part: Snapshot[Name][string],
): Snapshot {
  return { ...snapshot, [name]: { ...snapshot[name], [key]: part } };
}

/** An account: regions, no trails, no holders of the full-access policy; `publicAccessBlock` at account level is absent. */
export function withAccount(
  snapshot: Snapshot,
  {
    id,
    regions = [REGION, 'eu-west-1'],
    fullAccess = { roles: {}, users: {}, groups: {}, policies: {} },
    publicAccessBlock = absent('NoSuchPublicAccessBlockConfiguration'),
    ...facts
  }: Loose<AccountFacts> & {
    id: string;
    regions?: Given<string[]>;
    fullAccess?: Given<FullAccessHolders>;
    publicAccessBlock?: Given<PublicAccessBlock>;
  },
): Snapshot {
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
    'account.regions': { ...snapshot['account.regions'], [id]: part(regions) },
    'account.trails': { ...snapshot['account.trails'], [id]: snapshot['account.trails'][id] ?? read([]) },
    'account.publicAccessBlock': { ...snapshot['account.publicAccessBlock'], [id]: part(publicAccessBlock) },
    'iam.fullAccess': { ...snapshot['iam.fullAccess'], [id]: part(fullAccess) },
  };
}

/**
 * A trail that logs, in all regions, all management events and all S3 writes, encrypted, validated, with CloudWatch
 * Logs, lately delivered. Visible in its owner, and in every account in scope if it is an organization trail; `visibleIn`
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
    tags = {},
    visibleIn,
    ...members
  }: Loose<Trail> & {
    name?: string;
    region?: string;
    status?: Given<Loose<TrailStatus>>;
    selectors?: Given<TrailSelectors>;
    regionalStatus?: Parts<TrailStatus>;
    tags?: Given<{ [key: string]: string }>;
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
  };
  const role = trail.CloudWatchLogsRoleArn?.split('/').at(-1);
  return role === undefined ? next : withRole(next, { account: owner, name: role });
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
      StartLoggingTime: hoursBefore(now, 24 * 90),
      ...status.value,
    }),
  );
}

/** ISO time so many hours before another. */
export function hoursBefore(time: string, hours: number): string {
  return new Date(Date.parse(time) - hours * 3_600_000).toISOString();
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
 * The log bucket, in the archive account unless `owner` says otherwise: closed, versioned, locked for a year, with a
 * lifecycle, a policy that serves the trails already in the snapshot, and access logs going to `<name>-access`.
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
    tags?: Given<{ [key: string]: string }>;
  } = {},
): Snapshot {
  const name = given.name ?? BUCKET;
  const region = given.region ?? REGION;
  const owner = 'owner' in given ? given.owner : ARCHIVE;
  const everyAccountListed = given.everyAccountListed ?? true;
  const target = `${name}-access`;
  const bucket = (called: string): Part<Bucket> =>
    read(defined<Bucket>({ Name: called, region, owner, everyAccountListed }));
  const trails = Object.values(snapshot.trail).flatMap((trail) =>
    trail.state === 'read' && trail.value.S3BucketName === name ? [trail.value] : [],
  );
  const policy = part(given.policy ?? deliveryPolicy(snapshot, name, trails));
  const sse: { Rules: EncryptionRule[] } = {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
  };
  const parts: { [Name in PartName]?: Snapshot[Name] } = {
    bucket: { [name]: given.bucket ?? bucket(name), [target]: bucket(target) },
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
    'bucket.tags': { [name]: part(given.tags ?? {}) },
  };
  return overlay(snapshot, parts);
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

/** An enabled customer managed key; its policy serves the trails already in the snapshot that name it. */
export function withKey(
  snapshot: Snapshot,
  {
    reference = KEY_ARN,
    key = {},
    policy,
  }: { reference?: string; key?: Given<Loose<Key>>; policy?: Given<JsonObject> } = {},
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

/** A log group with one filter for changes of trails, its alarm, and a topic with a confirmed e-mail subscriber. */
export function withLogGroup(
  snapshot: Snapshot,
  {
    arn = LOG_GROUP_ARN,
    group = {},
    filters = { 'cloudtrail-changes': TRAIL_CHANGES },
    alarms,
    muteRules = {},
    topic = TOPIC_ARN,
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
    subscriptions?: Given<Subscription[]>;
  } = {},
): Snapshot {
  const [, , , region = '', account = ''] = arn.split(':');
  const place = `${account}/${region}`;
  const wanted = part(group);
  const patterns = part(filters);
  const names = patterns.state === 'read' ? Object.keys(patterns.value) : [];
  return overlay(snapshot, {
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
    topic: {
      [topic]: read({ TopicArn: topic, Policy: topicPolicy(topic), owner: topic.split(':')[4] ?? '' }),
    },
    'topic.subscriptions': { [topic]: part(subscriptions) },
  });
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

function topicPolicy(topic: string): string {
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
            Resource: `${LOG_GROUP_ARN}:log-stream:*`,
          },
        ],
      },
    },
  }: { account?: string; name?: string; trust?: JsonObject; inline?: { [name: string]: JsonObject } } = {},
): Snapshot {
  return withPart(
    snapshot,
    'iam.role',
    `${account}/${name}`,
    read({
      RoleName: name,
      Arn: `arn:${snapshot.partition}:iam::${account}:role/${name}`,
      AssumeRolePolicyDocument: JSON.stringify(trust),
      inline: Object.fromEntries(Object.entries(inline).map(([key, document]) => [key, JSON.stringify(document)])),
    }),
  );
}

/** An organization with all features and CloudTrail trusted; members are ACTIVE, long joined, and have the service role. */
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
    .reduce((all, { Id }) => withRole(all, { account: Id, name: 'AWSServiceRoleForCloudTrail', inline: {} }), next);
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
    recorder = { recording: true },
  }: {
    account?: string;
    region?: string;
    identifiers?: readonly string[];
    recorder?: Given<{ recording: boolean }>;
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
  return overlay(snapshot, {
    'config.rules': { [`${account}/${region}`]: read(Object.fromEntries(rules)) },
    'config.recorder': { [`${account}/${region}`]: part(recorder) },
  });
}

function overlay(snapshot: Snapshot, parts: { [Name in PartName]?: Snapshot[Name] }): Snapshot {
  const merged = Object.entries(parts).map(([name, more]) => [name, { ...snapshot[name as PartName], ...more }]);
  return { ...snapshot, ...Object.fromEntries(merged) };
}

function inScope(snapshot: Snapshot): string[] {
  return Object.values(snapshot.accounts).flatMap((account) => (account.inScope ? [account.id] : []));
}

const STATES = ['read', 'absent', 'denied', 'unreachable', 'throttled', 'unsupported', 'error'];

function part<T>(given: Given<T>): Part<T> {
  const isPart =
    typeof given === 'object' && given !== null && 'state' in given && STATES.includes(String(given.state));
  return isPart ? (given as Part<T>) : read(given as T);
}

/** Takes out members that are `undefined`. */
function defined<T>(value: Loose<T>): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
