import type { Service } from '../types.ts';
import * as life from './kms/life.ts';
import { getKeyPolicy, putKeyPolicy } from './kms/policy.ts';

const kms: Service = {
  signingName: 'kms',
  protocol: 'json-1.1',
  operations: {
    CancelKeyDeletion: life.cancelKeyDeletion,
    CreateAlias: life.createAlias,
    CreateKey: life.createKey,
    DescribeKey: life.describeKey,
    DisableKey: life.disableKey,
    DisableKeyRotation: life.disableKeyRotation,
    EnableKey: life.enableKey,
    EnableKeyRotation: life.enableKeyRotation,
    GetKeyPolicy: getKeyPolicy,
    GetKeyRotationStatus: life.getKeyRotationStatus,
    ListAliases: life.listAliases,
    ListResourceTags: life.listResourceTags,
    PutKeyPolicy: putKeyPolicy,
    ScheduleKeyDeletion: life.scheduleKeyDeletion,
  },
};

export default kms;
