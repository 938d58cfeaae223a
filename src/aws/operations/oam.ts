import { createOamClient, GetLinkCommand, ListLinksCommand } from '../oam/client.ts';
import { NEXT_TOKEN, read } from '../operation.ts';

export const oam = {
  createClient: createOamClient,
  global: false,
  operations: {
    GetLink: read(GetLinkCommand, { on: ({ Identifier }) => [Identifier] }),
    ListLinks: read(ListLinksCommand, { page: NEXT_TOKEN }),
  },
};
