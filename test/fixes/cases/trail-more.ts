import { DEMO_ACCOUNTS, DEMO_BUCKETS, DEMO_TRAILS } from '../../../src/sandbox/aws/index.ts';
import { addStatement, bucketIn, removeTrail, trailIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { organization, web, staging } = DEMO_TRAILS;
const S3_WRITES = [
  { Field: 'eventCategory', Equals: ['Data'] },
  { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
  { Field: 'readOnly', Equals: ['false'] },
];
const management = { Name: 'management', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] };
const withoutKms = [
  { ReadWriteType: 'All', IncludeManagementEvents: true, ExcludeManagementEventSources: ['kms.amazonaws.com'] },
];

export const MORE_TRAIL_CASES: FixCase[] = [
  {
    check: 'trail/tags',
    target: DEMO_ACCOUNTS.management,
    resource: organization,
    file: {
      checks: { 'trail/tags': { required_keys: ['owner', 'env'], default_tags: { owner: 'audit', env: 'all' } } },
    },
    change: (estate) => {
      trailIn(estate, organization).tags = { env: 'somebody put it here', Owner: 'in another case' };
    },
    makes: ['AddTags'],
    takesBack: ['RemoveTags'],
    drift: (estate) => {
      const trail = trailIn(estate, organization);
      const { tags } = trail;
      trail.tags = { ...tags, owner: 'meanwhile' };
      return () => {
        trail.tags = tags;
      };
    },
  },
  {
    check: 'trail/global-service-events',
    target: DEMO_ACCOUNTS.web,
    resource: DEMO_ACCOUNTS.web,
    change: (estate) => {
      removeTrail(estate, organization);
      Object.assign(trailIn(estate, web), { multiRegion: false, globalEvents: false });
    },
    makes: ['UpdateTrail'],
    takesBack: ['UpdateTrail'],
    drift: (estate) => {
      trailIn(estate, web).globalEvents = true;
      return () => {
        trailIn(estate, web).globalEvents = false;
      };
    },
  },
  {
    check: 'trail/no-excluded-sources',
    target: DEMO_ACCOUNTS.web,
    resource: DEMO_ACCOUNTS.web,
    change: (estate) => {
      removeTrail(estate, organization);
      trailIn(estate, web).eventSelectors = withoutKms;
    },
    makes: ['PutEventSelectors'],
    takesBack: ['PutEventSelectors'],
    drift: (estate) => {
      const lambda = { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] };
      trailIn(estate, web).eventSelectors = withoutKms.map((it) => ({ ...it, DataResources: [lambda] }));
      return undefined;
    },
  },
  {
    check: 'trail/no-duplicate-events',
    target: DEMO_ACCOUNTS.web,
    resource: DEMO_ACCOUNTS.web,
    change: (estate) => {
      Object.assign(trailIn(estate, organization), { eventSelectors: undefined, validation: true });
      Object.assign(trailIn(estate, web), {
        kmsKeyId: undefined,
        logGroupArn: undefined,
        logRoleArn: undefined,
        advancedEventSelectors: [management, { Name: 'writes', FieldSelectors: S3_WRITES }],
      });
    },
    makes: ['PutEventSelectors'],
    takesBack: ['PutEventSelectors'],
    drift: (estate) => {
      trailIn(estate, web).advancedEventSelectors = [management, { Name: 'renamed', FieldSelectors: S3_WRITES }];
      return undefined;
    },
  },
  {
    check: 'trail/expected-destination',
    target: DEMO_ACCOUNTS.staging,
    resource: staging,
    file: { archive: { bucket: DEMO_BUCKETS.archive, account: DEMO_ACCOUNTS.archive } },
    makes: ['PutBucketPolicy', 'UpdateTrail'],
    takesBack: ['UpdateTrail', 'PutBucketPolicy'],
    drift: (estate) => {
      addStatement(bucketIn(estate, DEMO_BUCKETS.archive).policy, {
        Resource: `arn:aws:s3:::${DEMO_BUCKETS.archive}/*`,
      });
      return undefined;
    },
  },
];
