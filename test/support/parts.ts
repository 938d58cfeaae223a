import type { Part } from '../../src/snapshot/types.ts';

/** A part that was read. */
export function read<T>(value: T): Part<T> {
  return { state: 'read', value };
}

/** A part that AWS said does not exist. */
export function absent(code: string): Part<never> {
  return { state: 'absent', code };
}

/** A part whose read was refused. */
export function denied(action: string, account: string, { scp = false } = {}): Part<never> {
  const message = scp
    ? `is not authorized to perform: ${action} with an explicit deny in a service control policy`
    : `is not authorized to perform: ${action}`;
  return { state: 'denied', action, account, scp, message };
}

/** A part of an account that could not be entered. */
export function unreachable(account: string, message = 'the reader role refused to be assumed'): Part<never> {
  return { state: 'unreachable', account, message };
}

export function throttled(operation: string, account: string): Part<never> {
  return { state: 'throttled', operation, account, message: 'Rate exceeded' };
}

export function unsupported(operation: string, message = 'not offered in this region'): Part<never> {
  return { state: 'unsupported', operation, message };
}

export function failed(operation: string, account: string, message = 'Internal failure'): Part<never> {
  return { state: 'error', operation, account, message };
}
