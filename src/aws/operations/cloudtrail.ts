import {
  AddTagsCommand,
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DeregisterOrganizationDelegatedAdminCommand,
  DescribeTrailsCommand,
  GetEventDataStoreCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailStatusCommand,
  ListEventDataStoresCommand,
  ListTagsCommand,
  ListTrailsCommand,
  LookupEventsCommand,
  PutEventSelectorsCommand,
  PutInsightSelectorsCommand,
  RegisterOrganizationDelegatedAdminCommand,
  RemoveTagsCommand,
  RestoreEventDataStoreCommand,
  StartEventDataStoreIngestionCommand,
  StartLoggingCommand,
  StopEventDataStoreIngestionCommand,
  UpdateEventDataStoreCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { lookup, NEXT_TOKEN, read, type Where, write } from '../operation.ts';
import { ofFormerAdministrator, ofNewAdministrator, ofStore, ofTrail } from './cloudtrail-dependents.ts';

/** Trails are named by name or by ARN. */
function trailArn(name: string | undefined, { partition, region, account }: Where): string[] {
  return [name?.startsWith('arn:') ? name : `arn:${partition}:cloudtrail:${region}:${account}:trail/${name ?? '*'}`];
}

/** Event data stores are named by ARN, or by the id at its end. */
function storeArn(store: string | undefined, { partition, region, account }: Where): string[] {
  return [
    store?.startsWith('arn:')
      ? store
      : `arn:${partition}:cloudtrail:${region}:${account}:eventdatastore/${store ?? '*'}`,
  ];
}

const byName = { on: (input: { Name?: string | undefined }, where: Where) => trailArn(input.Name, where) };
const byTrailName = {
  on: (input: { TrailName?: string | undefined }, where: Where) => trailArn(input.TrailName, where),
};
/** Insights hang on a trail or on an event data store. */
const byTrailNameOrStore = {
  on: (
    { TrailName, EventDataStore }: { TrailName?: string | undefined; EventDataStore?: string | undefined },
    where: Where,
  ) => (EventDataStore === undefined ? trailArn(TrailName, where) : storeArn(EventDataStore, where)),
};
const byStore = {
  on: (input: { EventDataStore?: string | undefined }, where: Where) => storeArn(input.EventDataStore, where),
};
const byResource = {
  on: ({ ResourceId }: { ResourceId?: string | undefined }, where: Where) =>
    ResourceId === undefined ? trailArn(undefined, where) : [ResourceId],
};

const FULLEST_TRAIL = { CloudWatchLogsRoleArn: '*', IsOrganizationTrail: true };

export const cloudtrail = {
  createClient: (config: object) => new CloudTrailClient(config),
  global: false,
  operations: {
    DescribeTrails: read(DescribeTrailsCommand),
    ListTrails: read(ListTrailsCommand, { page: NEXT_TOKEN }),
    GetTrailStatus: read(GetTrailStatusCommand, byName),
    GetEventSelectors: read(GetEventSelectorsCommand, byTrailName),
    ListTags: read(ListTagsCommand, { on: ({ ResourceIdList: ids }) => ids ?? [], page: NEXT_TOKEN }),
    GetInsightSelectors: read(GetInsightSelectorsCommand, byTrailNameOrStore),
    ListEventDataStores: read(ListEventDataStoresCommand, { page: NEXT_TOKEN }),
    GetEventDataStore: read(GetEventDataStoreCommand, byStore),
    LookupEvents: lookup(LookupEventsCommand, { page: NEXT_TOKEN }),
    CreateTrail: write(CreateTrailCommand, {
      ...byName,
      also: ofTrail,
      fullest: () => ({ Name: undefined, S3BucketName: undefined, ...FULLEST_TRAIL }),
    }),
    UpdateTrail: write(UpdateTrailCommand, {
      ...byName,
      also: ofTrail,
      fullest: () => ({ Name: undefined, ...FULLEST_TRAIL }),
    }),
    DeleteTrail: write(DeleteTrailCommand, byName),
    StartLogging: write(StartLoggingCommand, byName),
    PutEventSelectors: write(PutEventSelectorsCommand, byTrailName),
    PutInsightSelectors: write(PutInsightSelectorsCommand, byTrailNameOrStore),
    AddTags: write(AddTagsCommand, byResource),
    RemoveTags: write(RemoveTagsCommand, byResource),
    UpdateEventDataStore: write(UpdateEventDataStoreCommand, {
      ...byStore,
      also: ofStore,
      fullest: () => ({ EventDataStore: undefined, KmsKeyId: 'alias/any' }),
    }),
    RestoreEventDataStore: write(RestoreEventDataStoreCommand, byStore),
    StartEventDataStoreIngestion: write(StartEventDataStoreIngestionCommand, byStore),
    StopEventDataStoreIngestion: write(StopEventDataStoreIngestionCommand, byStore),
    RegisterOrganizationDelegatedAdmin: write(RegisterOrganizationDelegatedAdminCommand, { also: ofNewAdministrator }),
    DeregisterOrganizationDelegatedAdmin: write(DeregisterOrganizationDelegatedAdminCommand, {
      also: ofFormerAdministrator,
    }),
  },
};
