import type { Snapshot, Trail } from '../snapshot/types.ts';
import { cloudTrailContext, serviceContext } from './evaluators/policy/contexts.ts';
import { deliveryPaths } from './evaluators/policy/statements.ts';
import type { PolicyDocument } from './evaluators/policy/types.ts';
import { organizationIdOf } from './organization.ts';
import { askPolicy, type Obstacle, type TrailObstacles } from './service-access.ts';

/** The parts that say whether a trail may deliver into its bucket. */
export const DELIVERY_NEEDS = ['trail', 'bucket', 'bucket.policy', 'organization', 'organization.accounts'] as const;

export type DeliverySnapshot = Pick<Snapshot, 'partition' | 'trail' | 'organization' | 'organization.accounts'>;

const SERVICE = 'cloudtrail.amazonaws.com';

/** The trails behind these ARNs, as far as they were read. */
export function trailsAt(snapshot: Pick<Snapshot, 'trail'>, arns: readonly string[]): Trail[] {
  return arns.flatMap((arn) => {
    const part = snapshot.trail[arn];
    return part?.state === 'read' ? [part.value] : [];
  });
}

/** What keeps trails from delivering under a bucket policy; trails that nothing stands in the way of are left out. */
export function deliveryObstacles(
  policy: PolicyDocument | undefined,
  trails: readonly Trail[],
  snapshot: DeliverySnapshot,
): TrailObstacles[] {
  return trails.flatMap((trail) => {
    const obstacles = obstaclesOf(policy, trail, snapshot);
    return obstacles.length === 0 ? [] : [{ trail: trail.TrailARN, obstacles }];
  });
}

/** The id an organization trail writes under; the owner of such a trail is always the management account. */
export function organizationOf(snapshot: DeliverySnapshot, trail: Trail): string | undefined {
  return trail.IsOrganizationTrail ? (organizationIdOf(snapshot, trail.owner) ?? undefined) : undefined;
}

function obstaclesOf(policy: PolicyDocument | undefined, trail: Trail, snapshot: DeliverySnapshot): Obstacle[] {
  const bucket = `arn:${snapshot.partition}:s3:::${trail.S3BucketName}`;
  const organizationId = organizationIdOf(snapshot, trail.owner);
  if (trail.IsOrganizationTrail && typeof organizationId !== 'string') {
    return [{ kind: 'unclear', text: 'the id of the organization, under which it writes, is not known' }];
  }
  const principal = { service: SERVICE };
  const caller = { trailArn: trail.TrailARN, accountId: trail.owner, organizationId };
  const acl = askPolicy(
    policy,
    {
      principal,
      action: 's3:GetBucketAcl',
      resource: bucket,
      context: {
        ...serviceContext({
          service: SERVICE,
          sourceArn: trail.TrailARN,
          sourceAccount: trail.owner,
          organizationId,
        }),
        // Headers of an upload; a question about the ACL carries none.
        's3:x-amz-acl': [],
        's3:x-amz-server-side-encryption': [],
        's3:x-amz-server-side-encryption-aws-kms-key-id': [],
      },
    },
    'reading the ACL of the bucket',
  );
  const paths = deliveryPaths({
    prefix: trail.S3KeyPrefix,
    accountId: trail.owner,
    organizationId: organizationOf(snapshot, trail),
  });
  const writes = paths.flatMap((path, index) => {
    // Below the organization's id there is a folder for every member.
    const [folder, sample] = index === 0 ? [path, path] : [`${path}/*`, `${path}/${trail.owner}`];
    const put = (kind: 'CloudTrail' | 'CloudTrail-Digest', what: string, encryption: 'AES256' | { keyArn: string }) =>
      askPolicy(
        policy,
        {
          principal,
          action: 's3:PutObject',
          resource: `${bucket}/${folder}/${kind}/*.json.gz`,
          context: cloudTrailContext({ ...caller, encryption }),
        },
        `writing ${what} to ${path}`,
        `${bucket}/${sample}/${kind}/${trail.HomeRegion}/2026/01/01/${trail.owner}.json.gz`,
      );
    const key = trail.KmsKeyId;
    return [
      put('CloudTrail', 'log files', key === undefined || key === '' ? 'AES256' : { keyArn: key }),
      // Digests were always encrypted by S3 itself, and in older setups still are, whatever key the trail has.
      ...(trail.LogFileValidationEnabled ? [put('CloudTrail-Digest', 'digest files', 'AES256')] : []),
    ];
  });
  return [acl, ...writes].flatMap((obstacle) => obstacle ?? []);
}

/**
 * The folders into which trails write, each with the folder of all logs above it: `{base: 'AWSLogs/', folder:
 * 'AWSLogs/1/'}`. Where the id of the organization is not known, an organization trail is taken to use all of the base.
 */
export function logFolders(trails: readonly Trail[], snapshot: DeliverySnapshot): { base: string; folder: string }[] {
  const folders = trails.flatMap((trail) => {
    const prefix = trail.S3KeyPrefix ?? '';
    const base = prefix === '' ? 'AWSLogs/' : `${prefix}/AWSLogs/`;
    const organization = organizationOf(snapshot, trail);
    if (trail.IsOrganizationTrail && organization === undefined) return [{ base, folder: base }];
    const ids = [trail.owner, ...(organization === undefined ? [] : [organization])];
    return ids.map((id) => ({ base, folder: `${base}${id}/` }));
  });
  return [...new Map(folders.map((it) => [it.folder, it])).values()];
}
