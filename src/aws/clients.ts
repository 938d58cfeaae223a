import { ANSWER_LOST, classify } from './classify.ts';
import type { Identity } from './identity.ts';
import type { Limiter } from './limiter.ts';
import type { Middleware, SdkClient } from './operation.ts';
import type { Entry } from './operations/table.ts';
import { rateOf } from './rates.ts';
import type { Transport } from './transport.ts';

/** A client is 60 to 100 KB and 3 ms; an estate has accounts x regions x services of them. */
const MOST_CLIENTS = 500;
/** First try included; throttled calls wait up to 1, 2, 4, 8 s between. */
const MAX_ATTEMPTS = 5;

export interface Clients {
  get(entry: Entry, account: string, region: string, identity: Identity): SdkClient;
}

/** SDK clients by identity, region and service; the least recently used are dropped. */
export function createClients({ transport, limiter }: { transport: Transport; limiter: Limiter }): Clients {
  const clients = new Map<string, SdkClient>();

  function create({ service, serviceName }: Entry, account: string, region: string, identity: Identity): SdkClient {
    const client = service.createClient({
      region,
      credentials: identity.credentials,
      requestHandler: transport.handler,
      maxAttempts: MAX_ATTEMPTS,
      retryMode: 'standard',
      userAgentAppId: 'trail-check',
      ...transport.endpointConfig(serviceName),
    });
    const scope = `${account}/${service.global ? 'global' : region}`;
    const limited: Middleware = (next, { commandName = '' }) => {
      const kind = service.operations[commandName.replace(/Command$/, '')]?.kind ?? 'read';
      const rate = rateOf(serviceName, kind);
      return async (args) => {
        await limiter.take(scope, rate);
        try {
          return await next(args);
        } catch (error) {
          if (classify(error).kind === 'throttled') limiter.throttled(scope, rate);
          throw kind === 'write' && serviceName !== 'sts' ? unanswered(reachedLimit(error)) : reachedLimit(error);
        }
      };
    };
    // Inside the retry, so that every attempt takes its turn.
    client.middlewareStack.addRelativeTo(limited, {
      relation: 'after',
      toMiddleware: 'retryMiddleware',
      name: 'rateLimit',
    });
    return client;
  }

  return {
    get(entry, account, region, identity) {
      const key = `${identity.key}/${region}/${entry.serviceName}`;
      const client = clients.get(key) ?? create(entry, account, region, identity);
      clients.delete(key);
      clients.set(key, client);
      if (clients.size > MOST_CLIENTS) clients.delete(clients.keys().next().value ?? '');
      return client;
    },
  };
}

/**
 * A write without an answer may have been carried out, and the SDK would send it again. Under this name it does not:
 * whoever sent it looks at the state first. No cause, for the SDK looks into that too.
 */
function unanswered(error: unknown): unknown {
  const failure = classify(error);
  if (failure.kind !== 'network' && failure.kind !== 'timeout') return error;
  return Object.assign(new Error(`no answer came: ${failure.message}`), { name: ANSWER_LOST });
}

/** The SDK takes LimitExceededException for throttling; it says that a resource is full, and waiting does not help. */
function reachedLimit(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'LimitExceededException') return error;
  const metadata = '$metadata' in error ? error.$metadata : {};
  return Object.assign(new Error(error.message), { name: 'LimitExceeded', $metadata: metadata });
}
