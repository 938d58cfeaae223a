import type { Snapshot, Trail } from '../snapshot/types.ts';
import { allowDelivery } from './changes/allow-delivery.ts';
import { policyToEdit, putBucketPolicy } from './changes/put-policy.ts';
import { type Destination, placeOf, redirectTrail } from './changes/redirect-trail.ts';
import { partOf } from './check.ts';
import { DELIVERY_NEEDS, deliveryObstacles } from './delivery.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import { writers } from './evaluators/policy/writers.ts';
import { keyObstacles } from './key-delivery.ts';
import type { Change, Planned } from './plan.ts';

/** The parts that say whether a trail can deliver to a bucket it does not use yet. */
export const DESTINATION_NEEDS = [
  ...DELIVERY_NEEDS,
  'bucket.requestPayment',
  'bucket.logging',
  'bucket.encryption',
  'key',
  'key.policy',
] as const;

export type DestinationSnapshot = Pick<Snapshot, (typeof DESTINATION_NEEDS)[number] | 'partition'>;

/** Where trails may deliver, as it is declared; an empty list allows everything. */
export interface Declared {
  /** Names, or ARNs where the partition matters. */
  buckets: readonly string[];
  /** An empty text stands for no prefix. */
  prefixes: readonly string[];
}

/** The bucket's name where what is declared lies in this partition. */
export function bucketNamed(declared: string, partition: string): string | undefined {
  if (!declared.startsWith('arn:')) return declared;
  const [, there, service, , , name] = declared.split(':');
  return there === partition && service === 's3' ? name : undefined;
}

/** `logs/` and `logs` are one prefix. */
export function plainPrefix(prefix: string | undefined): string {
  return (prefix ?? '').replace(/^\/+|\/+$/g, '');
}

/** What makes the trail deliver to its destination: the policy first where it has to admit the trail; or why not. */
export function redirect(
  snapshot: DestinationSnapshot,
  trail: Trail,
  to: Destination,
): { changes: Change[]; warnings: string[] } | Extract<Planned, { kind: 'blocked' }> {
  const blocked = (by: string, reason: string) => ({ kind: 'blocked' as const, by, reason });
  const bucket = partOf(snapshot.bucket, to.bucket);
  if (bucket.state !== 'read' || bucket.value.owner === undefined) {
    // Of the buckets that no trail uses only the archive is read.
    const reason = `The bucket ${to.bucket} was not found in the estate: declare it as the archive, with its account.`;
    return blocked('bucket/exists', reason);
  }
  const { region, owner } = bucket.value;
  const logs = accessLogsIn(snapshot, trail, to.bucket);
  if (logs !== undefined) return blocked('trail/expected-destination', logs);
  const { S3KeyPrefix: _, ...rest } = trail;
  const moved: Trail = { ...rest, S3BucketName: to.bucket, ...(to.prefix === '' ? {} : { S3KeyPrefix: to.prefix }) };
  const key = keyObstacle(snapshot, moved, region);
  if (key !== undefined) return blocked(key.by, key.reason);
  const payment = partOf(snapshot['bucket.requestPayment'], to.bucket);
  if (payment.state !== 'read' || payment.value.Payer === 'Requester') {
    return blocked('bucket/delivery-policy', `Who pays for requests to ${to.bucket} is not its owner, or not known.`);
  }
  const before = partOf(snapshot['bucket.policy'], to.bucket);
  const start = policyToEdit(before);
  if ('problem' in start) return blocked('bucket/delivery-policy', `${to.bucket}: ${start.problem}`);
  const changes: Change[] = [];
  if (deliveryObstacles(start.policy, [moved], snapshot).length > 0) {
    const edit = allowDelivery(start.policy, [moved], snapshot);
    if ('problem' in edit) return blocked('bucket/delivery-policy', `${to.bucket} does not take it. ${edit.problem}`);
    changes.push(
      putBucketPolicy({ ...bucket.value, owner }, snapshot.partition, before, edit.document, {
        summary: `Let ${trail.Name} deliver to ${placeOf(to)}; every statement of the policy stays.`,
        undo: 'Put the saved bucket policy back.',
      }),
    );
  }
  const old = partOf(snapshot.bucket, trail.S3BucketName);
  const from = old.state === 'read' ? old.value.region : trail.HomeRegion;
  const warnings = [
    `What was delivered stays in ${trail.S3BucketName}; whoever reads logs there finds no new ones.`,
    ...(from === region ? [] : [`The logs leave ${from}: ${to.bucket} lies in ${region}.`]),
  ];
  return { changes: [...changes, redirectTrail(trail, to)], warnings };
}

/** Why the bucket may not take a trail: access logs come into it, or that cannot be told. Half of them would be its own. */
function accessLogsIn(snapshot: DestinationSnapshot, trail: Trail, bucket: string): string | undefined {
  for (const source of new Set([trail.S3BucketName, bucket, ...Object.keys(snapshot['bucket.logging'])])) {
    const logging = partOf(snapshot['bucket.logging'], source);
    if (logging.state === 'read' && logging.value.TargetBucket === bucket) {
      return `${bucket} receives the access logs of ${source}; a trail there would be logged and log itself.`;
    }
    const gone = partOf(snapshot.bucket, source);
    const foreign = gone.state === 'absent' || (gone.state === 'read' && gone.value.owner === undefined);
    if (logging.state !== 'read' && logging.state !== 'absent' && !foreign) {
      return `Whether the access logs of ${source} go to ${bucket} could not be read.`;
    }
  }
  const text = partOf(snapshot['bucket.policy'], bucket);
  const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
  if (policy === undefined || isPolicyError(policy)) return undefined;
  const arn = `arn:${snapshot.partition}:s3:::${bucket}`;
  return writers(policy, arn).some(({ principal }) => principal === 'logging.s3.amazonaws.com')
    ? `The policy of ${bucket} lets S3 write access logs there; a trail needs a bucket of its own.`
    : undefined;
}

/** CloudTrail takes a key of the bucket's region only, and UpdateTrail asks its policy again. */
function keyObstacle(
  snapshot: DestinationSnapshot,
  moved: Trail,
  region: string,
): { by: string; reason: string } | undefined {
  const { KmsKeyId = '' } = moved;
  if (KmsKeyId === '') return undefined;
  const key = partOf(snapshot.key, KmsKeyId);
  const text = partOf(snapshot['key.policy'], KmsKeyId);
  if (key.state !== 'read') return { by: 'key/usable', reason: `The key ${KmsKeyId} could not be read.` };
  if (key.value.region !== region) {
    const reason = `The key of the trail lies in ${key.value.region} and ${moved.S3BucketName} in ${region}; give the trail a key of ${region} or another bucket.`;
    return { by: 'trail/kms-encryption', reason };
  }
  const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
  if (policy === undefined || isPolicyError(policy)) {
    return { by: 'key/delivery-policy', reason: `The policy of ${KmsKeyId} could not be read.` };
  }
  const [hindered] = keyObstacles(policy, key.value.Arn, [moved], snapshot);
  if (hindered === undefined) return undefined;
  const why = hindered.obstacles[0]?.text ?? '';
  return { by: 'key/delivery-policy', reason: `The key of the trail does not serve ${moved.S3BucketName}: ${why}.` };
}
