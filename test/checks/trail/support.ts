import type { Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  denied,
  emptySnapshot,
  MANAGEMENT,
  REGION,
  unreachable,
  withOrganization,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';

export type TrailOptions = NonNullable<Parameters<typeof withTrail>[1]>;

export const ORGANIZATION_TRAIL = `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/org`;

/** One account and its trails, with nothing else. */
export function accountWith(...trails: TrailOptions[]): Snapshot {
  return trails.reduce(withTrail, emptySnapshot());
}

/** A member of an organization whose trail belongs to the management account. */
export function memberUnder(trail: TrailOptions, ...own: TrailOptions[]): Snapshot {
  const accounts = emptySnapshot({ accounts: [ACCOUNT, { id: MANAGEMENT, inScope: false }] });
  const members = { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true, visibleIn: [MANAGEMENT, ACCOUNT] };
  return own.reduce(withTrail, withTrail(withOrganization(accounts), { ...members, ...trail }));
}

/** The same, where the management account cannot be entered. */
export function memberUnderUnknown(): Snapshot {
  return withPart(memberUnder({}), 'trail', ORGANIZATION_TRAIL, unreachable(MANAGEMENT));
}

/** An account whose trails nobody may list. */
export function listingDenied(action = 'cloudtrail:DescribeTrails'): Snapshot {
  return withPart(emptySnapshot(), 'account.trails', ACCOUNT, denied(action, ACCOUNT));
}

/** Basic selectors with management events. */
export function basic(ReadWriteType: string, IncludeManagementEvents = true, more: object = {}) {
  return { ReadWriteType, IncludeManagementEvents, DataResources: [], ...more };
}

/** An advanced selector from its fields. */
export function advanced(fields: { [field: string]: { [operator: string]: string[] } }, Name = 'any') {
  return { Name, FieldSelectors: Object.entries(fields).map(([Field, operators]) => ({ Field, ...operators })) };
}
