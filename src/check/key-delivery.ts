import type { Part, Snapshot, Trail } from '../snapshot/types.ts';
import { usesBucketKey } from './bucket.ts';
import { partOf } from './check.ts';
import { cloudTrailContext } from './evaluators/policy/contexts.ts';
import type { PolicyDocument } from './evaluators/policy/types.ts';
import { organizationIdOf } from './organization.ts';
import { askPolicy, type Obstacle, type TrailObstacles } from './service-access.ts';

export type KeyDeliverySnapshot = Pick<
  Snapshot,
  'partition' | 'organization' | 'organization.accounts' | 'bucket.encryption'
>;

/** Of the actions that `kms:GenerateDataKey*` stands for, those that encrypting an object takes. */
const ENCRYPT = ['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'];

/** What keeps CloudTrail from encrypting with the key; trails that nothing stands in the way of are left out. */
export function keyObstacles(
  policy: PolicyDocument | undefined,
  keyArn: string,
  trails: readonly Trail[],
  snapshot: KeyDeliverySnapshot,
): TrailObstacles[] {
  return trails.flatMap((trail) => {
    const ask = (action: string, what: string) => askPolicy(policy, request(trail, keyArn, action, snapshot), what);
    const encrypt = ENCRYPT.map((action) => ask(action, 'kms:GenerateDataKey*')).find((it) => it !== undefined);
    const decrypt = ask('kms:Decrypt', 'kms:Decrypt, which an S3 Bucket Key asks for,');
    const obstacles: Obstacle[] = encrypt === undefined ? [] : [encrypt];
    if (decrypt !== undefined) {
      if (usesBucketKey(snapshot, trail.S3BucketName)) obstacles.push(decrypt);
      else if (unreadEncryption(snapshot, trail) !== undefined) {
        obstacles.push({ kind: 'unclear', text: 'whether the bucket uses an S3 Bucket Key is not known' });
      }
    }
    return obstacles.length === 0 ? [] : [{ trail: trail.TrailARN, obstacles }];
  });
}

/** Does the policy let CloudTrail describe the key for every one of these trails? */
export function mayDescribe(
  policy: PolicyDocument,
  keyArn: string,
  trails: readonly Trail[],
  snapshot: KeyDeliverySnapshot,
): boolean {
  return trails.every((trail) => {
    const { context, ...rest } = request(trail, keyArn, 'kms:DescribeKey', snapshot);
    // Describing a key encrypts nothing, so there is no encryption context.
    const plain = { ...context, 'kms:encryptioncontext:aws:cloudtrail:arn': [] };
    return askPolicy(policy, { ...rest, context: plain }, 'kms:DescribeKey') === undefined;
  });
}

/** Why it is not known how the trail's bucket encrypts; undefined where it is. */
export function unreadEncryption(
  snapshot: Pick<Snapshot, 'bucket.encryption'>,
  trail: Trail,
): Exclude<Part<never>, { state: 'read' | 'absent' }> | undefined {
  const part = partOf(snapshot['bucket.encryption'], trail.S3BucketName);
  return part.state === 'read' || part.state === 'absent' ? undefined : part;
}

function request(trail: Trail, keyArn: string, action: string, snapshot: KeyDeliverySnapshot) {
  return {
    principal: { service: 'cloudtrail.amazonaws.com' },
    action,
    resource: keyArn,
    context: {
      ...cloudTrailContext({
        trailArn: trail.TrailARN,
        accountId: trail.owner,
        organizationId: organizationIdOf(snapshot, trail.owner),
        encryption: { keyArn },
      }),
      // Statements for callers of one account are not meant for a service.
      'kms:calleraccount': [],
    },
  };
}
