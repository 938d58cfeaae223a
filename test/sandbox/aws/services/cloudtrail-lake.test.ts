import {
  AddTagsCommand,
  CloudTrailClient,
  GetEventDataStoreCommand,
  ListEventDataStoresCommand,
  ListTagsCommand,
  RemoveTagsCommand,
  RestoreEventDataStoreCommand,
  StartEventDataStoreIngestionCommand,
  StopEventDataStoreIngestionCommand,
  UpdateEventDataStoreCommand,
  type UpdateEventDataStoreCommandInput,
} from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';
import {
  allow,
  delegatedAdministrator,
  eventDataStore,
  key,
  lakeStatement,
  policy,
} from '../../../../src/sandbox/aws/builders.ts';
import type { EventDataStore } from '../../../../src/sandbox/aws/types.ts';
import { errorOf } from '../core/support.ts';
import { MANAGEMENT, organization } from './support.ts';

const KEY = '0a11ce00-1111-4111-8111-1a6e00000001';

async function lake(wanted: Partial<EventDataStore> = {}) {
  const parts = await organization();
  const store = eventDataStore(parts.estate, parts.management, 'lake', wanted);
  const encryption = key(parts.estate, parts.management, 'us-east-1', KEY);
  const client = parts.trails(parts.management);
  const change = (given: Partial<UpdateEventDataStoreCommandInput>) =>
    client.send(new UpdateEventDataStoreCommand({ EventDataStore: store.arn, ...given }));
  return { ...parts, store, encryption, client, change };
}

test('stores are listed by name and ARN in their region, and read whole by ARN or id', async () => {
  const { client, store, estate, management, trails } = await lake({ tags: { team: 'audit' } });
  eventDataStore(estate, management, 'elsewhere', { region: 'eu-west-1' });
  const { EventDataStores } = await client.send(new ListEventDataStoresCommand());
  expect(EventDataStores).toEqual([{ EventDataStoreArn: store.arn, Name: 'lake' }]);
  const far = await trails(management, 'eu-west-1').send(new ListEventDataStoresCommand());
  expect(far.EventDataStores?.map((one) => one.Name)).toEqual(['elsewhere']);
  const expected = {
    EventDataStoreArn: store.arn,
    Status: 'ENABLED',
    RetentionPeriod: 366,
    TerminationProtectionEnabled: true,
    OrganizationEnabled: false,
    FederationStatus: 'DISABLED',
    BillingMode: 'EXTENDABLE_RETENTION_PRICING',
    CreatedTimestamp: expect.any(Date),
  };
  for (const asked of [store.arn, store.arn.slice(-36)]) {
    expect(await client.send(new GetEventDataStoreCommand({ EventDataStore: asked }))).toMatchObject(expected);
  }
  const tags = await client.send(new ListTagsCommand({ ResourceIdList: [store.arn] }));
  expect(tags.ResourceTagList?.[0]?.TagsList).toEqual([{ Key: 'team', Value: 'audit' }]);
});

test('listing pages', async () => {
  const { client, estate, management } = await lake();
  eventDataStore(estate, management, 'second');
  const first = await client.send(new ListEventDataStoresCommand({ MaxResults: 1 }));
  const rest = await client.send(new ListEventDataStoresCommand({ NextToken: first.NextToken }));
  expect([first.EventDataStores?.length, rest.EventDataStores?.length, rest.NextToken]).toEqual([1, 1, undefined]);
});

test.each([
  ['no ARN', 'lake', 'EventDataStoreARNInvalidException'],
  ['nothing', `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:eventdatastore/${KEY}`, 'EventDataStoreNotFoundException'],
])('%s is not found', async (_what, EventDataStore, code) => {
  const { client } = await lake();
  expect((await errorOf(client.send(new GetEventDataStoreCommand({ EventDataStore })))).name).toBe(code);
});

