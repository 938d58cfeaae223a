import { describe, expect, it } from 'vitest';
import check from '../../../checks/lake/encryption.ts';
import type { JsonObject, Key, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  denied,
  emptySnapshot,
  failed,
  KEY_ARN,
  MANAGEMENT,
  unreachable,
  unsupported,
  withAccount,
  withEventDataStore,
  withKey,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { storeWith } from './support.ts';

const STORE_ARN = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/5a6b7c8d-1111-2222-3333-444455556666`;

const keyed = (snapshot: Snapshot, key: Partial<Key> = {}, Statement: JsonObject[] = [serving]) =>
  withKey(snapshot, { key, policy: { Version: '2012-10-17', Statement } });
const serving = {
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
  Resource: '*',
};
const plain = () => storeWith({ KmsKeyId: undefined });
const category = (name: string) => [{ FieldSelectors: [{ Field: 'eventCategory', Equals: [name] }] }];
const noStores = unsupported('cloudtrail:ListEventDataStores');

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['a key that works', () => keyed(storeWith({})), 'pass'],
  ['no key', plain, 'fail', { fix: 'auto-second-approver', risk: 'irreversible', people: 2 }],
  [
    'No event data store: not-applicable; never advise to create one, CloudTrail Lake takes no new customers since 31 May 2026',
    () => emptySnapshot(),
    'not-applicable',
    { reason: 'The account has no event data store.' },
  ],
  [
    'Status PENDING_DELETION: not-applicable',
    () => storeWith({ Status: 'PENDING_DELETION', KmsKeyId: undefined }),
    'not-applicable',
  ],
  [
    'Store for Config items or outside events: judged too (Config items)',
    () => storeWith({ KmsKeyId: undefined, AdvancedEventSelectors: category('ConfigurationItem') }),
    'fail',
  ],
  [
    'Store for Config items or outside events: judged too (outside events)',
    () => storeWith({ KmsKeyId: undefined, AdvancedEventSelectors: category('ActivityAuditLog') }),
    'fail',
  ],
  [
    'Operation not supported in the region: not-applicable (listing)',
    () =>
      withAccount(emptySnapshot(), { id: ACCOUNT, eventDataStores: { 'us-east-1': noStores, 'eu-west-1': noStores } }),
    'not-applicable',
    { reason: expect.stringContaining('not offered') },
  ],
  [
    'Operation not supported in the region: not-applicable (store)',
    () => withPart(storeWith({}), 'eventDataStore', STORE_ARN, unsupported('cloudtrail:GetEventDataStore')),
    'not-applicable',
  ],
  [
    'AccessDenied on GetEventDataStore: unknown, naming cloudtrail:GetEventDataStore',
    () => withPart(storeWith({}), 'eventDataStore', STORE_ARN, denied('cloudtrail:GetEventDataStore', ACCOUNT)),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventDataStore' },
  ],
  [
    'a listing that failed',
    () =>
      withAccount(emptySnapshot(), {
        id: ACCOUNT,
        eventDataStores: { 'us-east-1': failed('cloudtrail:ListEventDataStores', ACCOUNT) },
      }),
    'unknown',
  ],
  [
    'deleted while the estate was read',
    () => withPart(storeWith({}), 'eventDataStore', STORE_ARN, absent('EventDataStoreNotFoundException')),
    'not-applicable',
  ],
  [
    'a key that is disabled: the store cannot take another',
    () => keyed(storeWith({}), { KeyState: 'Disabled' }),
    'fail',
    { fix: 'manual' },
  ],
  ['a key that AWS manages', () => keyed(storeWith({}), { KeyManager: 'AWS' }), 'fail', { fix: 'manual' }],
  [
    'a key that is gone',
    () => withPart(storeWith({}), 'key', KEY_ARN, absent('NotFoundException')),
    'fail',
    { fix: 'manual' },
  ],
  ['a key out of reach', () => withPart(storeWith({}), 'key', KEY_ARN, unreachable(ARCHIVE)), 'unknown'],
];

describe('lake/encryption', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Organization store seen from a member: inherited', () => {
    // One finding, at the owner; a member that sees it has nothing of its own to judge.
    const accounts = emptySnapshot({ accounts: [ACCOUNT, MANAGEMENT] });
    const seen = withEventDataStore(accounts, {
      owner: MANAGEMENT,
      visibleIn: [ACCOUNT],
      store: { KmsKeyId: undefined },
    });
    expect(findingsOf(check, seen)).toMatchObject([{ account: MANAGEMENT, verdict: 'fail' }]);
  });
});

describe('plan of lake/encryption', () => {
  const estate = { keys: { 'us-east-1': KEY_ARN } };

  it('sets the key, says that this is final, and has no way back', () => {
    const plan = planOf(check, keyed(plain()), { estate });
    const change = onlyChange(plan);
    expect(change).toMatchObject({
      operation: 'cloudtrail:UpdateEventDataStore',
      account: ACCOUNT,
      region: 'us-east-1',
      input: { EventDataStore: STORE_ARN, KmsKeyId: KEY_ARN },
      target: `eventDataStore:${STORE_ARN}`,
      expect: { KmsKeyId: null },
      result: { KmsKeyId: KEY_ARN },
    });
    expect(change.undo).toBeUndefined();
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'irreversible', reversible: 'no' });
    expect(plan.warnings[0]).toContain('final');
  });

  it('never uses a key whose statements ask for a source, which stores cannot meet', () => {
    const pinned = {
      ...serving,
      Condition: { StringEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:us-east-1:1:trail/a' } },
    };
    for (const statements of [
      [pinned],
      [{ ...serving, Action: 'kms:Decrypt' }],
      [{ ...serving, Effect: 'Deny' }, serving],
    ]) {
      expect(fixOf(check, keyed(plain(), {}, statements), { estate })).toMatchObject({ kind: 'manual' });
    }
    const offered = fixOf(check, keyed(plain(), {}, [pinned]), { estate });
    expect(offered).toMatchObject({ steps: [{}, { text: expect.stringContaining('CloudTrailLake') }] });
    expect(JSON.stringify(offered)).not.toContain('Condition');
  });

  it('is blocked where the declared key would not serve', () => {
    for (const key of [
      { KeyState: 'Disabled' },
      { KeyManager: 'AWS' as const },
      { KeySpec: 'RSA_2048' },
      { region: 'eu-west-1' },
    ]) {
      expect(fixOf(check, keyed(plain(), key), { estate })).toMatchObject({ kind: 'blocked', by: 'key/usable' });
    }
  });

  it('is told to people where no key is declared, or the store has one already', () => {
    expect(fixOf(check, plain())).toMatchObject({ kind: 'manual' });
    expect(fixOf(check, keyed(storeWith({}), { KeyState: 'Disabled' }))).toMatchObject({
      kind: 'manual',
      steps: [{}, { command: expect.stringContaining('enable-key') }],
    });
  });
});
