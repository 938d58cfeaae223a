/** Finding, listing, making and removing buckets. */
import { refusal } from '../../authorize.ts';
import { isRecord, stringIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { AwsError, type Operation } from '../../types.ts';
import { canonicalUser } from './acl.ts';
import { accessDenied, bucketArn, bucketOf, bucketPermission, onBucket } from './bucket.ts';
import { ownershipIn } from './settings.ts';

/** The answer to a HEAD has no body: callers know an error by its status, and the region by a header that is always there. */
export const headBucket: Operation = {
  permissions(context, input) {
    const bucket = bucketOf(context, input);
    const needed = [bucketPermission(context, bucket, 's3:ListBucket')];
    if (refusal(context, needed) !== undefined) throw accessDenied({ 'x-amz-bucket-region': bucket.region });
    return needed;
  },
  handle(context, input) {
    const bucket = bucketOf(context, input);
    return {
      headers: {
        'x-amz-bucket-region': bucket.region,
        'x-amz-bucket-arn': bucketArn(context.estate, bucket.name),
        'x-amz-access-point-alias': 'false',
      },
    };
  },
};

export const listBuckets: Operation = {
  permissions: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  handle({ estate, account }, input) {
    const prefix = stringIn(input, 'Prefix') ?? '';
    const region = stringIn(input, 'BucketRegion');
    const buckets = [...estate.buckets.values()]
      .filter((bucket) => bucket.owner === account.id && bucket.name.startsWith(prefix))
      .filter((bucket) => region === undefined || bucket.region === region)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const invalid = new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
    const { items, next } = pageOf(buckets, input.ContinuationToken, sizeOf(input.MaxBuckets, 10_000), invalid);
    return {
      ListAllMyBucketsResult: {
        Owner: { ID: canonicalUser(account.id) },
        Buckets: items.map((bucket) => ({
          Name: bucket.name,
          CreationDate: bucket.createdAt.toISOString(),
          BucketRegion: bucket.region,
          BucketArn: bucketArn(estate, bucket.name),
        })),
        ContinuationToken: next,
        Prefix: prefix || undefined,
      },
    };
  },
};

export const createBucket: Operation = {
  permissions(context, input) {
    const resource = bucketArn(context.estate, stringIn(input, 'Bucket') ?? '');
    const locking = input.ObjectLockEnabledForBucket === 'true';
    const extra = [
      ...(locking ? ['PutBucketObjectLockConfiguration', 'PutBucketVersioning'] : []),
      ...(input.ObjectOwnership === undefined ? [] : ['PutBucketOwnershipControls']),
    ];
    return ['CreateBucket', ...extra].map((action) => ({ action: `s3:${action}`, resource }));
  },
  handle({ estate, account, region }, input) {
    const name = stringIn(input, 'Bucket') ?? '';
    if (!/^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/.test(name) || name.includes('..')) {
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
    }
    checkLocation(region, isRecord(input.CreateBucketConfiguration) ? input.CreateBucketConfiguration : {});
    const taken = estate.buckets.get(name);
    if (taken?.owner === account.id) {
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
      );
    }
    if (taken) throw new AwsError('BucketAlreadyExists', 'The requested bucket name is not available.', 409);
    const locking = input.ObjectLockEnabledForBucket === 'true';
    estate.buckets.set(name, {
      name,
      owner: account.id,
      region,
      createdAt: estate.now(),
      policy: undefined,
      // Since April 2023 new buckets block public access and know no ACLs.
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      versioning: locking ? 'Enabled' : undefined,
      mfaDelete: undefined,
      logging: undefined,
      lifecycle: undefined,
      grants: [],
      replication: undefined,
      encryption: undefined,
      ownership: ownershipIn(stringIn(input, 'ObjectOwnership')) ?? 'BucketOwnerEnforced',
      objectLock: locking ? { ObjectLockEnabled: 'Enabled' } : undefined,
      payer: 'BucketOwner',
      website: undefined,
      tags: {},
    });
    return { headers: { location: `/${name}` } };
  },
};

/** us-east-1 is the place one does not name; every other region must be named, and by its own endpoint. */
function checkLocation(region: string, configuration: { [member: string]: unknown }): void {
  const wanted = stringIn(configuration, 'LocationConstraint');
  if (wanted === undefined && region !== 'us-east-1') {
    throw new AwsError(
      'IllegalLocationConstraintException',
      'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.',
    );
  }
  if (wanted === 'us-east-1') {
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid');
  }
  if (wanted !== undefined && wanted !== region) {
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The ${wanted} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
}

export const deleteBucket = onBucket('DeleteBucket', (bucket, _input, { estate }) => {
  estate.buckets.delete(bucket.name);
});

/** Answered from any region. */
export const getBucketLocation: Operation = {
  permissions: (context, input) => [bucketPermission(context, bucketOf(context, input, true), 's3:GetBucketLocation')],
  handle(context, input) {
    const { region } = bucketOf(context, input, true);
    return { LocationConstraint: region === 'us-east-1' ? '' : region };
  },
};
