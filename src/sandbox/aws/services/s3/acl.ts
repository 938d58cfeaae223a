/** Access control lists of buckets: the owner's own full control, which is always there, and the grants beside it. */
import { createHash } from 'node:crypto';
import { isRecord, recordsIn, stringIn } from '../../input.ts';
import { AwsError, type Bucket, type BucketGrant, type Input } from '../../types.ts';
import { accessDenied, effectiveBlock, onBucket } from './bucket.ts';
import { malformedXml } from './shapes.ts';

const GROUPS = 'http://acs.amazonaws.com/groups';
const ALL_USERS = { URI: `${GROUPS}/global/AllUsers` };
const AUTHENTICATED = { URI: `${GROUPS}/global/AuthenticatedUsers` };
const LOG_DELIVERY = { URI: `${GROUPS}/s3/LogDelivery` };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl */
const CANNED: Record<string, BucketGrant[]> = {
  private: [],
  'public-read': [{ grantee: ALL_USERS, permission: 'READ' }],
  'public-read-write': [
    { grantee: ALL_USERS, permission: 'READ' },
    { grantee: ALL_USERS, permission: 'WRITE' },
  ],
  'authenticated-read': [{ grantee: AUTHENTICATED, permission: 'READ' }],
  'log-delivery-write': [
    { grantee: LOG_DELIVERY, permission: 'WRITE' },
    { grantee: LOG_DELIVERY, permission: 'READ_ACP' },
  ],
};

/** With ACLs off (BucketOwnerEnforced) they read as the owner's alone. */
export const getBucketAcl = onBucket('GetBucketAcl', (bucket) => {
  const owner = { ID: canonicalUser(bucket.owner) };
  const own: BucketGrant = { grantee: owner, permission: 'FULL_CONTROL' };
  const grants = bucket.ownership === 'BucketOwnerEnforced' ? [own] : [own, ...bucket.grants];
  return { Acl: { Owner: owner, AccessControlList: { Grant: grants.map(written) } } };
});

function written({ grantee, permission }: BucketGrant) {
  const type = 'URI' in grantee ? 'Group' : 'CanonicalUser';
  const attributes = { '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', '@xsi:type': type };
  return { Grantee: { ...attributes, ...grantee }, Permission: permission };
}

export const putBucketAcl = onBucket('PutBucketAcl', (bucket, input, { estate }) => {
  const grants = grantsIn(bucket, input);
  if (bucket.ownership === 'BucketOwnerEnforced') {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  if (grants.some(isPublic) && effectiveBlock(estate, bucket).BlockPublicAcls) throw accessDenied();
  bucket.grants = grants;
});

function isPublic({ grantee }: BucketGrant): boolean {
  return 'URI' in grantee && (grantee.URI === ALL_USERS.URI || grantee.URI === AUTHENTICATED.URI);
}

/** What a request grants beside the owner's full control: by a canned ACL, or by a document. */
function grantsIn(bucket: Bucket, input: Input): BucketGrant[] {
  const canned = stringIn(input, 'ACL');
  const document = input.AccessControlPolicy;
  if (canned !== undefined && document !== undefined) {
    throw new AwsError('UnexpectedContent', 'This request does not support content');
  }
  if (canned !== undefined) {
    const known = Object.hasOwn(CANNED, canned) ? CANNED[canned] : undefined;
    if (!known) throw new AwsError('InvalidArgument', `${canned} is not a canned ACL of a bucket.`);
    return [...known];
  }
  if (!isRecord(document)) {
    throw new AwsError('MissingSecurityHeader', 'Your request was missing a required header');
  }
  const owner = isRecord(document.Owner) ? stringIn(document.Owner, 'ID') : undefined;
  if (owner !== canonicalUser(bucket.owner)) throw accessDenied();
  return recordsIn(document, 'AccessControlList')
    .map(grantIn)
    .filter(({ grantee }) => !('ID' in grantee && grantee.ID === owner));
}

function grantIn(grant: Input): BucketGrant {
  const grantee = isRecord(grant.Grantee) ? grant.Grantee : {};
  const permission = permissionIn(stringIn(grant, 'Permission'));
  const ID = stringIn(grantee, 'ID');
  const URI = stringIn(grantee, 'URI');
  if (!permission || (ID === undefined) === (URI === undefined)) throw malformedXml();
  if (ID !== undefined && !/^[\da-f]{64}$/.test(ID)) throw new AwsError('InvalidArgument', 'Invalid id');
  if (URI !== undefined && ![ALL_USERS, AUTHENTICATED, LOG_DELIVERY].some((group) => group.URI === URI)) {
    throw new AwsError('InvalidArgument', 'Invalid group uri');
  }
  return { grantee: ID === undefined ? { URI: URI ?? '' } : { ID }, permission };
}

function permissionIn(text: string | undefined): BucketGrant['permission'] | undefined {
  const known = ['FULL_CONTROL', 'READ', 'WRITE', 'READ_ACP', 'WRITE_ACP'] as const;
  return known.find((permission) => permission === text);
}

/** The 64 hex digits by which S3 knows an account. */
export function canonicalUser(account: string): string {
  return createHash('sha256').update(`canonical user ${account}`).digest('hex');
}
