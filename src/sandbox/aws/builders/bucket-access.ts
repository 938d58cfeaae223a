/** Builders for what opens a bucket to others: its ACL, and replication to another bucket. */
import { canonicalUser } from '../services/s3/acl.ts';
import type { Bucket, BucketGrant } from '../types.ts';

/**
 * Adds a grant to a bucket's ACL: to an account by its id, or to everybody (`AllUsers`), to everybody with an AWS account
 * (`AuthenticatedUsers`) or to S3's own log delivery (`LogDelivery`). ACLs only count while ownership is not
 * `BucketOwnerEnforced`, so that is put back to `ObjectWriter` here.
 */
export function aclGrant(bucket: Bucket, to: string, permission: BucketGrant['permission'] = 'READ'): void {
  const folder = to === 'LogDelivery' ? 's3' : 'global';
  const grantee = /^\d{12}$/.test(to)
    ? { ID: canonicalUser(to) }
    : { URI: `http://acs.amazonaws.com/groups/${folder}/${to}` };
  if (bucket.ownership === 'BucketOwnerEnforced') bucket.ownership = 'ObjectWriter';
  bucket.grants.push({ grantee, permission });
}

/** Replicates everything in a bucket to another one. Replication needs versions, so both get them. */
export function replication(source: Bucket, target: Bucket, roleArn: string): void {
  source.versioning = 'Enabled';
  target.versioning = 'Enabled';
  const partition = roleArn.split(':')[1] ?? 'aws';
  source.replication = {
    Role: roleArn,
    Rules: [
      {
        ID: 'everything',
        Priority: 1,
        Filter: { Prefix: '' },
        Status: 'Enabled',
        Destination: { Bucket: `arn:${partition}:s3:::${target.name}`, Account: target.owner },
        DeleteMarkerReplication: { Status: 'Disabled' },
      },
    ],
  };
}
