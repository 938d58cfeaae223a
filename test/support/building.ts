import type { Part, PartName, Snapshot } from '../../src/snapshot/types.ts';
import { read } from './parts.ts';

/* What the builders of snapshots share. */

export const ACCOUNT = '111111111111';
export const ARCHIVE = '222222222222';
export const MANAGEMENT = '333333333333';
export const REGION = 'us-east-1';
export const NOW = '2026-11-20T12:00:00.000Z';
export const BUCKET = 'acme-cloudtrail-logs';
export const TRAIL_ARN = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/audit`;
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1a2b3c4d-1111-2222-3333-444455556666`;
export const LOG_GROUP_ARN = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:cloudtrail`;
export const LOG_ROLE = 'cloudtrail-to-logs';
export const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:security-alerts`;
export const TOPIC_KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1a2b3c4d-1111-2222-3333-777788889999`;
export const STORE_ARN = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:eventdatastore/5a6b7c8d-1111-2222-3333-444455556666`;

/** A value for a part, or the part itself. */
export type Given<T> = T | Part<T>;
/** Members may be left out, or taken away by `undefined`. */
export type Loose<T> = { [K in keyof T]?: T[K] | undefined };

/** Lays parts over those of a snapshot. */
export function overlay(snapshot: Snapshot, parts: { [Name in PartName]?: Snapshot[Name] }): Snapshot {
  const known = new Map<string, object>(Object.entries(snapshot));
  const merged = Object.entries(parts).map(([name, more]) => [name, { ...known.get(name), ...more }]);
  return { ...snapshot, ...Object.fromEntries(merged) };
}

const STATES = ['read', 'absent', 'denied', 'unreachable', 'throttled', 'unsupported', 'error'];

export function part<T>(given: Given<T>): Part<T> {
  const isPart =
    typeof given === 'object' && given !== null && 'state' in given && STATES.includes(String(given.state));
  return isPart ? (given as Part<T>) : read(given as T);
}

/** The members of a part that are given, over healthy ones; a part that was not read stays as it is. */
export function partOver<T>(healthy: T, given: Given<Loose<T>>): Part<T> {
  const wanted = part(given);
  return wanted.state === 'read' ? read(defined<T>({ ...healthy, ...wanted.value })) : wanted;
}

/** Takes out members that are `undefined`. */
export function defined<T>(value: Loose<T>): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

/** ISO time so many hours before another. */
export function hoursBefore(time: string, hours: number): string {
  return new Date(Date.parse(time) - hours * 3_600_000).toISOString();
}

/** Ids of the accounts in scope. */
export function inScope(snapshot: Snapshot): string[] {
  return Object.values(snapshot.accounts).flatMap((account) => (account.inScope ? [account.id] : []));
}
