import { topicsOf } from './alarm-topics.ts';
import { accountIn, logGroupKey, regionIn } from './arn.ts';
import type { Declared } from './declared.ts';
import type { OpenReading } from './reading.ts';
import type { Bucket, PartName, Trail } from './types.ts';

export interface Walk {
  reading: OpenReading;
  /** Names of the parts to read; a reader asks for what it needs besides. */
  wanted: ReadonlySet<PartName>;
}

/**
 * Goes through an estate from its accounts: their trails, and from each trail all that it uses. Nothing waits for
 * anything that it does not need; a thing reached twice is read once.
 */
export async function walkEstate(walk: Walk, declared: Declared, onAccount: () => void): Promise<void> {
  await Promise.all([
    ask(walk, 'organization', 'organization'),
    ask(walk, 'organization.accounts', 'organization'),
    ask(walk, 'organization.serviceAccess', 'organization'),
    ask(walk, 'organization.delegatedAdministrators', 'organization'),
    ask(walk, 'organization.policies', 'organization'),
    walkDeclared(walk, declared),
    ...walk.reading.around.scope.map((account) => walkAccount(walk, account).then(onAccount)),
  ]);
}

/** Asks for a part if it is wanted. */
async function ask({ reading, wanted }: Walk, name: PartName, key: string): Promise<void> {
  if (wanted.has(name)) await reading.part(name, key);
}

async function walkAccount(walk: Walk, account: string): Promise<void> {
  await Promise.all([
    ask(walk, 'account.regions', account),
    ask(walk, 'iam.fullAccess', account),
    ask(walk, 'iam.authorization', account),
    walkServiceRole(walk, account),
    walkTrails(walk, account),
    walkRegions(walk, account),
  ]);
}

const OF_REGION = [
  'config.recorder',
  'config.deliveryChannel',
  'securityHub.hub',
] as const satisfies readonly PartName[];

const OF_STORES = ['account.eventDataStores', 'eventDataStore'] as const satisfies readonly PartName[];

/** What is looked for in every enabled region, whether a trail lies there or not. */
async function walkRegions(walk: Walk, account: string): Promise<void> {
  if (![...OF_REGION, ...OF_STORES].some((part) => walk.wanted.has(part))) return;
  const regions = await walk.reading.part('account.regions', account);
  if (regions.state !== 'read') return;
  await Promise.all(
    regions.value.flatMap((region) => {
      const place = `${account}/${region}`;
      return [...OF_REGION.map((part) => ask(walk, part, place)), walkStores(walk, place)];
    }),
  );
}

async function walkStores(walk: Walk, place: string): Promise<void> {
  if (!OF_STORES.some((part) => walk.wanted.has(part))) return;
  const listing = await walk.reading.part('account.eventDataStores', place);
  if (listing.state !== 'read' || !walk.wanted.has('eventDataStore')) return;
  await Promise.all(listing.value.map((arn) => walkStore(walk, arn)));
}

/** A store with its key. Of a key that only stores use nobody asks whether it rotates. */
async function walkStore(walk: Walk, arn: string): Promise<void> {
  const store = await walk.reading.part('eventDataStore', arn);
  if (store.state === 'read' && store.value.KmsKeyId !== undefined) await walkKey(walk, store.value.KmsKeyId);
}

/** Without this role an organization trail cannot log in a member; the management account needs none. */
async function walkServiceRole(walk: Walk, account: string): Promise<void> {
  if (!walk.wanted.has('iam.role')) return;
  const organization = await walk.reading.part('organization', 'organization');
  if (organization.state !== 'read' || organization.value.MasterAccountId === account) return;
  await walk.reading.part('iam.role', `${account}/AWSServiceRoleForCloudTrail`);
}

async function walkTrails(walk: Walk, account: string): Promise<void> {
  const listing = await walk.reading.part('account.trails', account);
  if (listing.state !== 'read') return;
  await Promise.all(listing.value.map(({ TrailARN }) => walkTrail(walk, TrailARN)));
}

/** A trail and all that it uses, once, whatever number of accounts see it. */
export function walkTrail(walk: Walk, arn: string): Promise<void> {
  const place = { account: accountIn(arn), region: regionIn(arn) };
  return walk.reading.once(`walk ${arn}`, async () => {
    await Promise.all([
      ask(walk, 'trail.status', arn),
      ask(walk, 'trail.selectors', arn),
      ask(walk, 'trail.tags', arn),
      ask(walk, 'trail.insights', arn),
      ask(walk, 'trail.regionalStatus', arn),
      ask(walk, 'config.rules', `${place.account}/${place.region}`),
      ask(walk, 'config.recorder', `${place.account}/${place.region}`),
      walk.reading
        .part('trail', arn)
        .then((trail) => (trail.state === 'read' ? walkUses(walk, trail.value) : undefined)),
    ]);
  });
}