describe('changes', () => {
  test('leave alone what they do not name', async () => {
    const { change, store } = await lake({ terminationProtection: false });
    const answer = await change({ TerminationProtectionEnabled: true, RetentionPeriod: 3653 });
    expect(answer).toMatchObject({ TerminationProtectionEnabled: true, RetentionPeriod: 3653, Name: 'lake' });
    expect(store).toMatchObject({ terminationProtection: true, retention: 3653, multiRegion: true });
  });

  test.each([
    ['keeping it for too short', {}, { RetentionPeriod: 6 }, 'InvalidParameterException'],
    ['keeping it for too long', {}, { RetentionPeriod: 3654 }, 'InvalidParameterException'],
    [
      'keeping it longer than its price allows',
      { billingMode: 'FIXED_RETENTION_PRICING' },
      { RetentionPeriod: 3000 },
      'InvalidParameterException',
    ],
    ['another price', {}, { BillingMode: 'FIXED_RETENTION_PRICING' }, 'InvalidParameterException'],
    [
      'anything while it is being deleted',
      { status: 'PENDING_DELETION' },
      { TerminationProtectionEnabled: true },
      'InactiveEventDataStoreException',
    ],
    ['a key that is not there', {}, { KmsKeyId: 'alias/none' }, 'KmsKeyNotFoundException'],
    ['a key that CloudTrail may not use', {}, { KmsKeyId: KEY }, 'InsufficientEncryptionPolicyException'],
    ['no key after a key', { kmsKeyId: 'arn:aws:kms:x' }, { KmsKeyId: KEY }, 'OperationNotPermittedException'],
    ['selectors without a category', {}, { AdvancedEventSelectors: [] }, 'InvalidEventSelectorsException'],
  ] satisfies [string, Partial<EventDataStore>, Partial<UpdateEventDataStoreCommandInput>, string][])(
    '%s is refused',
    async (_what, state, change, code) => {
      const parts = await lake(state);
      expect((await errorOf(parts.change(change))).name).toBe(code);
    },
  );

  test('a key comes once and stays', async () => {
    const { change, store, encryption } = await lake();
    encryption.policy.Statement.push(lakeStatement(store));
    const answer = await change({ KmsKeyId: KEY });
    expect(answer.KmsKeyId).toBe(encryption.arn);
    await change({ KmsKeyId: encryption.arn });
    expect((await errorOf(change({ KmsKeyId: '' }))).name).toBe('OperationNotPermittedException');
    encryption.state = 'Disabled';
    expect((await errorOf(change({ KmsKeyId: KEY }))).name).toBe('KmsException');
  });

  test('a key is for a caller who may use it', async () => {
    const { store, encryption, as, management } = await lake();
    encryption.policy.Statement.push(lakeStatement(store));
    const send = (...actions: string[]) =>
      new CloudTrailClient(as(management, 'us-east-1', policy(allow(actions)))).send(
        new UpdateEventDataStoreCommand({ EventDataStore: store.arn, KmsKeyId: KEY }),
      );
    expect((await errorOf(send('cloudtrail:UpdateEventDataStore'))).message).toContain('kms:Decrypt');
    await send('cloudtrail:UpdateEventDataStore', 'kms:Decrypt', 'kms:GenerateDataKey');
  });
});

describe('of the organization', () => {
  test('a delegated administrator sees and changes them; only the management account turns one into the other', async () => {
    const { estate, member, store, trails, change } = await lake();
    const administrator = trails(member);
    const seen = async () => (await administrator.send(new ListEventDataStoresCommand())).EventDataStores?.length;
    expect(await seen()).toBe(0);
    await change({ OrganizationEnabled: true });
    expect(await seen()).toBe(0);
    delegatedAdministrator(estate, member);
    expect(await seen()).toBe(1);
    const update = (given: Partial<UpdateEventDataStoreCommandInput>) =>
      administrator.send(new UpdateEventDataStoreCommand({ EventDataStore: store.arn, ...given }));
    await update({ RetentionPeriod: 400 });
    expect(store.retention).toBe(400);
    expect((await errorOf(update({ OrganizationEnabled: false }))).name).toBe('NotOrganizationMasterAccountException');
    await change({ OrganizationEnabled: false });
    expect(store.organization).toBe(false);
  });

  test('they need trusted access', async () => {
    const { estate, change } = await lake();
    estate.organization?.trustedAccess.clear();
    expect((await errorOf(change({ OrganizationEnabled: true }))).name).toBe('CloudTrailAccessNotEnabledException');
  });
});

describe('life', () => {
  test('a store pending deletion is taken back, once', async () => {
    const { client, store } = await lake({ status: 'PENDING_DELETION' });
    const restore = new RestoreEventDataStoreCommand({ EventDataStore: store.arn });
    expect((await client.send(restore)).Status).toBe('ENABLED');
    expect((await errorOf(client.send(restore))).name).toBe('InvalidEventDataStoreStatusException');
  });

  test('ingestion is started where it is stopped, and stopped where it runs', async () => {
    const { client, store } = await lake({ status: 'STOPPED_INGESTION' });
    const start = new StartEventDataStoreIngestionCommand({ EventDataStore: store.arn });
    await client.send(start);
    expect(store.status).toBe('ENABLED');
    expect((await errorOf(client.send(start))).name).toBe('InvalidEventDataStoreStatusException');
    await client.send(new StopEventDataStoreIngestionCommand({ EventDataStore: store.arn }));
    expect(store.status).toBe('STOPPED_INGESTION');
  });

  test('tags come and go', async () => {
    const { client, store } = await lake();
    const TagsList = [{ Key: 'team', Value: 'audit' }];
    await client.send(new AddTagsCommand({ ResourceId: store.arn, TagsList }));
    expect(store.tags).toEqual({ team: 'audit' });
    await client.send(new RemoveTagsCommand({ ResourceId: store.arn, TagsList }));
    expect(store.tags).toEqual({});
  });
});
