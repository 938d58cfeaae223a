import {
  DEMO_ACCOUNTS,
  DEMO_BUCKETS,
  DEMO_TRAILS,
  deliveryStatements,
  deny,
  policy,
} from '../../../src/sandbox/aws/index.ts';
import type { PolicyDocument } from '../../../src/sandbox/aws/types.ts';
import { addStatement, bucketIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { data, web } = DEMO_ACCOUNTS;
const { archive, legacy, accessLogs } = DEMO_BUCKETS;

/** A bucket has a policy meanwhile, and has it no longer. */
const withPolicy =
  (name: string, document: PolicyDocument): FixCase['drift'] =>
  (estate) => {
    const { payer } = bucketIn(estate, name);
    Object.assign(bucketIn(estate, name), { policy: document, payer: 'BucketOwner' });
    return () => Object.assign(bucketIn(estate, name), { policy: undefined, payer });
  };

export const BUCKET_CASES: FixCase[] = [
  {
    check: 'bucket/delivery-policy',
    target: web,
    resource: archive,
    change: (estate) => {
      const document = bucketIn(estate, archive).policy;
      if (document) document.Statement = document.Statement.filter(({ Sid }) => !Sid?.endsWith('Web'));
    },
    makes: ['PutBucketPolicy'],
    takesBack: 'could no longer deliver',
    drift: (estate) => {
      addStatement(bucketIn(estate, archive).policy);
      return undefined;
    },
  },
  {
    check: 'bucket/public-access-block',
    target: data,
    resource: legacy,
    makes: ['PutPublicAccessBlock'],
    takesBack: ['PutPublicAccessBlock'],
    drift: (estate) => {
      bucketIn(estate, legacy).publicAccessBlock = {
        BlockPublicAcls: true,
        IgnorePublicAcls: false,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      };
      return undefined;
    },
  },
  {
    check: 'bucket/policy-not-public',
    target: data,
    resource: legacy,
    makes: ['PutBucketPolicy'],
    takesBack: ['PutBucketPolicy'],
    drift: (estate) => {
      addStatement(bucketIn(estate, legacy).policy);
      return undefined;
    },
  },
  {
    check: 'bucket/access-logging',
    target: web,
    resource: archive,
    file: { checks: { 'bucket/access-logging': { target_by_region: { 'us-east-1': accessLogs } } } },
    change: (estate) => {
      bucketIn(estate, accessLogs).policy = policy();
    },
    makes: ['PutBucketPolicy', 'PutBucketLogging'],
    takesBack: ['PutBucketLogging', 'PutBucketPolicy'],
    fails: { at: 'PutBucketLogging', takesBack: ['PutBucketPolicy'] },
    drift: (estate) => {
      addStatement(bucketIn(estate, accessLogs).policy);
      return undefined;
    },
  },
  {
    check: 'bucket/lifecycle',
    target: web,
    resource: archive,
    makes: ['PutBucketLifecycleConfiguration'],
    takesBack: ['PutBucketLifecycleConfiguration'],
    drift: (estate) => {
      bucketIn(estate, archive).lifecycle = [
        {
          ID: 'tidy',
          Status: 'Enabled',
          Filter: { Prefix: 'tmp/' },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ];
      return undefined;
    },
  },
  {
    title: 'to a bucket without a policy',
    check: 'bucket/access-logging',
    target: web,
    resource: archive,
    file: { checks: { 'bucket/access-logging': { target_by_region: { 'us-east-1': accessLogs } } } },
    change: (estate) => {
      bucketIn(estate, accessLogs).policy = undefined;
    },
    makes: ['PutBucketPolicy', 'PutBucketLogging'],
    takesBack: ['PutBucketLogging', 'DeleteBucketPolicy'],
    drift: (estate) => {
      bucketIn(estate, archive).logging = { TargetBucket: archive, TargetPrefix: '' };
      return undefined;
    },
  },
  {
    title: 'where there is no policy, and the requester pays',
    check: 'bucket/delivery-policy',
    // That the trail is stopped has to be known, else no undo may take its delivery.
    beside: ['trail/delivery-healthy'],
    target: data,
    resource: legacy,
    change: (estate) => {
      Object.assign(bucketIn(estate, legacy), { policy: undefined, payer: 'Requester' });
    },
    makes: ['PutBucketPolicy', 'PutBucketRequestPayment'],
    takesBack: ['PutBucketRequestPayment', 'DeleteBucketPolicy'],
    drift: withPolicy(legacy, policy(...deliveryStatements(legacy, DEMO_TRAILS.legacy, [`AWSLogs/${data}/*`]))),
  },
  {
    title: 'where there is no policy',
    check: 'bucket/tls-only',
    target: data,
    resource: legacy,
    change: (estate) => {
      bucketIn(estate, legacy).policy = undefined;
    },
    makes: ['PutBucketPolicy'],
    takesBack: ['DeleteBucketPolicy'],
    drift: withPolicy(
      legacy,
      policy({
        ...deny('s3:*', [`arn:aws:s3:::${legacy}`, `arn:aws:s3:::${legacy}/*`]),
        Principal: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ),
  },
];
