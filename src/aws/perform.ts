import type { Clients } from './clients.ts';
import type { CallRecord, Identity } from './identity.ts';
import type { Entry } from './operations/table.ts';

export interface Call {
  entry: Entry;
  account: string;
  region: string;
  input: object;
  identity: Identity;
  onCall?: ((call: CallRecord) => void) | undefined;
}

export type Perform = (call: Call) => Promise<object>;

/** The one place from which calls go to AWS; each is recorded, whatever comes of it. */
export function createPerform({
  clients,
  now,
  clock,
  onCall,
}: {
  clients: Clients;
  now: () => Date;
  clock: () => number;
  onCall: (call: CallRecord) => void;
}): Perform {
  return async ({ entry, account, region, input, identity, onCall: alsoTell }) => {
    // Before the SDK asks: what stands in the way of entering then comes out as it is.
    await identity.credentials();
    const at = now();
    const started = clock();
    const record = (answer: unknown, error?: string) => {
      const call: CallRecord = {
        operation: entry.name,
        account,
        region,
        identity: identity.kind,
        ...metadataOf(answer),
        durationMs: Math.round(clock() - started),
        ...(error !== undefined && { error }),
        at,
      };
      onCall(call);
      alsoTell?.(call);
    };
    try {
      const output = await clients.get(entry, account, region, identity).send(entry.operation.build(input));
      record(output);
      return output;
    } catch (error) {
      record(error, error instanceof Error ? error.name : 'Unknown');
      throw error;
    }
  };
}

function metadataOf(answer: unknown): { requestId: string; attempts: number } {
  const none = { requestId: '', attempts: 1 };
  if (typeof answer !== 'object' || answer === null || !('$metadata' in answer)) return none;
  const metadata = answer.$metadata;
  if (typeof metadata !== 'object' || metadata === null) return none;
  const requestId = 'requestId' in metadata && typeof metadata.requestId === 'string' ? metadata.requestId : '';
  const attempts = 'attempts' in metadata && typeof metadata.attempts === 'number' ? metadata.attempts : 1;
  return { requestId, attempts };
}
