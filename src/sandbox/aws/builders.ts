/** Builders for estates: each makes one thing with sensible defaults, puts it where it belongs and returns it. */
import { randomBytes } from 'node:crypto';
import { arn } from './arn.ts';
import { isRecord } from './input.ts';
import { regionOf } from './region.ts';
import { DEFAULT_REGIONS } from './services/account.ts';
import type {
  Account,
  Alarm,
  Bucket,
  Credential,
  Estate,
  Group,
  Json,
  Key,
  LogGroup,
  MetricFilter,
  Organization,
  PolicyDocument,
  PolicyStatement,
  Role,
  Topic,
  Trail,
  User,
} from './types.ts';

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
const HOUR = 3_600_000;

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

export function policy(...statements: PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(action: string | string[], resource: string | string[] = '*'): PolicyStatement {
  return { Effect: 'Allow', Action: action, Resource: resource };
}

export function deny(action: string | string[], resource: string | string[] = '*'): PolicyStatement {
  return { Effect: 'Deny', Action: action, Resource: resource };
}

/** Trust in an account's IAM policies, or in the principals named. */
export function trust(principals: string | string[], condition?: PolicyStatement['Condition']): PolicyDocument {
  const statement: PolicyStatement = {
    Effect: 'Allow',
    Principal: { AWS: principals },
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
  };
  return policy(condition ? { ...statement, Condition: condition } : statement);
}

interface EntityOptions {
  path?: string;
  inline?: Record<string, PolicyDocument>;
  attached?: string[];
  boundary?: string;
}

function entity(prefix: string, name: string, wanted: EntityOptions) {
  return {
    name,
    path: wanted.path ?? '/',
    id: uniqueId(prefix, 21),
    createdAt: new Date('2024-03-01T09:00:00Z'),
    inline: new Map(Object.entries(wanted.inline ?? {})),
    attached: new Set(wanted.attached ?? []),
    boundary: wanted.boundary,
  };
}

export function role(
  account: Account,
  name: string,
  wanted: EntityOptions & { trust?: PolicyDocument; tags?: Record<string, string> } = {},
): Role {
  const made: Role = {
    ...entity('AROA', name, wanted),
    trust: wanted.trust ?? policy(),
    lastUsedAt: undefined,
    tags: wanted.tags ?? {},
  };
  account.roles.set(name, made);
  return made;
}

/** The role by which a service acts in an account. */
export function serviceLinkedRole(account: Account, service: string, name: string): Role {
  return role(account, name, {
    path: `/aws-service-role/${service}/`,
    trust: policy({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }),
  });
}

export function user(account: Account, name: string, wanted: EntityOptions = {}): User {
  const made: User = entity('AIDA', name, wanted);
  account.users.set(name, made);
  return made;
}

export function group(account: Account, name: string, members: string[], wanted: EntityOptions = {}): Group {
  const { boundary: _none, ...common } = entity('AGPA', name, wanted);
  const made: Group = { ...common, members: new Set(members) };
  account.groups.set(name, made);
  return made;
}

/** A long-term access key of a user, or of the account root. */
export function accessKey(
  estate: Estate,
  account: Account,
  holder: User | 'root',
  key: { accessKeyId?: string; secretAccessKey?: string } = {},
): Credential {
  const made: Credential = {
    accessKeyId: key.accessKeyId ?? uniqueId('AKIA', 20),
    secretAccessKey: key.secretAccessKey ?? randomBytes(30).toString('base64'),
    sessionToken: undefined,
    accountId: account.id,
    principal: holder === 'root' ? { kind: 'root' } : { kind: 'user', name: holder.name },
    arn: arn(estate, 'iam', '', account.id, holder === 'root' ? 'root' : `user${holder.path}${holder.name}`),
    sessionName: undefined,
    sessionPolicies: [],
    sourceIdentity: undefined,
    sessionTags: {},
    expiresAt: undefined,
  };
  estate.credentials.set(made.accessKeyId, made);
  return made;
}

/** A multi-region trail that logs all management events with validation, started a month ago. */
export function trail(
  estate: Estate,
  account: Account,
  wanted: Pick<Trail, 'name' | 'bucket'> & Partial<Trail>,
): Trail {
  const homeRegion = wanted.homeRegion ?? 'us-east-1';
  const monthAgo = new Date(estate.now().getTime() - 30 * 24 * HOUR);
  const made: Trail = {
    arn: arn(estate, 'cloudtrail', homeRegion, account.id, `trail/${wanted.name}`),
    homeRegion,
    prefix: undefined,
    topicArn: undefined,
    multiRegion: true,
    globalEvents: true,
    validation: true,
    organization: false,
    kmsKeyId: undefined,
    logGroupArn: undefined,
    logRoleArn: undefined,
    eventSelectors: undefined,
    advancedEventSelectors: undefined,
    insightSelectors: [],
    logging: true,
    createdAt: monthAgo,
    startedAt: monthAgo,
    stoppedAt: undefined,
    tags: {},
    deliveryErrors: new Map(),
    lastDelivery: new Map(),
    ...wanted,
  };
  regionOf(account, homeRegion).trails.set(made.name, made);
  return made;
}

const BLOCKED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

/** A private bucket as S3 makes them since 2023: public access blocked, ACLs off, SSE-S3. */
export function bucket(estate: Estate, owner: Account, name: string, wanted: Partial<Bucket> = {}): Bucket {
  const made: Bucket = {
    name,
    owner: owner.id,
    region: 'us-east-1',
    createdAt: new Date('2024-03-01T09:00:00Z'),
    policy: undefined,
    publicAccessBlock: { ...BLOCKED },
    versioning: undefined,
    mfaDelete: undefined,
    logging: undefined,
    lifecycle: undefined,
    encryption: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
    },
    ownership: 'BucketOwnerEnforced',
    objectLock: undefined,
    payer: 'BucketOwner',
    website: undefined,
    tags: {},
    ...wanted,
  };
  estate.buckets.set(name, made);
  return made;
}

