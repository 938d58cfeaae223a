import { bucket, DEMO_ACCOUNTS, DEMO_BUCKETS, DEMO_TRAILS, trail } from '../../../src/sandbox/aws/index.ts';
import type { Estate } from '../../../src/sandbox/aws/types.ts';
import { accountIn, addStatement, bucketIn, removeTrail, trailIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { organization, legacy } = DEMO_TRAILS;
const { management, archive, data, web, staging } = DEMO_ACCOUNTS;

function withoutTrails(estate: Estate): void {
  for (const arn of [organization, legacy]) removeTrail(estate, arn);
}

/** New buckets block nothing by themselves, as they did before April 2023. */
function opensBuckets({ buckets }: Estate): void {
  const set = buckets.set.bind(buckets);
  buckets.set = (name, made) => set(name, Object.assign(made, { publicAccessBlock: undefined }));
}

const EMPTY = 'acme-new-archive';

/** An archive that nobody delivers to yet. */
function emptyArchive(estate: Estate): void {
  bucket(estate, accountIn(estate, archive), EMPTY, {});
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

export const COVERAGE_CASES: FixCase[] = [
  {
    check: 'trail/management-events',
    target: management,
    resource: management,
    makes: ['PutEventSelectors'],
    takesBack: ['PutEventSelectors'],
    drift: excludesKms,
  },
  {
    check: 'data-events/s3-write',
    target: management,
    resource: management,
    makes: ['PutEventSelectors'],
    takesBack: ['PutEventSelectors'],
    drift: excludesKms,
  },
  {
    title: 'with a new bucket',
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
    title: 'with a new bucket that is open at first',
    check: 'trail/account-covered',
    target: data,
    resource: data,
    change: (estate) => {
      withoutTrails(estate);
      opensBuckets(estate);
    },
    makes: [
      'CreateBucket',
      'PutPublicAccessBlock',
      'PutBucketVersioning',
      'PutBucketPolicy',
      'CreateTrail',
      'StartLogging',
    ],
    takesBack: ['DeleteTrail'],
    drift: (estate, { changes }) => {
      const name = String(changes[0]?.input.Bucket);
      bucket(estate, accountIn(estate, web), name);
      return () => estate.buckets.delete(name);
    },
  },
  {
    title: 'with an archive that has no policy',
    check: 'trail/account-covered',
    target: data,
    resource: data,
    file: { archive: { bucket: EMPTY, account: archive } },
    change: (estate) => {
      withoutTrails(estate);
      emptyArchive(estate);
    },
    makes: ['PutBucketPolicy', 'CreateTrail', 'StartLogging'],
    takesBack: ['DeleteTrail', 'DeleteBucketPolicy'],
    drift: (estate) => {
      const { arn } = trail(estate, accountIn(estate, data), { name: 'meanwhile', bucket: DEMO_BUCKETS.archive });
      return () => removeTrail(estate, arn);
    },
  },
  {
    title: 'with the archive',
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
    check: 'organization/trail',
    target: management,
    resource: management,
    change: (estate) => {
      trailIn(estate, organization).organization = false;
      estate.organization?.trustedAccess.clear();
      const { policy } = bucketIn(estate, DEMO_BUCKETS.archive);
      for (const statement of policy?.Statement ?? []) {
        if (Array.isArray(statement.Resource)) statement.Resource = statement.Resource.slice(0, 1);
      }
    },
    makes: ['EnableAWSServiceAccess', 'PutBucketPolicy', 'UpdateTrail'],
    takesBack: ['UpdateTrail', 'PutBucketPolicy'],
    drift: (estate) => {
      addStatement(bucketIn(estate, DEMO_BUCKETS.archive).policy);
      return undefined;
    },
  },
  {
    title: 'with an archive that has no policy',
    check: 'trail/expected-destination',
    target: staging,
    resource: DEMO_TRAILS.staging,
    file: { archive: { bucket: EMPTY, account: archive } },
    change: emptyArchive,
    makes: ['PutBucketPolicy', 'UpdateTrail'],
    takesBack: ['UpdateTrail', 'DeleteBucketPolicy'],
    drift: (estate) => {
      const moved = trailIn(estate, DEMO_TRAILS.staging);
      const { bucket: before } = moved;
      moved.bucket = EMPTY;
      return () => {
        moved.bucket = before;
      };
    },
  },
  {
    title: 'whose bucket has no policy',
    check: 'organization/trail',
    target: management,
    resource: management,
    change: (estate) => {
      emptyArchive(estate);
      Object.assign(trailIn(estate, organization), { organization: false, bucket: EMPTY });
    },
    makes: ['PutBucketPolicy', 'UpdateTrail'],
    takesBack: 'could no longer deliver',
    drift: (estate) => {
      trailIn(estate, organization).organization = true;
      return () => {
        trailIn(estate, organization).organization = false;
      };
    },
  },
  {
    title: 'that is stopped',
    check: 'organization/trail',
    target: management,
    resource: management,
    change: (estate) => {
      trailIn(estate, organization).logging = false;
    },
    makes: ['StartLogging'],
    takesBack: [],
    drift: (estate) => {
      trailIn(estate, organization).logging = true;
      return () => {
        trailIn(estate, organization).logging = false;
      };
    },
  },
];
