import { lookup as dnsLookup } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export interface Transport {
  /** One handler for all clients: one pool of connections, so never `destroy()` a client. */
  handler: NodeHttpHandler;
  /** What a client of this service is told about the endpoint, if anything. */
  endpointConfig(service: string): { endpoint?: string; forcePathStyle?: boolean };
  close(): void;
}

type Env = Readonly<Record<string, string | undefined>>;

const MAX_SOCKETS = 200;

/** Connections to AWS, or to `endpoint` (else AWS_ENDPOINT_URL, which the SDK reads itself). */
export function createTransport({ endpoint, env }: { endpoint?: string; env: Env }): Transport {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS, lookup: localLookup };
  const handler = new NodeHttpHandler({
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    throwOnRequestTimeout: true,
    // A full pool is how concurrency is bounded, nothing to warn of.
    socketAcquisitionWarningTimeout: 600_000,
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
  });
  const configured = (service: string) =>
    endpoint ??
    (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true'
      ? undefined
      : env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL);

  return {
    handler,
    endpointConfig(service) {
      if (service === 's3control') return given(byName(configured('S3_CONTROL')));
      // Other implementations of S3 seldom answer to a host name for each bucket.
      if (service === 's3' && configured('S3')) return { ...given(endpoint), forcePathStyle: true };
      return given(endpoint);
    },
    close: () => handler.destroy(),
  };
}

const given = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint });

/** S3 Control puts the account id before the host, which an address cannot bear (decision 60). */
function byName(endpoint: string | undefined): string | undefined {
  return endpoint?.replace(/^(https?:\/\/)127\.0\.0\.1(?=[:/]|$)/, '$1localhost');
}

/** `*.localhost` is this machine (RFC 6761), but not every resolver knows. */
const localLookup: LookupFunction = (hostname, options, callback) => {
  if (!hostname.endsWith('.localhost')) dnsLookup(hostname, options, callback);
  else if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};
