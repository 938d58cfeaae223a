import { readAccountPublicAccessBlock, readBucketNames } from './account-buckets.ts';
import { listTrails } from './listings.ts';
import type { PartReaders } from './reader.ts';
import { readRegions } from './regions.ts';

export const accountParts: PartReaders<
  'account.regions' | 'account.trails' | 'account.buckets' | 'account.publicAccessBlock'
> = {
  'account.regions': { key: 'account', operations: ['account:ListRegions'], needs: [], read: readRegions },
  'account.trails': {
    key: 'account',
    operations: ['cloudtrail:ListTrails', 'cloudtrail:DescribeTrails'],
    needs: ['account.regions'],
    read: listTrails,
  },
  'account.buckets': { key: 'account', operations: ['s3:ListBuckets'], needs: [], read: readBucketNames },
  'account.publicAccessBlock': {
    key: 'account',
    operations: ['s3control:GetPublicAccessBlock'],
    needs: [],
    read: readAccountPublicAccessBlock,
  },
};
