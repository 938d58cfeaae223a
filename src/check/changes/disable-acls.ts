import type { BucketGrant, JsonObject, Part } from '../../snapshot/types.ts';
import type { OwnedBucket } from '../bucket.ts';
import type { Change } from '../plan.ts';

/** What GetBucketAcl says: the owner's canonical id, and who may do what. */
export interface BucketAcl {
  OwnerId: string;
  Grants: BucketGrant[];
}

/** s3:PutBucketAcl private. Undo puts the grants back as they were read, unless S3 would refuse them. */
export function makeAclPrivate(bucket: OwnedBucket, partition: string, acl: BucketAcl, restorable: boolean): Change {
  const call = { ...callOn(bucket, partition), operation: 's3:PutBucketAcl' };
  const base = { Bucket: bucket.Name, ExpectedBucketOwner: bucket.owner };
  const grants = (list: readonly BucketGrant[]): JsonObject[] =>
    list.map(({ Grantee, Permission }) => ({ Grantee: { ...Grantee }, Permission }));
  const own = { Grantee: { Type: 'CanonicalUser', ID: acl.OwnerId }, Permission: 'FULL_CONTROL' };
  const change = {
    ...call,
    input: { ...base, ACL: 'private' },
    summary: `Take every grant off the ACL of ${bucket.Name} but the owner's.`,
    target: `bucket.acl:${bucket.Name}` as const,
    expect: { OwnerId: acl.OwnerId, Grants: grants(acl.Grants) },
    result: { OwnerId: acl.OwnerId, Grants: [own] },
  };
  if (!restorable) return change;
  const saved = { Owner: { ID: acl.OwnerId }, Grants: grants(acl.Grants) };
  return {
    ...change,
    undo: {
      ...call,
      input: { ...base, AccessControlPolicy: saved },
      summary: 'Put the saved grants back.',
      automatic: true,
    },
  };
}

/** s3:PutBucketOwnershipControls BucketOwnerEnforced: from then on no ACL counts. */
export function enforceOwner(
  bucket: OwnedBucket,
  partition: string,
  before: Part<{ ObjectOwnership: string }>,
): Change {
  const call = callOn(bucket, partition);
  const base = { Bucket: bucket.Name, ExpectedBucketOwner: bucket.owner };
  const controls = (ObjectOwnership: string): JsonObject => ({
    ...base,
    OwnershipControls: { Rules: [{ ObjectOwnership }] },
  });
  const saved = before.state === 'read' ? before.value.ObjectOwnership : undefined;
  return {
    ...call,
    operation: 's3:PutBucketOwnershipControls',
    input: controls('BucketOwnerEnforced'),
    summary: `Turn ACLs off on ${bucket.Name}: its owner owns every file, and the policy alone decides.`,
    target: `bucket.ownership:${bucket.Name}`,
    expect: saved === undefined ? null : { ObjectOwnership: saved },
    result: { ObjectOwnership: 'BucketOwnerEnforced' },
    undo: {
      ...call,
      operation: saved === undefined ? 's3:DeleteBucketOwnershipControls' : 's3:PutBucketOwnershipControls',
      input: saved === undefined ? base : controls(saved),
      summary: 'Turn ACLs on again.',
      automatic: true,
    },
  };
}

function callOn({ Name, owner, region }: OwnedBucket, partition: string) {
  return { account: owner, region, resource: `arn:${partition}:s3:::${Name}` };
}
