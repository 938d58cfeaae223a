/** Builders for CloudTrail Lake and Insights. */
import { randomUUID } from 'node:crypto';
import { arn } from '../arn.ts';
import { regionOf } from '../region.ts';
import type { Account, Estate, EventDataStore, PolicyStatement, Trail } from '../types.ts';

/**
 * An enabled event data store of all management events of all regions, kept for a year, protected from deletion.
 * `wanted` says what differs: `{status: 'PENDING_DELETION'}`, `{organization: true}`, `{kmsKeyId}`, `{retention: 7}`, …
 */
export function eventDataStore(
  estate: Estate,
  account: Account,
  name: string,
  wanted: Partial<EventDataStore> & { region?: string } = {},
): EventDataStore {
  const { region = 'us-east-1', ...given } = wanted;
  const made: EventDataStore = {
    arn: arn(estate, 'cloudtrail', region, account.id, `eventdatastore/${randomUUID()}`),
    name,
    status: 'ENABLED',
    selectors: [{ Name: 'Management events', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }],
    multiRegion: true,
    organization: false,
    retention: 366,
    terminationProtection: true,
    kmsKeyId: undefined,
    billingMode: 'EXTENDABLE_RETENTION_PRICING',
    federation: 'DISABLED',
    createdAt: new Date('2024-03-01T09:00:00Z'),
    updatedAt: new Date('2024-03-01T09:00:00Z'),
    tags: {},
    ...given,
  };
  regionOf(account, region).eventDataStores.set(made.arn, made);
  return made;
}

/** What a key policy needs beside its owner's statement, for CloudTrail to encrypt an event data store with it. */
export function lakeStatement(store: Pick<EventDataStore, 'arn'>): PolicyStatement {
  return {
    Sid: 'Allow CloudTrail Lake',
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceArn': store.arn } },
  };
}

/** Switches Insights of these types on, both of them unless told. */
export function insights(
  trail: Trail,
  types: ('ApiCallRateInsight' | 'ApiErrorRateInsight')[] = ['ApiCallRateInsight', 'ApiErrorRateInsight'],
): void {
  trail.insightSelectors = types.map((InsightType) => ({ InsightType, EventCategories: ['Management'] }));
}