/** The two statements that let a trail deliver, bound to it by aws:SourceArn; `paths` end in `/*`. */
export function deliveryStatements(bucketName: string, trailArn: string, paths: string[]): PolicyStatement[] {
  const source = { 'aws:SourceArn': trailArn };
  return [
    {
      Sid: 'AWSCloudTrailAclCheck',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:GetBucketAcl',
      Resource: `arn:aws:s3:::${bucketName}`,
      Condition: { StringEquals: source },
    },
    {
      Sid: 'AWSCloudTrailWrite',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: paths.map((path) => `arn:aws:s3:::${bucketName}/${path}`),
      Condition: { StringEquals: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
  ];
}

/** A symmetric customer key that its account's IAM policies decide about. */
export function key(estate: Estate, account: Account, region: string, id: string, wanted: Partial<Key> = {}): Key {
  const made: Key = {
    id,
    arn: arn(estate, 'kms', region, account.id, `key/${id}`),
    state: 'Enabled',
    manager: 'CUSTOMER',
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    multiRegion: false,
    rotation: true,
    deletionDate: undefined,
    createdAt: new Date('2024-03-01T09:00:00Z'),
    policy: policy({
      Sid: 'Enable IAM policies',
      Effect: 'Allow',
      Principal: { AWS: arn(estate, 'iam', '', account.id, 'root') },
      Action: 'kms:*',
      Resource: '*',
    }),
    tags: {},
    ...wanted,
  };
  regionOf(account, region).keys.set(id, made);
  return made;
}

export function logGroup(
  estate: Estate,
  account: Account,
  region: string,
  name: string,
  wanted: Partial<LogGroup> = {},
): LogGroup {
  const made: LogGroup = {
    name,
    arn: arn(estate, 'logs', region, account.id, `log-group:${name}`),
    class: 'STANDARD',
    retentionInDays: 365,
    kmsKeyId: undefined,
    createdAt: new Date('2024-03-01T09:00:00Z'),
    filters: new Map(),
    tags: {},
    ...wanted,
  };
  regionOf(account, region).logGroups.set(name, made);
  return made;
}

/** A filter that counts what matches into one metric. */
export function metricFilter(
  group: LogGroup,
  name: string,
  pattern: string,
  metric: { name: string; namespace: string },
): MetricFilter {
  const made: MetricFilter = {
    filterName: name,
    filterPattern: pattern,
    metricTransformations: [{ metricName: metric.name, metricNamespace: metric.namespace, metricValue: '1' }],
    creationTime: group.createdAt.getTime(),
  };
  group.filters.set(name, made);
  return made;
}

/** A metric alarm on one sum over five minutes; `members` are API members that differ. */
export function alarm(
  estate: Estate,
  account: Account,
  region: string,
  name: string,
  members: Record<string, Json>,
): Alarm {
  const alarmArn = arn(estate, 'cloudwatch', region, account.id, `alarm:${name}`);
  const made: Alarm = {
    name,
    arn: alarmArn,
    kind: 'metric',
    members: {
      ActionsEnabled: true,
      OKActions: [],
      AlarmActions: [],
      InsufficientDataActions: [],
      Statistic: 'Sum',
      Dimensions: [],
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      StateValue: 'OK',
      ...members,
      AlarmName: name,
      AlarmArn: alarmArn,
    },
  };
  regionOf(account, region).alarms.set(name, made);
  return made;
}

/** A topic that its own account may do everything with. */
export function topic(
  estate: Estate,
  account: Account,
  region: string,
  name: string,
  wanted: Partial<Topic> = {},
): Topic {
  const topicArn = arn(estate, 'sns', region, account.id, name);
  const made: Topic = {
    name,
    arn: topicArn,
    policy: {
      Version: '2008-10-17',
      Id: '__default_policy_ID',
      Statement: [
        {
          Sid: '__default_statement_ID',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: [
            'SNS:Publish',
            'SNS:Subscribe',
            'SNS:GetTopicAttributes',
            'SNS:SetTopicAttributes',
            'SNS:ListSubscriptionsByTopic',
            'SNS:AddPermission',
            'SNS:RemovePermission',
            'SNS:DeleteTopic',
          ],
          Resource: topicArn,
          Condition: { StringEquals: { 'AWS:SourceOwner': account.id } },
        },
      ],
    },
    kmsKeyId: undefined,
    subscriptions: [],
    tags: {},
    ...wanted,
  };
  regionOf(account, region).topics.set(name, made);
  return made;
}

/** A recorder that records everything in one region. */
export function recorder(account: Account, region: string): void {
  regionOf(account, region).recorders.set('default', { name: 'default', recording: true, allSupported: true });
}

/** An active rule of AWS's own. */
export function configRule(
  estate: Estate,
  account: Account,
  region: string,
  identifier: string,
  parameters?: Json,
): void {
  const name = identifier.toLowerCase().replaceAll('_', '-');
  const id = `config-rule-${uniqueId('', 6).toLowerCase()}`;
  regionOf(account, region).configRules.set(name, {
    name,
    arn: arn(estate, 'config', region, account.id, `config-rule/${id}`),
    id,
    state: 'ACTIVE',
    owner: 'AWS',
    identifier,
    members: {
      Source: { Owner: 'AWS', SourceIdentifier: identifier },
      ...(isRecord(parameters) ? { InputParameters: JSON.stringify(parameters) } : {}),
    },
    lastErrorCode: undefined,
    lastEvaluatedAt: new Date(estate.now().getTime() - HOUR),
  });
}

function uniqueId(prefix: string, length: number): string {
  return (
    prefix +
    randomBytes(length)
      .toString('hex')
      .slice(0, length - prefix.length)
      .toUpperCase()
  );
}
