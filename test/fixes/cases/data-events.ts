import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../../src/sandbox/aws/index.ts';
import type { Estate, Json } from '../../../src/sandbox/aws/types.ts';
import { trailIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { management } = DEMO_ACCOUNTS;
const organization = (estate: Estate) => trailIn(estate, DEMO_TRAILS.organization);

const basic = (more: { [member: string]: Json } = {}): Json => ({
  ReadWriteType: 'WriteOnly',
  IncludeManagementEvents: true,
  DataResources: [],
  ExcludeManagementEventSources: [],
  ...more,
});
const allManagement = { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] };
const objects = (...more: { [field: string]: Json }[]) => ({
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
    ...more,
  ],
});

/** Somebody leaves the events of KMS out meanwhile. */
const excludesKms: FixCase['drift'] = (estate) => {
  organization(estate).eventSelectors = [basic({ ExcludeManagementEventSources: ['kms.amazonaws.com'] })];
  return undefined;
};

const put = { makes: ['PutEventSelectors'], takesBack: ['PutEventSelectors'] };
const owner = { target: management, resource: management };

export const DATA_EVENTS_CASES: FixCase[] = [
  { ...owner, ...put, check: 'data-events/s3-read', drift: excludesKms },
  { ...owner, ...put, check: 'data-events/lambda', drift: excludesKms },
  {
    ...owner,
    ...put,
    check: 'data-events/declared-types',
    file: {
      checks: {
        'data-events/declared-types': {
          types: { 'AWS::DynamoDB::Table': 'all', 'AWS::SNS::Topic': 'write' },
          network_sources: ['kms.amazonaws.com'],
        },
      },
    },
    drift: excludesKms,
  },
  {
    ...owner,
    ...put,
    check: 'data-events/no-log-loop',
    change: (estate) => {
      const all = { DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }] };
      organization(estate).eventSelectors = [basic(all)];
    },
    drift: (estate) => {
      const all = { DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::'] }] };
      organization(estate).eventSelectors = [basic({ ...all, ExcludeManagementEventSources: ['kms.amazonaws.com'] })];
      return undefined;
    },
  },
  {
    ...owner,
    ...put,
    check: 'data-events/no-hidden-principals',
    change: (estate) => {
      const trail = organization(estate);
      trail.eventSelectors = undefined;
      const hidden = { Field: 'userIdentity.arn', NotStartsWith: ['arn:aws:sts::333333333333:assumed-role/deploy'] };
      trail.advancedEventSelectors = [allManagement, objects(hidden)];
    },
    drift: (estate) => {
      organization(estate).advancedEventSelectors?.push(objects({ Field: 'readOnly', Equals: ['true'] }));
      return undefined;
    },
  },
  {
    ...owner,
    check: 'insights/enabled',
    makes: ['PutEventSelectors', 'PutInsightSelectors'],
    takesBack: ['PutInsightSelectors', 'PutEventSelectors'],
    drift: (estate) => {
      const one = { InsightType: 'ApiErrorRateInsight', EventCategories: ['Management'] };
      organization(estate).insightSelectors = [one];
      return undefined;
    },
  },
];
