import type { OperationName } from '../aws/operations/table.ts';
import { actionNames } from '../aws/permissions.ts';
import { accountParts } from './accounts.ts';
import { alarmParts } from './alarms.ts';
import { authorizationParts } from './authorization.ts';
import { bucketParts } from './buckets.ts';
import { recorderParts } from './config-recorders.ts';
import { configParts } from './config-rules.ts';
import { storeParts } from './event-data-stores.ts';
import { iamParts } from './iam.ts';
import { insightParts } from './insights.ts';
import { keyParts } from './keys.ts';
import { sharingParts } from './log-sharing.ts';
import { logParts } from './logs.ts';
import { organizationParts } from './organization.ts';
import type { PartReaders } from './reader.ts';
import { securityHubParts } from './security-hub.ts';
import { topicParts } from './topics.ts';
import { trailParts } from './trails.ts';
import type { PartKey, PartName } from './types.ts';

/** Every part of a snapshot, with what reads it. */
export const PARTS: PartReaders<PartName> = {
  ...accountParts,
  ...organizationParts,
  ...trailParts,
  ...insightParts,
  ...storeParts,
  ...bucketParts,
  ...keyParts,
  ...logParts,
  ...sharingParts,
  ...alarmParts,
  ...topicParts,
  ...iamParts,
  ...authorizationParts,
  ...configParts,
  ...recorderParts,
  ...securityHubParts,
};

/** Names of all parts, in the order of the catalogue. */
export const PART_NAMES: readonly PartName[] = Object.keys(PARTS).filter(isPartName);

export function isPartName(name: string): name is PartName {
  return Object.hasOwn(PARTS, name);
}

/** Parts by which the resources of an estate are found; they are read whatever is asked for. */
const FINDING: readonly PartName[] = ['account.trails', 'trail'];

/** The parts asked for with everything they are read from, and what finds them. */
export function withNeeds(names: readonly PartName[]): Set<PartName> {
  const all = new Set<PartName>();
  const add = (name: PartName) => {
    if (all.has(name)) return;
    all.add(name);
    PARTS[name].needs.forEach(add);
  };
  [...FINDING, ...names].forEach(add);
  return all;
}

/** IAM actions that a reader must be allowed for these parts: they follow from the operations, none is written by hand. */
export function iamActionsOf(names: readonly PartName[]): string[] {
  const operations = [...withNeeds(names)].flatMap((name): readonly OperationName[] => PARTS[name].operations);
  return [...new Set(operations.flatMap(actionNames))].sort();
}

/** `bucket.policy:acme-logs` taken apart. Undefined when it names no part. */
export function splitPartKey(key: PartKey | string): { name: PartName; key: string } | undefined {
  const colon = key.indexOf(':');
  const name = key.slice(0, colon);
  return colon > 0 && isPartName(name) ? { name, key: key.slice(colon + 1) } : undefined;
}
