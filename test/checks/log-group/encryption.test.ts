import { describe, expect, it } from 'vitest';
import check from '../../../checks/log-group/encryption.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  denied,
  healthySnapshot,
  KEY_ARN,
  LOG_GROUP_ARN,
  REGION,
  TRAIL_ARN,
  unreachable,
  withKey,
  withLogGroup,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, planOf, putDocument } from '../bucket/support.ts';
import { readsTheGroup, saysLikeAll } from './support.ts';

const keyed = (kmsKeyId: string | undefined, snapshot = healthySnapshot()) =>
  withLogGroup(snapshot, { group: { kmsKeyId } });
const inState = (KeyState: string) => withKey(healthySnapshot(), { key: { KeyState } });
const ELSEWHERE = `arn:aws:kms:${REGION}:${ARCHIVE}:key/1a2b3c4d-0000-0000-0000-000000000000`;
const OUTSIDE = `arn:aws:kms:${REGION}:999999999999:key/1a2b3c4d-0000-0000-0000-000000000000`;

describe('log-group/encryption', () => {
  saysLikeAll(check);
  readsTheGroup(check);

  it.each<[string, Snapshot, JsonObject]>([
    ['no key', keyed(undefined), { verdict: 'fail', evidence: { kmsKeyId: null }, fix: 'auto-second-approver' }],
    [
      'Key disabled or pending deletion: fail, naming the state (disabled)',
      inState('Disabled'),
      { verdict: 'fail', reason: 'The key of the log group is Disabled.', fix: 'manual' },
    ],
    [
      'pending deletion',
      inState('PendingDeletion'),
      { verdict: 'fail', reason: 'The key of the log group is PendingDeletion.', fix: 'manual' },
    ],
    [
      'no such key',
      withKey(healthySnapshot(), { key: absent('NotFoundException') }),
      { verdict: 'fail', fix: 'manual' },
    ],
    [
      'Key in another account of the estate: read there; outside: unknown (in the estate)',
      withKey(keyed(ELSEWHERE), { reference: ELSEWHERE }),
      { verdict: 'pass' },
    ],
    [
      'outside the estate',
      withKey(keyed(OUTSIDE), { reference: OUTSIDE, key: unreachable('999999999999') }),
      { verdict: 'unknown', missingPermission: 'sts:AssumeRole' },
    ],
    [
      'AccessDenied on DescribeKey',
      withKey(healthySnapshot(), { key: denied('kms:DescribeKey', ACCOUNT) }),
      { verdict: 'unknown', missingPermission: 'kms:DescribeKey' },
    ],
  ])('%s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject(expected);
  });
});

describe('plan of log-group/encryption', () => {
  const estate = { keys: { [REGION]: KEY_ARN } };
  const SERVICE = { Service: `logs.${REGION}.amazonaws.com` };
  const administration: JsonObject = {
    Sid: 'Administration',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  const logsMay = (more: JsonObject = {}): JsonObject => ({
    Effect: 'Allow',
    Principal: SERVICE,
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    ...more,
  });
  const withStatements = (...Statement: JsonObject[]) =>
    withKey(keyed(undefined), { policy: { Version: '2012-10-17', Statement } });
  const associate = {
    account: ACCOUNT,
    region: REGION,
    operation: 'logs:AssociateKmsKey',
    resource: LOG_GROUP_ARN,
    input: { logGroupName: 'cloudtrail', kmsKeyId: KEY_ARN },
    target: `logGroup:${LOG_GROUP_ARN}`,
    expect: { kmsKeyId: null },
    result: { kmsKeyId: KEY_ARN },
    undo: { operation: 'logs:DisassociateKmsKey', input: { logGroupName: 'cloudtrail' }, automatic: true },
  };

  it('lets CloudWatch Logs use the key for this group alone, then associates it', () => {
    const stranger = logsMay({
      Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': `${LOG_GROUP_ARN}-2` } },
    });
    const plan = planOf(check, withStatements(administration, stranger), { estate });
    const [put, ...rest] = plan.changes;
    expect(put && putDocument(put).Statement).toEqual([
      administration,
      stranger,
      {
        Sid: 'CloudWatchLogsEncrypt',
        Effect: 'Allow',
        Principal: SERVICE,
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        Resource: '*',
        Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': LOG_GROUP_ARN } },
      },
    ]);
    expect(put).toMatchObject({
      operation: 'kms:PutKeyPolicy',
      undo: {
        operation: 'kms:PutKeyPolicy',
        input: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [administration, stranger] }) },
      },
    });
    expect(rest).toMatchObject([associate]);
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', watchDelivery: [TRAIL_ARN] });
  });

  it.each<[string, JsonObject]>([
    ['for every group', {}],
    [
      'for the groups of the account',
      { Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${REGION}:${ACCOUNT}:*` } } },
    ],
  ])('leaves a key policy alone that lets CloudWatch Logs in %s', (_, more) => {
    const plan = planOf(check, withStatements(administration, logsMay(more)), { estate });
    expect(plan.changes).toMatchObject([associate]);
  });

  it("takes the check's own key before that of the estate", () => {
    const settings = { key_by_region: { [REGION]: ELSEWHERE } };
    const snapshot = withKey(keyed(undefined), { reference: ELSEWHERE });
    const { changes } = planOf(check, snapshot, { estate, settings });
    expect(changes).toMatchObject([
      { account: ARCHIVE, operation: 'kms:PutKeyPolicy' },
      { account: ACCOUNT, input: { kmsKeyId: ELSEWHERE } },
    ]);
  });

  it.each<[string, Snapshot]>([
    [
      'the account may not put the policy of the key',
      withStatements({ ...administration, Principal: { AWS: ARCHIVE } }),
    ],
    [
      'never: Associate a key whose policy does not know CloudWatch Logs (a Deny stands in the way)',
      withStatements(administration, logsMay(), {
        Effect: 'Deny',
        Principal: '*',
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-acme123456' } },
      }),
    ],
    [
      'the policy names somebody who no longer exists',
      withStatements(administration, { ...administration, Sid: 'Old', Principal: { AWS: 'AIDAEXAMPLEEXAMPLE1' } }),
    ],
    ['the key policy could not be read', withKey(keyed(undefined), { policy: denied('kms:GetKeyPolicy', ACCOUNT) })],
    ['the present key is disabled', inState('Disabled')],
  ])('guides where %s', (_, snapshot) => {
    expect(fixOf(check, snapshot, { estate })).toMatchObject({ kind: 'manual' });
  });

  it('asks for a key where none is declared', () => {
    expect(fixOf(check, keyed(undefined))).toMatchObject({ kind: 'manual' });
  });

  it.each<[string, Snapshot]>([
    ['in another region', withKey(keyed(undefined), { key: { region: 'eu-west-1' } })],
    ['disabled', withKey(keyed(undefined), { key: { KeyState: 'Disabled' } })],
    ['asymmetric', withKey(keyed(undefined), { key: { KeySpec: 'RSA_2048' } })],
    ['managed by AWS', withKey(keyed(undefined), { key: { KeyManager: 'AWS' } })],
    ['not read', withKey(keyed(undefined), { key: unreachable(ACCOUNT) })],
    ['not there', withKey(keyed(undefined), { key: absent('NotFoundException') })],
  ])('is blocked by a declared key that is %s', (_, snapshot) => {
    expect(fixOf(check, snapshot, { estate })).toMatchObject({ kind: 'blocked', by: 'key/usable' });
  });
});
