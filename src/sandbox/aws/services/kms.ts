import type { Service } from '../types.ts';
import { listGrants, revokeGrant } from './kms/grants.ts';
import * as life from './kms/life.ts';
import { getKeyPolicy, putKeyPolicy } from './kms/policy.ts';
import { disableKeyRotation, enableKeyRotation, getKeyRotationStatus } from './kms/rotation.ts';

const kms: Service = {
  signingName: 'kms',
  protocol: 'json-1.1',
  operations: {
    CancelKeyDeletion: life.cancelKeyDeletion,
    CreateAlias: life.createAlias,
    CreateKey: life.createKey,
    DescribeKey: life.describeKey,
    DisableKey: life.disableKey,
    DisableKeyRotation: disableKeyRotation,
    EnableKey: life.enableKey,
    EnableKeyRotation: enableKeyRotation,
    GetKeyPolicy: getKeyPolicy,
    GetKeyRotationStatus: getKeyRotationStatus,
    ListAliases: life.listAliases,
    ListGrants: listGrants,
    ListKeys: life.listKeys,
    ListResourceTags: life.listResourceTags,
    PutKeyPolicy: putKeyPolicy,
    RevokeGrant: revokeGrant,
    ScheduleKeyDeletion: life.scheduleKeyDeletion,
  },
};

export default kms;
