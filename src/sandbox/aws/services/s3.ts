import type { Service } from '../types.ts';
import { getBucketAcl, putBucketAcl } from './s3/acl.ts';
import * as life from './s3/life.ts';
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
} from './s3/lifecycle.ts';
import * as objects from './s3/objects.ts';
import * as policy from './s3/policy.ts';
import { rest } from './s3/rest.ts';
import * as settings from './s3/settings.ts';

const s3: Service = {
  signingName: 's3',
  protocol: 'rest-xml',
  rest,
  operations: {
    CreateBucket: life.createBucket,
    DeleteBucket: life.deleteBucket,
    DeleteBucketEncryption: settings.deleteBucketEncryption,
    DeleteBucketLifecycle: deleteBucketLifecycle,
    DeleteBucketOwnershipControls: settings.deleteBucketOwnershipControls,
    DeleteBucketPolicy: policy.deleteBucketPolicy,
    DeleteObject: objects.deleteObject,
    DeletePublicAccessBlock: policy.deletePublicAccessBlock,
    GetBucketAcl: getBucketAcl,
    GetBucketEncryption: settings.getBucketEncryption,
    GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration,
    GetBucketLocation: life.getBucketLocation,
    GetBucketLogging: settings.getBucketLogging,
    GetBucketOwnershipControls: settings.getBucketOwnershipControls,
    GetBucketPolicy: policy.getBucketPolicy,
    GetBucketPolicyStatus: policy.getBucketPolicyStatus,
    GetBucketReplication: settings.getBucketReplication,
    GetBucketRequestPayment: settings.getBucketRequestPayment,
    GetBucketTagging: settings.getBucketTagging,
    GetBucketVersioning: settings.getBucketVersioning,
    GetBucketWebsite: settings.getBucketWebsite,
    GetObject: objects.getObject,
    GetObjectLockConfiguration: settings.getObjectLockConfiguration,
    GetPublicAccessBlock: policy.getPublicAccessBlock,
    HeadBucket: life.headBucket,
    ListObjectVersions: objects.listObjectVersions,
    ListBuckets: life.listBuckets,
    PutBucketAcl: putBucketAcl,
    PutBucketEncryption: settings.putBucketEncryption,
    PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration,
    PutBucketLogging: settings.putBucketLogging,
    PutBucketOwnershipControls: settings.putBucketOwnershipControls,
    PutBucketPolicy: policy.putBucketPolicy,
    PutBucketRequestPayment: settings.putBucketRequestPayment,
    PutBucketVersioning: settings.putBucketVersioning,
    PutObject: objects.putObject,
    PutObjectLockConfiguration: settings.putObjectLockConfiguration,
    PutPublicAccessBlock: policy.putPublicAccessBlock,
  },
};

export default s3;
