import { TrailCheckError } from '../ops/error.ts';
import type { CallRecord, Identity } from './identity.ts';
import { type Entry, findOperation, type InputOf, type OperationName, type OutputOf } from './operations/table.ts';
import type { Perform } from './perform.ts';

/** Calls in one account under one identity. */
export interface Session {
  readonly account: string;
  /** Makes one call. Rejects with the SDK's error (see `classify`), or with CannotEnter, ReadOnlyViolation, FenceViolation. */
  call<Name extends OperationName>(name: Name, region: string, input: InputOf<Name>): Promise<OutputOf<Name>>;
  /** The same for calls that come as data, from a plan. */
  send(name: string, region: string, input: object): Promise<object>;
  /** All pages of a list, one answer after the other. */
  pages<Name extends OperationName>(name: Name, region: string, input: InputOf<Name>): AsyncIterable<OutputOf<Name>>;
}

export interface SessionOptions {
  account: string;
  /** Endpoint region of global services. */
  homeRegion: string;
  perform: Perform;
  /** Who makes this call; throws if it must not be made. */
  identityFor(entry: Entry, region: string, input: object): Promise<Identity> | Identity;
  onCall?: ((call: CallRecord) => void) | undefined;
}

export function createSession({ account, homeRegion, perform, identityFor, onCall }: SessionOptions): Session {
  async function send(name: string, region: string, input: object): Promise<object> {
    const entry = findOperation(name);
    if (entry === undefined) {
      throw new TrailCheckError(`${name} is not an operation of this program`, {
        next: 'Add it to src/aws/operations.',
      });
    }
    const identity = await identityFor(entry, region, input);
    const where = entry.service.global ? homeRegion : region;
    return perform({ entry, account, region: where, input, identity, onCall });
  }

  // The table pairs each name with its command, so this is that command's output; a lookup by name loses the type.
  const call = async <Name extends OperationName>(name: Name, region: string, input: InputOf<Name>) =>
    (await send(name, region, input)) as OutputOf<Name>;

  return {
    account,
    call,
    send,
    async *pages(name, region, input) {
      const page = findOperation(name)?.operation.page;
      let token: unknown;
      do {
        const output = await call(name, region, token === undefined ? input : { ...input, [page?.input ?? '']: token });
        yield output;
        const next = page === undefined ? undefined : memberOf(output, page.output);
        if (next !== undefined && next === token) {
          throw new TrailCheckError(`${name} gave the same page token twice`, {
            what: `${name} in account ${account}`,
          });
        }
        token = next;
      } while (token);
    },
  };
}

function memberOf(value: object, name: string): unknown {
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
