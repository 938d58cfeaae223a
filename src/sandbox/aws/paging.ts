import { AwsError } from './types.ts';

export interface Page<T> {
  items: T[];
  /** Undefined on the last page. */
  next: string | undefined;
}

/** One page of a list. Tokens are opaque; a forged one is refused with the service's own error. */
export function pageOf<T>(items: readonly T[], token: unknown, size: number, invalid: AwsError): Page<T> {
  const start = token === undefined || token === '' ? 0 : offsetIn(token, invalid);
  const end = start + size;
  return { items: items.slice(start, end), next: end < items.length ? tokenFor(end) : undefined };
}

export function tokenFor(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64url');
}

export function offsetIn(token: unknown, invalid: AwsError): number {
  const text = typeof token === 'string' ? Buffer.from(token, 'base64url').toString('utf8') : '';
  const offset = /^offset:(\d+)$/.exec(text)?.[1];
  if (offset === undefined) throw invalid;
  return Number(offset);
}

/** A page size given as a number or as text; over the service's maximum it is the maximum. */
export function sizeOf(wanted: unknown, most: number): number {
  const size = Number(wanted ?? most);
  if (!Number.isInteger(size) || size < 1)
    throw new AwsError('ValidationException', `${String(wanted)} is no page size.`);
  return Math.min(size, most);
}
