import { classify } from '../aws/classify.ts';
import type { Part, Unreadable } from './types.ts';

export function read<T>(value: T): Part<T> {
  return { state: 'read', value };
}

export function absent(code: string): Part<never> {
  return { state: 'absent', code };
}

/** The value turned into another; whatever else the part is stays as it is. */
export function mapPart<From, To>(part: Part<From>, change: (value: From) => To): Part<To> {
  return part.state === 'read' ? read(change(part.value)) : part;
}

/** Like `mapPart`, for a change that may find the thing absent or unreadable after all. */
export function chainPart<From, To>(part: Part<From>, change: (value: From) => Part<To>): Part<To> {
  return part.state === 'read' ? change(part.value) : part;
}

export function isUnreadable(part: Part<unknown>): part is Unreadable {
  return part.state !== 'read' && part.state !== 'absent';
}

/** What a failed call leaves of a part: for certain absent, or the reason why nothing is known. */
export function partFrom(error: unknown, operation: string, account: string): Exclude<Part<never>, { state: 'read' }> {
  const failure = classify(error, operation);
  switch (failure.kind) {
    case 'absent':
      return { state: 'absent', code: failure.code };
    case 'denied':
      return {
        state: 'denied',
        action: failure.action ?? operation,
        account,
        scp: failure.scp,
        message: failure.message,
      };
    case 'unreachable':
      return { state: 'unreachable', account: failure.account, message: failure.message };
    case 'throttled':
      return { state: 'throttled', operation, account, message: failure.message };
    case 'unsupported':
      return { state: 'unsupported', operation, message: failure.message };
    case 'network':
    case 'timeout':
      return { state: 'error', operation, account, message: failure.message };
    case 'error':
      return { state: 'error', operation, account, message: `${failure.code}: ${failure.message}` };
  }
}
