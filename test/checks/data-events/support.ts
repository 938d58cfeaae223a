import { expect } from 'vitest';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import { ACCOUNT, denied, emptySnapshot, MANAGEMENT } from '../../support/snapshot.ts';
import { accountWith, advanced, basic, memberUnderUnknown } from '../trail/support.ts';

/** Name, snapshot, verdict, what else the finding has, settings. */
export type Case = [string, () => Snapshot, string, JsonObject?, JsonObject?];

type Fields = { [field: string]: { [operator: string]: string[] } };

export const management = advanced({ eventCategory: { Equals: ['Management'] } });

/** An advanced selector for the data events of a type. */
export function data(type: string, more: Fields = {}) {
  return advanced({ eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: [type] }, ...more });
}

/** A basic selector for all management events and data events of some resources. */
export function resources(Type: string, Values: string[], ReadWriteType = 'All') {
  return basic(ReadWriteType, true, { DataResources: [{ Type, Values }] });
}

/** An account whose one trail has these basic selectors. */
export function selecting(...EventSelectors: JsonObject[]): Snapshot {
  return accountWith({ selectors: { EventSelectors } });
}

/** An account whose one trail has these advanced selectors. */
export function choosing(...AdvancedEventSelectors: JsonObject[]): Snapshot {
  return accountWith({ selectors: { AdvancedEventSelectors } });
}

/** The edge cases of every check that asks whether a logging trail covers the account. */
export const uncovered: Case[] = [
  [
    'Account with no covering trail: fail, with trail/account-covered as the cause, so that a report shows one line',
    () => emptySnapshot(),
    'fail',
    { cause: 'trail/account-covered', fix: 'none' },
  ],
  [
    'Trail configured in full but stopped: counts for nothing',
    () => accountWith({ status: { IsLogging: false } }),
    'fail',
    { cause: 'trail/account-covered' },
  ],
];

/** The edge cases of every check that reads selectors. */
export const unread: Case[] = [
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  [
    'AccessDenied on GetEventSelectors: unknown, naming cloudtrail:GetEventSelectors',
    () => accountWith({ selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) }),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
];
