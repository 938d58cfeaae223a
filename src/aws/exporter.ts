import { TrailCheckError } from '../ops/error.ts';

/** Where the exporter brings what is ours: findings into Security Hub, the audit log into a bucket (decision 44). */
export type Exports = { to: 'security-hub' } | { to: 'bucket'; name: string; region: string; prefix: string };

/** All that it does there; it reads back what it put, by name in a bucket. */
const OPERATIONS: { readonly [to in Exports['to']]: readonly string[] } = {
  'security-hub': ['securityhub:BatchImportFindings', 'securityhub:GetFindings'],
  bucket: ['s3:PutObject', 's3:ListObjectVersions'],
};

/** Session policy of the exporter, whatever its role may do. */
export function exporterPolicy(exports: Exports, partition: string): string {
  const Statement =
    exports.to === 'bucket'
      ? inBucket(exports, partition)
      : [{ Effect: 'Allow', Action: OPERATIONS['security-hub'], Resource: '*' }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function inBucket({ name, region, prefix }: Extract<Exports, { to: 'bucket' }>, partition: string) {
  const arn = `arn:${partition}:s3:::${name}`;
  return [
    { Effect: 'Allow', Action: 's3:PutObject', Resource: `${arn}/${prefix}*` },
    {
      // What S3 asks of whoever puts into a bucket that encrypts with a key of KMS.
      Effect: 'Allow',
      Action: 'kms:GenerateDataKey',
      Resource: '*',
      Condition: { StringLike: { 'kms:ViaService': `s3.${region}.amazonaws.com*` } },
    },
    {
      Effect: 'Allow',
      Action: 's3:ListBucketVersions',
      Resource: arn,
      Condition: { StringLike: { 's3:prefix': `${prefix}*` } },
    },
  ];
}

/** Throws for anything the exporter has no business with; gives nothing, so that an identity may follow. */
export function refuseOtherExports({ to }: Exports, operation: string, account: string): undefined {
  if (OPERATIONS[to].includes(operation)) return;
  throw new TrailCheckError(`${operation} is not on the list of the exporter`, {
    what: `${operation} in account ${account} by the exporter`,
    next: 'It imports findings into Security Hub or puts the audit log into its bucket, and nothing else.',
  });
}
