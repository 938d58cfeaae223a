import { createOamClient, ListLinksCommand } from '../oam/client.ts';
import { NEXT_TOKEN, read } from '../operation.ts';

export const oam = {
  createClient: createOamClient,
  global: false,
  operations: {
    ListLinks: read(ListLinksCommand, { page: NEXT_TOKEN }),
  },
};
