import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListGrantsCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import { read, type Where, write } from '../operation.ts';

/** IAM knows keys by key ARN only, so what is behind an alias cannot be named without `where.resource`. */
const onKey = {
  on: ({ KeyId = '' }: { KeyId?: string | undefined }, { partition, region, account, resource }: Where) => {
    if (resource?.includes(':key/')) return [resource];
    if (/^arn:[^:]+:kms:[^:]*:[^:]*:key\//.test(KeyId)) return [KeyId];
    const id = KeyId.includes('alias/') || KeyId === '' ? '*' : KeyId;
    return [`arn:${partition}:kms:${region}:${account}:key/${id}`];
  },
};

const MARKER = { input: 'Marker', output: 'NextMarker' };

export const kms = {
  createClient: (config: object) => new KMSClient(config),
  global: false,
  operations: {
    DescribeKey: read(DescribeKeyCommand, onKey),
    GetKeyPolicy: read(GetKeyPolicyCommand, onKey),
    GetKeyRotationStatus: read(GetKeyRotationStatusCommand, onKey),
    ListGrants: read(ListGrantsCommand, { ...onKey, page: MARKER }),
    ListResourceTags: read(ListResourceTagsCommand, { ...onKey, page: MARKER }),
    PutKeyPolicy: write(PutKeyPolicyCommand, onKey),
    EnableKey: write(EnableKeyCommand, onKey),
    EnableKeyRotation: write(EnableKeyRotationCommand, onKey),
    DisableKeyRotation: write(DisableKeyRotationCommand, onKey),
    CancelKeyDeletion: write(CancelKeyDeletionCommand, onKey),
  },
};
