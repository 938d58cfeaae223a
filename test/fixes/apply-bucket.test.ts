import { afterAll, beforeAll, describe, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_BUCKETS, policy } from '../../src/sandbox/aws/index.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { addStatement, bucketIn } from './estate.ts';
import { type FixCase, proveFix } from './prove.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date() });
});
afterAll(() => opened.close());

const { data, web } = DEMO_ACCOUNTS;
const { archive, legacy, accessLogs } = DEMO_BUCKETS;

const CASES: FixCase[] = [
  {
    check: 'bucket/delivery-policy',
    target: web,
    resource: archive,
    change: (estate) => {
      const document = bucketIn(estate, archive).policy;
      if (document) document.Statement = document.Statement.filter(({ Sid }) => !Sid?.endsWith('Web'));
    },
    makes: ['PutBucketPolicy'],
    takesBack: ['PutBucketPolicy'],
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
];

describe('fixes of buckets: applied, read again as pass, undone, refused when drifted', () => {
  test.each(CASES)('$check', (one) => proveFix(opened.store, one));
});
