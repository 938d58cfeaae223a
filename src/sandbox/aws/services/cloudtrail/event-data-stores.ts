/** Event data stores of CloudTrail Lake: listing, reading, changing, taking back from deletion. */
import { accountOf } from '../../arn.ts';
import { keyByArn } from '../../delivery.ts';
import { neededString, recordsIn, stringIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { decide } from '../../policy.ts';
import { regionOf } from '../../region.ts';
import {
  AwsError,
  type EventDataStore,
  type Input,
  type Operation,
  type Output,
  type Permission,
  type RequestContext,
} from '../../types.ts';
import { keyPermission } from '../kms/find.ts';
import { flagIn, jsonOf, numberIn } from '../members.ts';
import { isTrailAdministrator } from './find.ts';
import { checkOrganization, organizationPermissions } from './organization.ts';
import { READ, WRITE } from './quotas.ts';
import { invalidSelectors } from './selector-errors.ts';
import { keyAsked } from './write.ts';

const SHORTEST_DAYS = 7;
const LONGEST_DAYS = { EXTENDABLE_RETENTION_PRICING: 3653, FIXED_RETENTION_PRICING: 2557 };

/** Own ones of the region; a delegated administrator reaches the organization's, which the management account owns. */
export function storesSeenBy({ estate, account, region }: RequestContext): EventDataStore[] {
  const own = [...regionOf(account, region).eventDataStores.values()];
  const management = estate.accounts.get(estate.organization?.managementAccountId ?? '');
  if (!management || !isTrailAdministrator(estate, account)) return own;
  const shared = [...regionOf(management, region).eventDataStores.values()].filter((store) => store.organization);
  return [...own, ...shared];
}

/** The store of a request, by its ARN or by the id that ends it. */
export function storeOf(context: RequestContext, asked: string): EventDataStore {
  const id = /^(?:arn:[\w-]+:cloudtrail:[\w-]+:\d{12}:eventdatastore\/)?([\da-f-]{36})$/.exec(asked)?.[1];
  if (id === undefined) {
    throw new AwsError('EventDataStoreARNInvalidException', `${asked} is not the ARN of an event data store.`);
  }
  const store = storesSeenBy(context).find(({ arn }) => (asked.startsWith('arn:') ? arn === asked : arn.endsWith(id)));
  if (!store) throw new AwsError('EventDataStoreNotFoundException', `Event data store ${asked} was not found.`);
  return store;
}

function arnAsked({ estate, account, region }: RequestContext, input: Input): string {
  const asked = stringIn(input, 'EventDataStore') ?? '';
  if (asked.startsWith('arn:')) return asked;
  return `arn:${estate.partition}:cloudtrail:${region}:${account.id}:eventdatastore/${asked}`;
}

function described(store: EventDataStore): Output {
  return {
    EventDataStoreArn: store.arn,
    Name: store.name,
    Status: store.status,
    AdvancedEventSelectors: store.selectors,
    MultiRegionEnabled: store.multiRegion,
    OrganizationEnabled: store.organization,
    RetentionPeriod: store.retention,
    TerminationProtectionEnabled: store.terminationProtection,
    CreatedTimestamp: store.createdAt,
    UpdatedTimestamp: store.updatedAt,
    KmsKeyId: store.kmsKeyId,
    BillingMode: store.billingMode,
  };
}

const withFederation = (store: EventDataStore) => ({ ...described(store), FederationStatus: store.federation });

/** Only ARN and name: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventDataStore.html */
const listEventDataStores: Operation = {
  quota: READ,
  permissions: () => [{ action: 'cloudtrail:ListEventDataStores', resource: '*' }],
  handle(context, input) {
    const invalid = new AwsError('InvalidNextTokenException', 'The NextToken is not valid.');
    const size = sizeOf(input.MaxResults, 1000);
    const { items, next } = pageOf(storesSeenBy(context), input.NextToken, size, invalid);
    return {
      EventDataStores: items.map(({ arn, name }) => ({ EventDataStoreArn: arn, Name: name })),
      NextToken: next,
    };
  },
};

function onStore(
  action: string,
  quota: NonNullable<Operation['quota']>,
  handle: (context: RequestContext, store: EventDataStore, input: Input) => Output,
  more: (context: RequestContext, input: Input) => Permission[] = () => [],
): Operation {
  return {
    quota,
    permissions: (context, input) => [
      { action: `cloudtrail:${action}`, resource: arnAsked(context, input) },
      ...more(context, input),
    ],
    handle: (context, input) =>
      handle(context, storeOf(context, neededString(input, 'EventDataStore', 'InvalidParameterException')), input),
  };
}

/** Caller and CloudTrail both use the key: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/lake-permissions.html */
function keyPermissions(context: RequestContext, input: Input): Permission[] {
  const asked = stringIn(input, 'KmsKeyId');
  const key = asked ? keyByArn(context.estate, keyAsked(context, asked) ?? '') : undefined;
  if (!key) return [];
  return ['Decrypt', 'GenerateDataKey'].map((action) => keyPermission(context, key, action));
}

function updatePermissions(context: RequestContext, input: Input): Permission[] {
  const converting = flagIn(input, 'OrganizationEnabled') !== undefined;
  return [...keyPermissions(context, input), ...(converting ? organizationPermissions(context) : [])];
}

function update(context: RequestContext, store: EventDataStore, input: Input): Output {
  if (store.status === 'PENDING_DELETION') {
    throw new AwsError('InactiveEventDataStoreException', `Event data store ${store.arn} is pending deletion.`);
  }
  const wanted: EventDataStore = {
    ...store,
    name: nameIn(context, store, input),
    selectors: input.AdvancedEventSelectors === undefined ? store.selectors : selectorsIn(input),
    multiRegion: flagIn(input, 'MultiRegionEnabled') ?? store.multiRegion,
    organization: flagIn(input, 'OrganizationEnabled') ?? store.organization,
    terminationProtection: flagIn(input, 'TerminationProtectionEnabled') ?? store.terminationProtection,
    retention: numberIn(input, 'RetentionPeriod') ?? store.retention,
    billingMode: billingIn(store, input),
    kmsKeyId: keyIn(context, store, input),
    updatedAt: context.estate.now(),
  };
  const longest = LONGEST_DAYS[wanted.billingMode];
  if (wanted.retention < SHORTEST_DAYS || wanted.retention > longest) {
    throw new AwsError('InvalidParameterException', `RetentionPeriod is ${SHORTEST_DAYS} to ${longest} days.`);
  }
  if (wanted.organization !== store.organization) checkConversion(context);
  Object.assign(store, wanted);
  return withFederation(store);
}

/** Administrators make stores of the organization, but only the management account turns one into the other kind. */
function checkConversion(context: RequestContext): void {
  checkOrganization(context);
  if (context.estate.organization?.managementAccountId === context.account.id) return;
  throw new AwsError(
    'NotOrganizationMasterAccountException',
    "Only the management account can turn an event data store into the organization's or back.",
  );
}

function nameIn(context: RequestContext, store: EventDataStore, input: Input): string {
  const name = stringIn(input, 'Name') ?? store.name;
  if (!/^[\w.-]{3,128}$/.test(name)) throw new AwsError('InvalidParameterException', `${name} is not a valid name.`);
  const taken = storesSeenBy(context).some((other) => other !== store && other.name === name);
  if (taken) throw new AwsError('EventDataStoreAlreadyExistsException', `There is an event data store ${name}.`);
  return name;
}

function selectorsIn(input: Input): EventDataStore['selectors'] {
  const selectors = recordsIn(input, 'AdvancedEventSelectors');
  const complete = selectors.every((selector) =>
    recordsIn(selector, 'FieldSelectors').some((field) => field.Field === 'eventCategory'),
  );
  if (selectors.length === 0 || !complete) throw invalidSelectors('Every selector needs the field eventCategory.');
  return selectors.map(jsonOf);
}

/** From seven years at one price one can change to the extendable price, and never back. */
function billingIn(store: EventDataStore, input: Input): EventDataStore['billingMode'] {
  const mode = stringIn(input, 'BillingMode') ?? store.billingMode;
  if (mode === store.billingMode || mode === 'EXTENDABLE_RETENTION_PRICING') return mode;
  throw new AwsError('InvalidParameterException', `BillingMode cannot be changed to ${mode}.`);
}

/** Once there is a key it stays: it can neither be taken away nor replaced. */
function keyIn(context: RequestContext, store: EventDataStore, input: Input): string | undefined {
  const asked = stringIn(input, 'KmsKeyId');
  if (asked === undefined) return store.kmsKeyId;
  const arn = asked === '' ? undefined : keyAsked(context, asked);
  if (store.kmsKeyId !== undefined && store.kmsKeyId !== arn) {
    throw new AwsError('OperationNotPermittedException', 'The KMS key of an event data store cannot be changed.');
  }
  if (arn === undefined) throw new AwsError('InvalidKmsKeyIdException', `KMS key id ${asked} is not valid.`);
  const key = keyByArn(context.estate, arn);
  if (!key || key.arn.split(':')[3] !== context.region) {
    throw new AwsError('KmsKeyNotFoundException', `KMS key ${arn} does not exist in ${context.region}.`);
  }
  if (key.state !== 'Enabled') throw new AwsError('KmsException', `KMS key ${arn} cannot be used: it is ${key.state}.`);
  const usable = ['kms:GenerateDataKey', 'kms:Decrypt'].every((action) => {
    const { denied, grant } = decide(key.policy, {
      principal: { kind: 'service', name: 'cloudtrail.amazonaws.com' },
      action,
      resource: key.arn,
      context: { 'aws:SourceArn': store.arn, 'aws:SourceAccount': accountOf(store.arn) },
    });
    return grant !== 'none' && !denied;
  });
  if (usable) return arn;
  throw new AwsError('InsufficientEncryptionPolicyException', `Insufficient permissions to access KMS key ${arn}.`);
}

/** Moves a store from one status to another; from any other it is refused. */
function moving(action: string, from: EventDataStore['status'], to: EventDataStore['status'], shown: boolean) {
  return onStore(action, WRITE, ({ estate }, store) => {
    if (store.status !== from) {
      throw new AwsError('InvalidEventDataStoreStatusException', `Event data store ${store.arn} is ${store.status}.`);
    }
    store.status = to;
    store.updatedAt = estate.now();
    return shown ? described(store) : {};
  });
}

export const eventDataStoreOperations: Record<string, Operation> = {
  GetEventDataStore: onStore('GetEventDataStore', READ, (_context, store) => withFederation(store)),
  ListEventDataStores: listEventDataStores,
  RestoreEventDataStore: moving('RestoreEventDataStore', 'PENDING_DELETION', 'ENABLED', true),
  StartEventDataStoreIngestion: moving('StartEventDataStoreIngestion', 'STOPPED_INGESTION', 'ENABLED', false),
  StopEventDataStoreIngestion: moving('StopEventDataStoreIngestion', 'ENABLED', 'STOPPED_INGESTION', false),
  UpdateEventDataStore: onStore('UpdateEventDataStore', WRITE, update, updatePermissions),
};
