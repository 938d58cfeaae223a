import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { read, write } from '../operation.ts';

export const sts = {
  createClient: (config: object) => new STSClient(config),
  global: false,
  operations: {
    GetCallerIdentity: read(GetCallerIdentityCommand),
    AssumeRole: write(AssumeRoleCommand, { on: ({ RoleArn }) => [RoleArn ?? '*'] }),
  },
};