async function walkUses(walk: Walk, trail: Trail): Promise<void> {
  const { reading } = walk;
  const place = { account: trail.owner, region: trail.HomeRegion };
  reading.use(`bucket:${trail.S3BucketName}`, place);
  await Promise.all([
    walkBucket(walk, trail.S3BucketName),
    trail.KmsKeyId === undefined ? undefined : walkTrailKey(walk, trail, trail.KmsKeyId),
    trail.CloudWatchLogsLogGroupArn === undefined ? undefined : walkLogGroup(walk, trail.CloudWatchLogsLogGroupArn),
    trail.CloudWatchLogsRoleArn === undefined ? undefined : walkLogRole(walk, trail.CloudWatchLogsRoleArn),
    trail.SnsTopicARN === undefined ? undefined : walkTopic(walk, trail.SnsTopicARN),
  ]);
}

/** A key named by a bare id or alias is the one in the bucket's region. */
async function walkTrailKey(walk: Walk, trail: Trail, reference: string): Promise<void> {
  if (!reference.startsWith('arn:')) {
    const bucket = await walk.reading.part('bucket', trail.S3BucketName);
    const region = bucket.state === 'read' ? bucket.value.region : trail.HomeRegion;
    walk.reading.use(`key:${reference}`, { account: trail.owner, region });
  }
  await walkLogKey(walk, reference);
}

/** A key that trails are encrypted with, with all that is judged of it. */
async function walkLogKey(walk: Walk, reference: string): Promise<void> {
  await Promise.all([
    walkKey(walk, reference),
    ask(walk, 'key.rotation', reference),
    ask(walk, 'key.grants', reference),
  ]);
}

async function walkKey(walk: Walk, reference: string): Promise<void> {
  await Promise.all([
    ask(walk, 'key', reference),
    ask(walk, 'key.policy', reference),
    ask(walk, 'key.tags', reference),
  ]);
}

const OF_BUCKET = [
  'bucket.policy',
  'bucket.policyStatus',
  'bucket.publicAccessBlock',
  'bucket.logging',
  'bucket.versioning',
  'bucket.lifecycle',
  'bucket.encryption',
  'bucket.objectLock',
  'bucket.requestPayment',
  'bucket.website',
  'bucket.acl',
  'bucket.ownership',
  'bucket.replication',
  'bucket.tags',
] as const satisfies readonly PartName[];

async function walkBucket(walk: Walk, name: string): Promise<void> {
  if (![...walk.wanted].some((part) => part.startsWith('bucket') || part === 'account.publicAccessBlock')) return;
  const bucket = await walk.reading.part('bucket', name);
  if (bucket.state !== 'read' || bucket.value.owner === undefined) return;
  await Promise.all([
    ...OF_BUCKET.map((part) => ask(walk, part, name)),
    ask(walk, 'account.publicAccessBlock', bucket.value.owner),
    walkAccessLogs(walk, bucket.value),
    walkReplicas(walk, bucket.value),
    walkBucketKey(walk, bucket.value),
  ]);
}

/** Where access logs go: whether they can arrive there is part of the verdict on the bucket they come from. */
async function walkAccessLogs(walk: Walk, bucket: Bucket): Promise<void> {
  if (!walk.wanted.has('bucket.logging')) return;
  const logging = await walk.reading.part('bucket.logging', bucket.Name);
  if (logging.state !== 'read' || logging.value.TargetBucket === bucket.Name) return;
  if (bucket.owner !== undefined) {
    walk.reading.use(`bucket:${logging.value.TargetBucket}`, { account: bucket.owner, region: bucket.region });
  }
  await walkTarget(walk, logging.value.TargetBucket);
}

