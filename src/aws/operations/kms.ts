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
import { keyArn } from './key-arn.ts';

/** `where.resource` names the key behind an alias. */
const onKey = {
  on: ({ KeyId = '' }: { KeyId?: string | undefined }, where: Where) => [
    where.resource?.includes(':key/') ? where.resource : keyArn(KeyId, where),
  ],
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
