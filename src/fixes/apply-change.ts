import { z } from 'zod';
import { classify } from '../aws/classify.ts';
import type { Session } from '../aws/session.ts';
import { outputReference } from '../check/output-reference.ts';
import type { Call, Change } from '../check/plan.ts';
import { holds, partAt, splitPartKey, stateOf } from '../check/state.ts';
import type { Json, JsonObject, Snapshot } from '../snapshot/types.ts';
import type { ChangeProgress } from './fix.ts';

/** What the state at a change's target says about it. */
export type Standing = 'to-do' | 'done' | 'other' | 'unreadable';

/** Has this change been made, is it still to be made, or did somebody else change what it starts from? */
export function standingOf(change: Pick<Change, 'target' | 'expect' | 'result'>, snapshot: Snapshot): Standing {
  const { name } = splitPartKey(change.target);
  const part = partAt(snapshot, change.target);
  if (part === undefined) return 'unreadable';
  const found = stateOf(name, part);
  if (!found.known) return 'unreadable';
  if (holds(found.state, change.result)) return 'done';
  return holds(found.state, change.expect) ? 'to-do' : 'other';
}

/** Errors that pass when AWS has settled: a trail still being updated, a role that IAM has not spread yet. */
const SETTLING = new Set([
  'ConflictException',
  'InvalidCloudWatchLogsRoleArnException',
  'InsufficientS3BucketPolicyException',
  'InsufficientEncryptionPolicyException',
  'OperationAborted',
  'ConcurrentModificationException',
]);
const SETTLING_MS = 60_000;
const FIRST_WAIT_MS = 2_000;

/** What became of a call. `lost`: no answer came, so AWS may have carried it out or not. */
export interface Attempt {
  made: ChangeProgress;
  lost: boolean;
}

/**
 * Makes one call and waits, with a bound, for AWS to settle. Throttling is the session's business.
 * `earlier` is what the steps before answered.
 */
export async function makeCall(
  session: Session,
  call: Call,
  earlier: readonly ChangeProgress[],
  sleep: (ms: number) => Promise<void>,
): Promise<Attempt> {
  const input = resolveOutputs(call.input, earlier);
  if (input === undefined) {
    const error = `${call.operation} needs what an earlier step answered, and that is not known.`;
    return { made: { state: 'failed', error }, lost: false };
  }
  for (let waited = 0, wait = FIRST_WAIT_MS; ; wait *= 2) {
    try {
      const { $metadata, ...output } = answer.parse(await session.send(call.operation, call.region, input));
      const requestId = $metadata?.requestId;
      const plain = plainOutput(output);
      const made: ChangeProgress = { state: 'done', output: plain, ...(requestId === undefined ? {} : { requestId }) };
      return { made, lost: false };
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (!SETTLING.has(name) || waited >= SETTLING_MS) {
        const { kind } = classify(error, call.operation);
        return {
          made: { state: 'failed', error: describe(error, call) },
          lost: kind === 'network' || kind === 'timeout',
        };
      }
      await sleep(wait);
      waited += wait;
    }
  }
}

const answer = z.looseObject({ $metadata: z.looseObject({ requestId: z.string().optional() }).optional() });

function describe(error: unknown, { operation, account }: Call): string {
  const failure = classify(error, operation);
  if (failure.kind === 'denied') {
    return `${operation} was refused in account ${account}: the fixer lacks ${failure.action ?? operation}${failure.scp ? ' (service control policy)' : ''}.`;
  }
  const message = 'message' in failure ? failure.message : failure.code;
  const code = failure.kind === 'error' ? failure.code : failure.kind;
  return `${operation} failed in account ${account} with ${code}: ${message}`;
}

/** Only what later steps may refer to: plain data, short. */
function plainOutput(output: object): { [member: string]: unknown } {
  return Object.fromEntries(
    Object.entries(output).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  );
}

/** Replaces `{$output: [step, member]}` by what that step answered; undefined where that is not known. */
export function resolveOutputs(input: JsonObject, earlier: readonly ChangeProgress[]): JsonObject | undefined {
  let known = true;
  const resolve = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(resolve);
    if (value === null || typeof value !== 'object') return value;
    const reference = outputReference(value);
    if (reference === undefined) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
    }
    const found = earlier[reference.step]?.output?.[reference.member];
    if (typeof found === 'string') return found;
    known = false;
    return null;
  };
  const resolved = Object.fromEntries(Object.entries(input).map(([key, value]) => [key, resolve(value)]));
  return known ? resolved : undefined;
}
