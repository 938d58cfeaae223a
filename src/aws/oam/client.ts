import { AccountClient } from '@aws-sdk/client-account';
import { partition } from '@aws-sdk/core/client';
import { makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import { TypeRegistry } from '@smithy/core/schema';
import type { SdkCommand } from '../operation.ts';
import {
  type GetLinkInput,
  type GetLinkOutput,
  getLink,
  type ListLinksInput,
  type ListLinksOutput,
  listLinks,
  NAMESPACE,
} from './schema.ts';

/**
 * CloudWatch Observability Access Manager, for the two operations this program asks it for: there is no client package of
 * the age of the others. Clients of the SDK for REST-JSON services differ in schema, signing name and endpoint alone, so
 * another's becomes this one by those three.
 */
export function createOamClient(config: object): AccountClient {
  return new AccountClient({
    ...config,
    serviceId: 'OAM',
    protocolSettings: { defaultNamespace: NAMESPACE, errorTypeRegistries: [TypeRegistry.for(NAMESPACE)] },
    endpointProvider: ({ Endpoint, Region = '' }) => ({
      url: new URL(Endpoint ?? `https://oam.${Region}.${partition(Region).dnsSuffix}`),
      properties: { authSchemes: [{ name: 'sigv4', signingName: 'oam', signingRegion: Region, properties: {} }] },
    }),
  });
}

const PARAMETERS = {
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
} as const;

const command = makeBuilder(PARAMETERS, 'OAM', 'OamClient', getEndpointPlugin);

/** Links of an account and region that share telemetry with monitoring accounts. */
export const ListLinksCommand: new (input: ListLinksInput) => SdkCommand<ListLinksInput, ListLinksOutput> =
  class ListLinksCommand extends command<ListLinksInput, ListLinksOutput>({}, () => [], 'ListLinks', listLinks) {};

/** One link in full. */
export const GetLinkCommand: new (input: GetLinkInput) => SdkCommand<GetLinkInput, GetLinkOutput> =
  class GetLinkCommand extends command<GetLinkInput, GetLinkOutput>({}, () => [], 'GetLink', getLink) {};
