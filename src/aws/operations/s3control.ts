import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { read, write } from '../operation.ts';

export const s3control = {
  createClient: (config: object) => new S3ControlClient(config),
  global: false,
  operations: {
    GetPublicAccessBlock: read(GetPublicAccessBlockCommand, { actions: ['s3:GetAccountPublicAccessBlock'] }),
    PutPublicAccessBlock: write(PutPublicAccessBlockCommand, { actions: ['s3:PutAccountPublicAccessBlock'] }),
    DeletePublicAccessBlock: write(DeletePublicAccessBlockCommand, { actions: ['s3:PutAccountPublicAccessBlock'] }),
  },
};
