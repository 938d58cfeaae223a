import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import { NEXT_TOKEN, read } from '../operation.ts';

export const account = {
  createClient: (config: object) => new AccountClient(config),
  global: true,
  operations: {
    ListRegions: read(ListRegionsCommand, { page: NEXT_TOKEN }),
  },
};