/** Where replicas go: in which region and account they lie is part of the verdict. */
async function walkReplicas(walk: Walk, bucket: Bucket): Promise<void> {
  if (!walk.wanted.has('bucket.replication')) return;
  const replication = await walk.reading.part('bucket.replication', bucket.Name);
  if (replication.state !== 'read') return;
  const names = replication.value.Rules.flatMap(({ Destination: to }) =>
    typeof to === 'object' && to !== null && !Array.isArray(to)
      ? String(to.Bucket ?? '').replace(/^arn:[^:]+:s3:::/, '')
      : [],
  );
  await Promise.all(
    [...new Set(names)].map((name) => {
      walk.reading.use(`bucket:${name}`, { account: bucket.owner ?? '', region: bucket.region });
      return ask(walk, 'bucket', name);
    }),
  );
}

/** The key that the bucket encrypts with by itself. */
async function walkBucketKey(walk: Walk, bucket: Bucket): Promise<void> {
  if (!walk.wanted.has('bucket.encryption') || !walk.wanted.has('key')) return;
  const encryption = await walk.reading.part('bucket.encryption', bucket.Name);
  const rules = encryption.state === 'read' ? encryption.value.Rules : [];
  for (const { ApplyServerSideEncryptionByDefault: sse } of rules) {
    const key = typeof sse === 'object' && sse !== null && !Array.isArray(sse) ? sse.KMSMasterKeyID : undefined;
    if (typeof key !== 'string' || key === '') continue;
    walk.reading.use(`key:${key}`, { account: bucket.owner ?? '', region: bucket.region });
    await walkKey(walk, key);
  }
}

async function walkTarget(walk: Walk, name: string): Promise<void> {
  await Promise.all([
    ask(walk, 'bucket', name),
    ask(walk, 'bucket.policy', name),
    ask(walk, 'bucket.objectLock', name),
    ask(walk, 'bucket.encryption', name),
  ]);
}

async function walkLogRole(walk: Walk, arn: string): Promise<void> {
  await ask(walk, 'iam.role', `${accountIn(arn)}/${arn.split('/').at(-1) ?? ''}`);
}

async function walkLogGroup(walk: Walk, arn: string): Promise<void> {
  const group = logGroupKey(arn);
  const place = `${accountIn(group)}/${regionIn(group)}`;
  await Promise.all([
    ask(walk, 'logGroup', group),
    ask(walk, 'logGroup.filters', group),
    ask(walk, 'logGroup.subscriptions', group),
    ask(walk, 'logGroup.tags', group),
    ask(walk, 'logs.resourcePolicies', place),
    ask(walk, 'oam.links', place),
    walkLogGroupKey(walk, group),
    ask(walk, 'alarms', place),
    ask(walk, 'alarm.muteRules', place),
    walkAlarmTopics(walk, group, place),
  ]);
}

async function walkLogGroupKey(walk: Walk, arn: string): Promise<void> {
  if (!walk.wanted.has('logGroup')) return;
  const group = await walk.reading.part('logGroup', arn);
  if (group.state === 'read' && group.value.kmsKeyId !== undefined) await walkKey(walk, group.value.kmsKeyId);
}

/** Topics that alarms on this group's metrics lead to. */
async function walkAlarmTopics(walk: Walk, group: string, place: string): Promise<void> {
  if (!walk.wanted.has('topic') && !walk.wanted.has('topic.subscriptions')) return;
  const [filters, alarms] = await Promise.all([
    walk.reading.part('logGroup.filters', group),
    walk.reading.part('alarms', place),
  ]);
  if (filters.state !== 'read' || alarms.state !== 'read') return;
  await Promise.all(topicsOf(filters.value, alarms.value).map((topic) => walkTopic(walk, topic)));
}

async function walkTopic(walk: Walk, arn: string): Promise<void> {
  await Promise.all([ask(walk, 'topic.subscriptions', arn), ask(walk, 'topic.tags', arn), walkTopicKey(walk, arn)]);
}

/** A topic whose key shuts out its publishers is as good as gone. */
async function walkTopicKey(walk: Walk, arn: string): Promise<void> {
  if (!walk.wanted.has('topic')) return;
  const topic = await walk.reading.part('topic', arn);
  if (topic.state !== 'read' || topic.value.KmsMasterKeyId === undefined) return;
  await walkKey(walk, topic.value.KmsMasterKeyId);
}

async function walkDeclared(walk: Walk, { buckets, targets, keys, topics }: Declared): Promise<void> {
  await Promise.all([
    ...buckets.map(({ name }) => walkBucket(walk, name)),
    ...targets.map((name) => walkTarget(walk, name)),
    ...keys.map((key) => walkLogKey(walk, key)),
    ...topics.map((topic) => walkTopic(walk, topic)),
  ]);
}
