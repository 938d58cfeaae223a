import type { Bucket, Key, PolicyText, Snapshot, Trail, Unreadable } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { DELIVERY_NEEDS, trailsAt } from './delivery.ts';
import { decide } from './evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import type { Identity } from './identities.ts';
import { logPatterns } from './log-objects.ts';
import { callerContext, type Power, powerOf } from './powers.ts';

export const LOG_ACCESS_NEEDS = [...DELIVERY_NEEDS, 'key', 'key.policy'] as const;

export type LogAccessSnapshot = Pick<Snapshot, (typeof LOG_ACCESS_NEEDS)[number] | 'partition'>;

/** Calls that read log files, that delete them, and that take the protection of the bucket away. */
const READS = ['s3:GetObject', 's3:GetObjectVersion'];
const DELETES = ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'];
const UNPROTECTS = [
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketPolicy',
  's3:PutBucketAcl',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketVersioning',
  's3:PutBucketObjectLockConfiguration',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
];

/** The log buckets that an account owns, each with the trails that deliver into it. */
export function logBucketsOf(
  snapshot: LogAccessSnapshot,
  account: string,
): { buckets: { bucket: Bucket; trails: Trail[] }[]; unknown: Unreadable | undefined } {
  const trails = trailsAt(snapshot, Object.keys(snapshot.trail));
  const buckets: { bucket: Bucket; trails: Trail[] }[] = [];
  let unknown: Unreadable | undefined;
  for (const name of new Set(trails.map(({ S3BucketName }) => S3BucketName))) {
    const part = partOf(snapshot.bucket, name);
    const users = trails.filter(({ S3BucketName }) => S3BucketName === name);
    if (part.state === 'read' && part.value.owner === account) buckets.push({ bucket: part.value, trails: users });
    // A bucket of which nothing is known is most likely that of a trail's own account.
    if (part.state !== 'read' && part.state !== 'absent' && users.some(({ owner }) => owner === account))
      unknown = part;
  }
  return { buckets, unknown };
}

/** What an identity may do with the logs of one bucket. `locked`: it may fetch them, but the key does not serve it. */
export interface LogAccess {
  reads: Power | undefined;
  writes: Power | undefined;
  locked: boolean;
  doubt: Unreadable | undefined;
}

/** Judges one identity of the account that owns the bucket; the bucket's own policy can take away what IAM gives. */
export function logAccessOf(
  snapshot: LogAccessSnapshot,
  identity: Identity,
  { bucket, trails }: { bucket: Bucket; trails: Trail[] },
  ignoreAdministrators: boolean,
): LogAccess {
  const arn = `arn:${snapshot.partition}:s3:::${bucket.Name}`;
  const objects = logPatterns(trails, snapshot).map((pattern) => `${arn}/${pattern}`);
  const policy = partOf(snapshot['bucket.policy'], bucket.Name);
  const on = (actions: readonly string[], resources: readonly string[]) =>
    actions
      .flatMap((action) => resources.map((resource) => ({ action, resource })))
      .filter(({ action, resource }) => policy.state !== 'read' || !isDenied(policy.value, identity, action, resource));
  // A statement on some of the log files lets those be read or deleted.
  const question = { part: true, ignoreAdministrators };
  const reads = powerOf(identity, { asked: on(READS, objects), ...question });
  const writes = powerOf(identity, { asked: [...on(DELETES, objects), ...on(UNPROTECTS, [arn])], ...question });
  const doubt =
    policy.state === 'read' || policy.state === 'absent' || (reads ?? writes) === undefined ? undefined : policy;
  if (reads === undefined) return { reads, writes, locked: false, doubt };
  const keys = trails.map((trail) => decrypts(snapshot, identity, trail));
  if (keys.includes('yes')) return { reads, writes, locked: false, doubt };
  const unread = keys.find((it) => typeof it === 'object');
  return unread === undefined
    ? { reads: undefined, writes, locked: true, doubt: writes === undefined ? undefined : doubt }
    : { reads, writes, locked: false, doubt: doubt ?? unread };
}

function isDenied({ text }: PolicyText, { principal }: Identity, action: string, resource: string): boolean {
  const parsed = parsePolicy(text);
  if (isPolicyError(parsed)) return false;
  const request = { principal: { aws: principal.arn }, action, resource, context: callerContext(principal) };
  return decide(parsed, request).effect === 'deny';
}

/** May the identity decrypt what this trail delivers? Needs both the key's policy and, unless that names it, IAM. */
function decrypts(
  snapshot: LogAccessSnapshot,
  identity: Identity,
  { KmsKeyId: reference }: Trail,
): 'yes' | 'no' | Unreadable {
  if (reference === undefined || reference === '') return 'yes';
  const key = partOf(snapshot.key, reference);
  if (key.state === 'absent') return 'no';
  if (key.state !== 'read') return key;
  const text = partOf(snapshot['key.policy'], reference);
  if (text.state === 'absent') return 'no';
  if (text.state !== 'read') return text;
  const parsed = parsePolicy(text.value.text);
  if (isPolicyError(parsed)) return 'yes';
  const { principal } = identity;
  const request = {
    principal: { aws: principal.arn },
    action: 'kms:Decrypt',
    resource: key.value.Arn,
    context: callerContext(principal),
  };
  const { effect, statements } = decide(parsed, request);
  if (effect === 'deny' || effect === 'implicit') return 'no';
  const named = statements.some((index) =>
    parsed.statements[index]?.principal?.values.some(({ id }) => id === principal.arn || id === '*'),
  );
  if (named && key.value.AWSAccountId === principal.arn.split(':')[4]) return 'yes';
  return mayDecrypt(identity, key.value) ? 'yes' : 'no';
}

function mayDecrypt(identity: Identity, { Arn }: Key): boolean {
  const asked = [{ action: 'kms:Decrypt', resource: Arn }];
  return powerOf(identity, { asked, ignoreAdministrators: false }) !== undefined;
}
