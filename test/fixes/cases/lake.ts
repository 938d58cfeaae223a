import { DEMO_WEB_KEY } from '../../../src/sandbox/aws/estates/demo.ts';
import { DEMO_ACCOUNTS, eventDataStore } from '../../../src/sandbox/aws/index.ts';
import { regionOf } from '../../../src/sandbox/aws/region.ts';
import type { Estate, EventDataStore } from '../../../src/sandbox/aws/types.ts';
import { accountIn, keyIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { web } = DEMO_ACCOUNTS;

function lakeOf(estate: Estate): EventDataStore {
  const [store] = regionOf(accountIn(estate, web), 'us-east-1').eventDataStores.values();
  if (store === undefined) throw new Error('the estate has no event data store');
  return store;
}

/** An event data store of web, and a key that CloudTrail may use for stores. */
const lake = (wanted: Partial<EventDataStore>) => (estate: Estate) => {
  eventDataStore(estate, accountIn(estate, web), 'acme-lake', wanted);
  keyIn(estate, DEMO_WEB_KEY).policy.Statement.push({
    Sid: 'CloudTrailLake',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
  });
};
const data = {
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
  ],
};
const writes = {
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Management'] },
    { Field: 'readOnly', Equals: ['false'] },
  ],
};
const inWeb = { target: web, resource: ':eventdatastore/' };

export const LAKE_CASES: FixCase[] = [
  {
    ...inWeb,
    check: 'lake/encryption',
    file: { keys: { 'us-east-1': DEMO_WEB_KEY } },
    change: lake({}),
    makes: ['UpdateEventDataStore'],
    takesBack: [],
    drift: (estate) => {
      const store = lakeOf(estate);
      store.kmsKeyId = DEMO_WEB_KEY;
      return () => {
        store.kmsKeyId = undefined;
      };
    },
  },
  {
    ...inWeb,
    title: 'what it takes in',
    check: 'lake/protection',
    change: lake({ terminationProtection: false, multiRegion: false, selectors: [data, writes] }),
    makes: ['UpdateEventDataStore'],
    takesBack: ['UpdateEventDataStore'],
    drift: (estate) => {
      lakeOf(estate).selectors.push({
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::Lambda::Function'] },
        ],
      });
      return undefined;
    },
  },
  {
    ...inWeb,
    title: 'how long it keeps events',
    check: 'lake/protection',
    change: lake({ retention: 90 }),
    makes: ['UpdateEventDataStore'],
    takesBack: [],
    drift: (estate) => {
      lakeOf(estate).retention = 120;
      return undefined;
    },
  },
  {
    ...inWeb,
    title: 'a deletion taken back',
    check: 'lake/protection',
    change: lake({ status: 'PENDING_DELETION' }),
    makes: ['RestoreEventDataStore'],
    takesBack: [],
    drift: (estate) => {
      const store = lakeOf(estate);
      store.status = 'ENABLED';
      return () => {
        store.status = 'PENDING_DELETION';
      };
    },
  },
  {
    ...inWeb,
    title: 'ingestion started again',
    check: 'lake/protection',
    change: lake({ status: 'STOPPED_INGESTION' }),
    makes: ['StartEventDataStoreIngestion'],
    takesBack: [],
    drift: (estate) => {
      const store = lakeOf(estate);
      store.status = 'ENABLED';
      return () => {
        store.status = 'STOPPED_INGESTION';
      };
    },
  },
];
