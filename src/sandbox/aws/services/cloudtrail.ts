import type { Service } from '../types.ts';
import {
  addTags,
  deleteTrail,
  putEventSelectors,
  putInsightSelectors,
  removeTags,
  startLogging,
  stopLogging,
} from './cloudtrail/change.ts';
import {
  deregisterOrganizationDelegatedAdmin,
  registerOrganizationDelegatedAdmin,
} from './cloudtrail/delegated-admins.ts';
import { eventDataStoreOperations } from './cloudtrail/event-data-stores.ts';
import { lookupEvents } from './cloudtrail/events.ts';
import {
  describeTrails,
  getEventSelectors,
  getInsightSelectors,
  getTrail,
  listPublicKeys,
  listTags,
  listTrails,
} from './cloudtrail/read.ts';
import { getTrailStatus } from './cloudtrail/status.ts';
import { createTrail, updateTrail } from './cloudtrail/write.ts';

const cloudtrail: Service = {
  signingName: 'cloudtrail',
  protocol: 'json-1.1',
  operations: {
    AddTags: addTags,
    CreateTrail: createTrail,
    DeleteTrail: deleteTrail,
    DeregisterOrganizationDelegatedAdmin: deregisterOrganizationDelegatedAdmin,
    DescribeTrails: describeTrails,
    GetEventSelectors: getEventSelectors,
    GetInsightSelectors: getInsightSelectors,
    GetTrail: getTrail,
    GetTrailStatus: getTrailStatus,
    ListPublicKeys: listPublicKeys,
    ListTags: listTags,
    ListTrails: listTrails,
    LookupEvents: lookupEvents,
    PutEventSelectors: putEventSelectors,
    PutInsightSelectors: putInsightSelectors,
    RegisterOrganizationDelegatedAdmin: registerOrganizationDelegatedAdmin,
    RemoveTags: removeTags,
    StartLogging: startLogging,
    StopLogging: stopLogging,
    UpdateTrail: updateTrail,
    ...eventDataStoreOperations,
  },
};

export default cloudtrail;
