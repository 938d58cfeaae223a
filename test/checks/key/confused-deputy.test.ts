import { describe, expect, it } from 'vitest';
import check from '../../../checks/key/confused-deputy.ts';
import deliveryPolicy from '../../../checks/key/delivery-policy.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  denied,
  healthySnapshot,
  KEY_ARN,
  MANAGEMENT,
  REGION,
  TRAIL_ARN,
  unreachable,
  withAccount,
  withEventDataStore,
  withKey,
  withOrganization,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf, putDocument } from '../bucket/support.ts';

const SERVICE = { Service: 'cloudtrail.amazonaws.com' };
const OUTSIDE = '999999999999';
const CONTEXT = 'kms:EncryptionContext:aws:cloudtrail:arn';
const SECOND = TRAIL_ARN.replace('audit', 'second');
const ORG_TRAIL = `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/org`;
const ROOT: JsonObject = {
  Sid: 'Administration',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
};
const contextOf = (account: string) => ({ [CONTEXT]: `arn:aws:cloudtrail:*:${account}:trail/*` });
const may = (Action: string | string[], Condition?: JsonObject, more: JsonObject = {}): JsonObject => ({
  Sid: 'CloudTrail',
  Effect: 'Allow',
  Principal: SERVICE,
  Action,
  Resource: '*',
  ...(Condition === undefined ? {} : { Condition }),
  ...more,
});
const encrypt = (source?: JsonObject, more: JsonObject = {}) =>
  may('kms:GenerateDataKey*', { ...source, StringLike: contextOf(ACCOUNT) }, more);
const from = (arn: string | string[]): JsonObject => ({ StringEquals: { 'aws:SourceArn': arn } });
const STORE = may(['kms:Decrypt', 'kms:GenerateDataKey'], undefined, { Sid: 'Lake' });
const documentOf = (...Statement: JsonObject[]) => ({ Version: '2012-10-17', Statement: [ROOT, ...Statement] });
const withPolicy = (snapshot: Snapshot, ...statements: JsonObject[]) =>
  withKey(snapshot, { policy: documentOf(...statements) });
const healthy = (...statements: JsonObject[]) => withPolicy(healthySnapshot(), ...statements);
const otherKey = `${KEY_ARN}-2`;

