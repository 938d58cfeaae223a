import { afterAll, beforeAll, describe, test } from 'vitest';
import { bucket, DEMO_ACCOUNTS, DEMO_BUCKETS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import type { Estate } from '../../src/sandbox/aws/types.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { accountIn, addStatement, bucketIn, removeTrail, trailIn } from './estate.ts';
import { type FixCase, proveFix } from './prove.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore({ now: () => new Date() });
});
afterAll(() => opened.close());

const { organization, legacy } = DEMO_TRAILS;
const { management, archive, data, web } = DEMO_ACCOUNTS;

function withoutTrails(estate: Estate): void {
  for (const arn of [organization, legacy]) removeTrail(estate, arn);
}

/** Somebody leaves the events of KMS out meanwhile. */
const excludesKms: FixCase['drift'] = (estate: Estate) => {
  trailIn(estate, organization).eventSelectors = [
    {
      ReadWriteType: 'WriteOnly',
      IncludeManagementEvents: true,
      DataResources: [],
      ExcludeManagementEventSources: ['kms.amazonaws.com'],
    },
  ];
  return undefined;
};

const CASES: (FixCase & { title: string })[] = [
  {
    title: '',
    check: 'trail/management-events',
    target: management,
    resource: management,
    makes: ['PutEventSelectors'],
    takesBack: ['PutEventSelectors'],
    drift: excludesKms,
  },
  {
    title: '',
    check: 'data-events/s3-write',
    target: management,
    resource: management,
    makes: ['PutEventSelectors'],
    takesBack: ['PutEventSelectors'],
    drift: excludesKms,
  },
  {
    title: ', with a new bucket',
    check: 'trail/account-covered',
    target: data,
    resource: data,
    change: withoutTrails,
    // CreateBucket blocks public access by itself, so that this step is skipped.
    makes: ['CreateBucket', 'PutBucketVersioning', 'PutBucketPolicy', 'CreateTrail', 'StartLogging'],
    takesBack: ['DeleteTrail'],
    drift: (estate, { changes }) => {
      const name = String(changes[0]?.input.Bucket);
      bucket(estate, accountIn(estate, web), name);
      return () => estate.buckets.delete(name);
    },
  },
  {
    title: ', with the archive',
    check: 'trail/account-covered',
    target: data,
    resource: data,
    file: { archive: { bucket: DEMO_BUCKETS.archive, account: archive } },
    change: withoutTrails,
    makes: ['PutBucketPolicy', 'CreateTrail', 'StartLogging'],
    takesBack: ['DeleteTrail', 'PutBucketPolicy'],
    drift: (estate) => {
      addStatement(bucketIn(estate, DEMO_BUCKETS.archive).policy);
      return undefined;
    },
  },
  {
    title: '',
    check: 'organization/trail',
    target: management,
    resource: management,
    change: (estate) => {
      trailIn(estate, organization).organization = false;
      estate.organization?.trustedAccess.clear();
      accountIn(estate, management).roles.delete('AWSServiceRoleForCloudTrail');
      const { policy } = bucketIn(estate, DEMO_BUCKETS.archive);
      for (const statement of policy?.Statement ?? []) {
        if (Array.isArray(statement.Resource)) statement.Resource = statement.Resource.slice(0, 1);
      }
    },
    // The service-linked role comes with trusted access, so that its own step is skipped.
    makes: ['EnableAWSServiceAccess', 'PutBucketPolicy', 'UpdateTrail'],
    takesBack: ['UpdateTrail', 'PutBucketPolicy'],
    drift: (estate) => {
      addStatement(bucketIn(estate, DEMO_BUCKETS.archive).policy);
      return undefined;
    },
  },
];

describe('fixes of coverage: applied, read again as pass, undone, refused when drifted', () => {
  test.each(CASES.map((one) => [`${one.check}${one.title}`, one] as const))('%s', (_, one) =>
    proveFix(opened.store, one),
  );
});