describe('key/confused-deputy', () => {
  it.each<[string, Snapshot, JsonObject]>([
    ['the policy of the documents', healthySnapshot(), { verdict: 'pass', notes: [] }],
    [
      'source by account',
      healthy(encrypt({ StringEquals: { 'aws:SourceAccount': [ACCOUNT, ARCHIVE] } })),
      { verdict: 'pass' },
    ],
    [
      'every trail of an account',
      healthy(encrypt({ ArnLike: { 'aws:SourceArn': `arn:aws:cloudtrail:*:${ACCOUNT}:trail/*` } })),
      { verdict: 'pass' },
    ],
    [
      'source by organization',
      withPolicy(withOrganization(healthySnapshot()), encrypt({ StringEquals: { 'aws:SourceOrgID': 'o-acme123456' } })),
      { verdict: 'pass' },
    ],
    [
      'source by another organization',
      withPolicy(withOrganization(healthySnapshot()), encrypt({ StringEquals: { 'aws:SourceOrgID': 'o-other' } })),
      { verdict: 'fail', reason: 'Statement CloudTrail names the organization o-other, which is not this one.' },
    ],
    [
      'no source',
      healthy(encrypt()),
      {
        verdict: 'fail',
        fix: 'auto-second-approver',
        reason: 'Statement CloudTrail does not name the trails or accounts for which CloudTrail may use the key.',
      },
    ],
    [
      'no source, no Sid',
      healthy(encrypt({}, { Sid: '' })),
      { verdict: 'fail', reason: expect.stringMatching(/^Statement 2 /) },
    ],
    [
      'a source that need not be there',
      healthy(encrypt({ StringEqualsIfExists: { 'aws:SourceArn': TRAIL_ARN } })),
      { verdict: 'fail' },
    ],
    [
      'no encryption context',
      healthy(may('kms:GenerateDataKey*', from(TRAIL_ARN))),
      {
        verdict: 'fail',
        reason: 'Statement CloudTrail lets CloudTrail encrypt without naming the trail in the encryption context.',
      },
    ],
    [
      'kms:Decrypt needs no context',
      healthy(encrypt(from(TRAIL_ARN)), may('kms:Decrypt', from(TRAIL_ARN))),
      { verdict: 'pass' },
    ],
    [
      'describing alone, for anybody',
      healthy(encrypt(from(TRAIL_ARN)), may('kms:DescribeKey', undefined, { Sid: 'Describe' })),
      { verdict: 'pass', notes: ['Statement Describe lets CloudTrail describe the key for anybody.'] },
    ],
    [
      'Key also used by an event data store: that statement cannot carry a source condition; not counted, the finding advises a key of its own',
      withEventDataStore(healthy(encrypt(from(TRAIL_ARN)), STORE)),
      {
        verdict: 'pass',
        notes: [expect.stringMatching(/^Statement Lake serves .* give the store a key of its own\.$/)],
      },
    ],
    [
      'the same statement where the store uses another key',
      withEventDataStore(healthy(encrypt(from(TRAIL_ARN)), STORE), { store: { KmsKeyId: otherKey } }),
      { verdict: 'fail' },
    ],
    [
      'the same statement where the store could not be read',
      withEventDataStore(healthy(encrypt(from(TRAIL_ARN)), STORE), {
        store: denied('cloudtrail:GetEventDataStore', ACCOUNT),
      }),
      { verdict: 'unknown', missingPermission: 'cloudtrail:GetEventDataStore' },
    ],
    [
      'the same statement where stores could not be listed',
      withPart(
        healthy(encrypt(from(TRAIL_ARN)), STORE),
        'account.eventDataStores',
        `${ACCOUNT}/${REGION}`,
        denied('cloudtrail:ListEventDataStores', ACCOUNT),
      ),
      { verdict: 'unknown', missingPermission: 'cloudtrail:ListEventDataStores' },
    ],
    [
      'SourceArn with a wildcard account: fail',
      healthy(encrypt({ ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:*:trail/*' } })),
      { verdict: 'fail', reason: expect.stringContaining('takes any account') },
    ],
    [
      'Condition key written in another case (AWS:SourceArn): the same key',
      healthy(encrypt({ stringequals: { 'AWS:SourceArn': TRAIL_ARN } })),
      { verdict: 'pass' },
    ],
    [
      'Account named that is not in the estate: fail, naming it',
      healthy(encrypt(from([TRAIL_ARN, `arn:aws:cloudtrail:${REGION}:${OUTSIDE}:trail/x`]))),
      { verdict: 'fail', reason: `Statement CloudTrail names account ${OUTSIDE}, which is outside the estate.` },
    ],
    [
      'accounts of the organization not known',
      withPart(
        healthy(encrypt({ StringEquals: { 'aws:SourceAccount': OUTSIDE } })),
        'organization.accounts',
        'organization',
        denied('organizations:ListAccounts', ACCOUNT),
      ),
      { verdict: 'unknown', missingPermission: 'organizations:ListAccounts' },
    ],
    [
      'No CloudTrail statement at all: not-applicable, key/delivery-policy fails',
      healthy(),
      { verdict: 'not-applicable', cause: 'key/delivery-policy' },
    ],
    [
      'AccessDenied on GetKeyPolicy: unknown, naming kms:GetKeyPolicy',
      withKey(healthySnapshot(), { policy: denied('kms:GetKeyPolicy', ACCOUNT) }),
      { verdict: 'unknown', missingPermission: 'kms:GetKeyPolicy' },
    ],
    ['a policy that is none', healthy({ Effect: 'Perhaps' }), { verdict: 'unknown' }],
    ['key outside the estate', withKey(healthySnapshot(), { key: unreachable(OUTSIDE) }), { verdict: 'unknown' }],
    ['no such key', withKey(healthySnapshot(), { key: absent('NotFoundException') }), { verdict: 'not-applicable' }],
    ['key managed by AWS', withKey(healthySnapshot(), { key: { KeyManager: 'AWS' } }), { verdict: 'not-applicable' }],
  ])('%s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject(expected);
  });
});

describe('plan of key/confused-deputy', () => {
  const given = { with: [deliveryPolicy] };
  const putBy = (snapshot: Snapshot) => putDocument(onlyChange(planOf(check, snapshot, given))).Statement;

  it('lists every trail on the key, and touches no other statement', () => {
    const readers = { ...ROOT, Sid: 'Readers', Action: ['kms:Decrypt'], Principal: { AWS: [ACCOUNT, ARCHIVE] } };
    const before = documentOf(readers, encrypt());
    const snapshot = withKey(withTrail(healthySnapshot(), { name: 'second' }), { policy: before });
    const plan = planOf(check, snapshot, given);
    expect(putDocument(onlyChange(plan)).Statement).toEqual([ROOT, readers, encrypt(from([TRAIL_ARN, SECOND]))]);
    expect(onlyChange(plan)).toMatchObject({
      account: ACCOUNT,
      region: REGION,
      operation: 'kms:PutKeyPolicy',
      resource: KEY_ARN,
      input: { KeyId: KEY_ARN, PolicyName: 'default' },
      undo: { operation: 'kms:PutKeyPolicy', input: { Policy: JSON.stringify(before) }, automatic: true },
    });
    expect(onlyChange(plan).input).not.toHaveProperty('BypassPolicyLockoutSafetyCheck');
    expect(plan).toMatchObject({ risk: 'disruptive', class: 'auto-second-approver' });
    expect(plan.watchDelivery).toEqual([TRAIL_ARN, SECOND]);
  });

  it('asks for the encryption context of encrypting alone', () => {
    const actions = ['kms:GenerateDataKey*', 'kms:DescribeKey', 'kms:Decrypt'];
    expect(putBy(healthy(may(actions)))).toEqual([
      ROOT,
      may(['kms:GenerateDataKey*'], {
        StringEquals: { 'aws:SourceArn': [TRAIL_ARN] },
        StringLike: { [CONTEXT]: [`arn:aws:cloudtrail:*:${ACCOUNT}:trail/*`] },
      }),
      may(['kms:DescribeKey', 'kms:Decrypt'], from([TRAIL_ARN]), { Sid: 'CloudTrail2' }),
    ]);
  });

  it('leaves other principals of the statement what they have', () => {
    const Principal = { Service: ['cloudtrail.amazonaws.com', 'config.amazonaws.com'], AWS: ARCHIVE };
    expect(putBy(healthy(encrypt({}, { Principal })))).toEqual([
      ROOT,
      encrypt({}, { Principal: { AWS: ARCHIVE, Service: ['config.amazonaws.com'] } }),
      encrypt(from([TRAIL_ARN]), { Sid: 'CloudTrail2' }),
    ]);
  });

  it('takes strangers off a list of sources', () => {
    const list = from([TRAIL_ARN, `arn:aws:cloudtrail:${REGION}:${OUTSIDE}:trail/x`]);
    expect(putBy(healthy(encrypt(list)))).toEqual([ROOT, encrypt(from([TRAIL_ARN]))]);
  });

  it('never: Add the condition to a statement that serves an event data store', () => {
    expect(putBy(withEventDataStore(healthy(STORE, encrypt())))).toEqual([ROOT, STORE, encrypt(from([TRAIL_ARN]))]);
  });

  it('never: Leave out the management account id for organization trails', () => {
    const accounts = withOrganization(withAccount(healthySnapshot(), { id: MANAGEMENT, inScope: false }));
    const trail = withTrail(accounts, { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true });
    expect(putBy(withPolicy(trail, may('kms:GenerateDataKey*')))).toEqual([
      ROOT,
      may('kms:GenerateDataKey*', {
        StringEquals: { 'aws:SourceArn': [TRAIL_ARN, ORG_TRAIL] },
        StringLike: {
          [CONTEXT]: [`arn:aws:cloudtrail:*:${ACCOUNT}:trail/*`, `arn:aws:cloudtrail:*:${MANAGEMENT}:trail/*`],
        },
      }),
    ]);
  });

  it('mends delivery first, in one put of one document', () => {
    const statements = putBy(healthy(may('kms:Decrypt')));
    expect(statements).toEqual([
      ROOT,
      may('kms:Decrypt', from([TRAIL_ARN])),
      expect.objectContaining({ Sid: 'CloudTrailEncrypt' }),
      expect.objectContaining({ Sid: 'CloudTrailDescribeKey' }),
    ]);
  });

  it.each<[string, Snapshot, string]>([
    [
      'an account of the organization was not looked into',
      withPolicy(
        withOrganization(healthySnapshot(), { accounts: [{ Id: ACCOUNT }, { Id: OUTSIDE }] }),
        may('kms:GenerateDataKey*'),
      ),
      OUTSIDE,
    ],
    [
      'an account could not be listed',
      withPart(
        healthy(may('kms:GenerateDataKey*')),
        'account.trails',
        ARCHIVE,
        denied('cloudtrail:ListTrails', ARCHIVE),
      ),
      ARCHIVE,
    ],
    [
      'a trail of an account could not be read',
      withPart(
        withTrail(healthy(may('kms:GenerateDataKey*')), { name: 'second', KmsKeyId: undefined }),
        'trail',
        SECOND,
        denied('cloudtrail:GetTrail', ACCOUNT),
      ),
      ACCOUNT,
    ],
    [
      'the accounts of the organization are not known',
      withPart(
        healthy(may('kms:GenerateDataKey*')),
        'organization.accounts',
        'organization',
        denied('organizations:ListAccounts', ACCOUNT),
      ),
      'could not be listed',
    ],
  ])('is refused where %s', (_, snapshot, reason) => {
    expect(fixOf(check, snapshot, given)).toMatchObject({
      kind: 'blocked',
      by: 'key/confused-deputy',
      reason: expect.stringContaining(reason),
    });
  });

  it('asks for no more accounts than the statement takes', () => {
    const organization = withOrganization(healthySnapshot(), { accounts: [{ Id: ACCOUNT }, { Id: OUTSIDE }] });
    expect(putBy(withPolicy(organization, encrypt()))).toEqual([ROOT, encrypt(from([TRAIL_ARN]))]);
  });

  it('asks for the stores of every account that may have one on the key', () => {
    const statement = { ...STORE, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] };
    const snapshot = withEventDataStore(healthy(statement), { store: { KmsKeyId: otherKey } });
    const listings = { ...snapshot['account.eventDataStores'] };
    delete listings[`${ARCHIVE}/${REGION}`];
    expect(fixOf(check, { ...snapshot, 'account.eventDataStores': listings }, given)).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining(ARCHIVE),
    });
    expect(fixOf(check, snapshot, given)).toMatchObject({ kind: 'plan' });
  });

  it.each<[string, JsonObject[]]>([
    ['the account may not put the policy of its key', [{ ...ROOT, Principal: { AWS: ARCHIVE } }, encrypt()]],
    [
      'a principal no longer exists',
      [ROOT, encrypt(), { ...ROOT, Sid: 'Old', Principal: { AWS: 'AROAEXAMPLEEXAMPLE1' } }],
    ],
    ['a statement allows more than encrypting in one word', [ROOT, may('kms:*')]],
    ['a statement allows all actions but some', [ROOT, { ...may(''), Action: [], NotAction: 'kms:PutKeyPolicy' }]],
  ])('guides where %s', (_, Statement) => {
    const snapshot = withKey(healthySnapshot(), {
      policy: {
        Version: '2012-10-17',
        Statement: Statement.map(({ Action, ...rest }) =>
          'NotAction' in rest ? rest : { Action: Action ?? [], ...rest },
        ),
      },
    });
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', fix: 'manual' });
    expect(fixOf(check, snapshot)).toMatchObject({ kind: 'manual' });
  });
});
