import { describe, expect, it } from 'vitest';
import check from '../../../checks/key/decrypt-restricted.ts';
import type { JsonObject, KeyGrant, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  denied,
  healthySnapshot,
  KEY_ARN,
  unreachable,
  withKey,
  withOrganization,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, fixOf } from '../bucket/support.ts';

const OUTSIDE = '999999999999';
const ORGANIZATION = 'o-acme123456';
const READER = `arn:aws:iam::${ACCOUNT}:role/security/auditor`;
const OTHER = `arn:aws:iam::${ACCOUNT}:role/app`;
const CONTEXT = 'kms:EncryptionContext:aws:cloudtrail:arn';
const root = (account: string) => `arn:aws:iam::${account}:root`;
const allow = (AWS: string, Condition?: JsonObject, Action = 'kms:Decrypt'): JsonObject => ({
  Sid: 'Readers',
  Effect: 'Allow',
  Principal: AWS === '*' ? '*' : { AWS },
  Action,
  Resource: '*',
  ...(Condition === undefined ? {} : { Condition }),
});
const deny = (more: JsonObject): JsonObject => ({
  Sid: 'Keep',
  Effect: 'Deny',
  Action: 'kms:*',
  Resource: '*',
  ...more,
});
const ALL_BUT_ONE: JsonObject = {
  Effect: 'Allow',
  NotPrincipal: { AWS: OTHER },
  Action: 'kms:Decrypt',
  Resource: '*',
};
const ROOT: JsonObject = { ...allow(root(ACCOUNT), undefined, 'kms:*'), Sid: 'Administration' };
const CLOUDTRAIL: JsonObject = {
  Sid: 'CloudTrail',
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
  Resource: '*',
};
const withPolicy = (...statements: JsonObject[]) =>
  withKey(withOrganization(healthySnapshot()), {
    policy: { Version: '2012-10-17', Statement: [ROOT, CLOUDTRAIL, ...statements] },
  });
const grant = (GranteePrincipal: string, more: Partial<KeyGrant> = {}): KeyGrant => ({
  GrantId: 'abc123',
  GranteePrincipal,
  Operations: ['Decrypt', 'DescribeKey'],
  ...more,
});
const withGrants = (...grants: KeyGrant[]) => withKey(healthySnapshot(), { grants });
const settings = { readers: ['auditor'] };
const by = (who: string) => ({ verdict: 'fail', fix: 'manual', reason: `The logs can be decrypted by ${who}.` });
const PASS = { verdict: 'pass' };
const unlessReader = deny({ Principal: '*', Condition: { ArnNotEquals: { 'aws:PrincipalArn': READER } } });

describe('key/decrypt-restricted', () => {
  it.each<[string, Snapshot, JsonObject, JsonObject?]>([
    [
      'account root and CloudTrail alone',
      healthySnapshot(),
      { ...PASS, notes: [`IAM of account ${ACCOUNT} decides who else may decrypt.`] },
    ],
    [
      'account root not trusted',
      healthySnapshot(),
      by(`account ${ACCOUNT} as a whole, which is no reader`),
      { trust_account_root: false },
    ],
    ['account root named a reader', healthySnapshot(), PASS, { trust_account_root: false, readers: [root(ACCOUNT)] }],
    ['a reader by name', withPolicy(allow(READER)), PASS],
    ['a reader by ARN', withPolicy(allow(READER)), PASS, { readers: [READER] }],
    ['a reader by glob', withPolicy(allow(READER)), PASS, { readers: [`arn:aws:iam::${ACCOUNT}:role/security/*`] }],
    ['no reader', withPolicy(allow(OTHER)), by(`${OTHER}, who is no reader`)],
    ['kms:* to no reader', withPolicy(allow(OTHER, undefined, 'kms:*')), by(`${OTHER}, who is no reader`)],
    ['another action', withPolicy(allow(OTHER, undefined, 'kms:DescribeKey')), PASS],
    ['everybody', withPolicy(allow('*')), by('everybody')],
    ['everybody but one', withPolicy(ALL_BUT_ONE), by('everybody')],
    [
      'everybody from a network',
      withPolicy(allow('*', { StringEquals: { 'aws:SourceVpce': 'vpce-1' } })),
      by('everybody'),
    ],
    [
      'Principal * with kms:CallerAccount or aws:PrincipalOrgID: limited, judged by that value (own account)',
      withPolicy(allow('*', { StringEquals: { 'kms:CallerAccount': ACCOUNT } })),
      PASS,
    ],
    [
      'kms:CallerAccount of another account',
      withPolicy(allow('*', { StringEquals: { 'kms:CallerAccount': ARCHIVE } })),
      by(`account ${ARCHIVE} as a whole, which is no reader`),
    ],
    [
      'aws:PrincipalOrgID',
      withPolicy(allow('*', { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } })),
      by(`every account of the organization ${ORGANIZATION}`),
    ],
    [
      'aws:PrincipalOrgID where the organization is a reader',
      withPolicy(allow('*', { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } })),
      PASS,
      { readers: ['organization'] },
    ],
    [
      'aws:PrincipalOrgID of another organization',
      withPolicy(allow('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-other' } })),
      by('every account of the organization o-other'),
      { readers: ['organization'] },
    ],
    [
      'everybody whose ARN is that of a reader',
      withPolicy(allow('*', { ArnLike: { 'aws:PrincipalArn': READER } })),
      PASS,
    ],
    [
      'root of another account, cut down to no reader',
      withPolicy(allow(root(ARCHIVE), { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ARCHIVE}:role/app` } })),
      by(`arn:aws:iam::${ARCHIVE}:role/app, who is no reader`),
    ],
    [
      'Statement for the root of another account of the estate: fail unless in readers',
      withPolicy(allow(root(ARCHIVE))),
      by(`account ${ARCHIVE} as a whole, which is no reader`),
    ],
    ['root of another account in readers', withPolicy(allow(root(ARCHIVE))), PASS, { readers: [ARCHIVE] }],
    [
      'account outside the estate',
      withPolicy(allow(root(OUTSIDE))),
      by(`account ${OUTSIDE}, which is outside the estate`),
    ],
    [
      'role outside the estate with the name of a reader',
      withPolicy(allow(`arn:aws:iam::${OUTSIDE}:role/auditor`)),
      by(`account ${OUTSIDE}, which is outside the estate`),
      { readers: ['*'] },
    ],
    [
      'role outside the estate written out',
      withPolicy(allow(`arn:aws:iam::${OUTSIDE}:role/siem`)),
      PASS,
      { readers: [`arn:aws:iam::${OUTSIDE}:role/siem`] },
    ],
    [
      'accounts of the organization not known',
      withPart(
        withPolicy(allow(root(OUTSIDE))),
        'organization.accounts',
        'organization',
        denied('organizations:ListAccounts', ACCOUNT),
      ),
      { verdict: 'unknown', missingPermission: 'organizations:ListAccounts' },
    ],
    ['a principal that no longer exists', withPolicy(allow('AROAEXAMPLEEXAMPLE1')), PASS],
    [
      'federated',
      withPolicy({ ...allow(OTHER), Principal: { Federated: 'cognito-identity.amazonaws.com' } }),
      by('cognito-identity.amazonaws.com, who is no reader'),
    ],
    [
      'Null condition on the CloudTrail context (the documented reader statement): pass if its principals are readers',
      withPolicy(allow(READER, { Null: { [CONTEXT]: 'false' } })),
      PASS,
    ],
    [
      'Null condition, no readers',
      withPolicy(allow(OTHER, { Null: { [CONTEXT]: 'false' } })),
      by(`${OTHER}, who is no reader`),
    ],
    [
      'Deny statements are taken into account',
      withPolicy(allow('*'), deny({ NotPrincipal: { AWS: [READER, root(ACCOUNT)] } })),
      PASS,
    ],
    [
      'a Deny that spares somebody who is no reader',
      withPolicy(allow('*'), deny({ NotPrincipal: { AWS: [READER, OTHER] } })),
      by('everybody'),
      { ...settings, trust_account_root: false, readers: ['auditor', root(ACCOUNT)] },
    ],
    ['Deny by ARN', withPolicy(allow('*'), allow(OTHER), allow(root(ARCHIVE)), unlessReader), PASS],
    [
      'Deny of other organizations leaves colleagues in',
      withPolicy(
        allow('*'),
        deny({ Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } }),
      ),
      by('everybody'),
    ],
    [
      'Deny that hangs on something else',
      withPolicy(
        allow(OTHER),
        deny({ Principal: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } }),
      ),
      by(`${OTHER}, who is no reader`),
    ],
    [
      'Grant to a service-linked role or a CloudTrail grant: pass',
      withGrants(
        grant(`arn:aws:iam::${ACCOUNT}:role/aws-service-role/cloudtrail.amazonaws.com/AWSServiceRoleForCloudTrail`),
        grant('cloudtrail.amazonaws.com'),
      ),
      PASS,
    ],
    ['grant to no reader', withGrants(grant(OTHER)), by(`${OTHER}, who is no reader`)],
    ['grant to a reader', withGrants(grant(READER)), PASS],
    [
      'grant outside the estate',
      withGrants(grant(`arn:aws:iam::${OUTSIDE}:role/x`)),
      by(`account ${OUTSIDE}, which is outside the estate`),
    ],
    ['grant without Decrypt', withGrants(grant(OTHER, { Operations: ['Encrypt'] })), PASS],
    [
      'grant for volumes only',
      withGrants(grant(OTHER, { Constraints: { EncryptionContextSubset: { 'aws:ebs:id': 'vol-1' } } })),
      PASS,
    ],
    [
      'grant for log files',
      withGrants(grant(OTHER, { Constraints: { EncryptionContextSubset: { 'aws:cloudtrail:arn': 'x' } } })),
      by(`${OTHER}, who is no reader`),
    ],
    [
      'AccessDenied on ListGrants: unknown, naming kms:ListGrants',
      withKey(healthySnapshot(), { grants: denied('kms:ListGrants', ACCOUNT) }),
      { verdict: 'unknown', missingPermission: 'kms:ListGrants' },
    ],
    [
      'grants not read, but the policy lets everybody in',
      withKey(healthySnapshot(), {
        grants: denied('kms:ListGrants', ACCOUNT),
        policy: { Version: '2012-10-17', Statement: [allow('*')] },
      }),
      by('everybody'),
    ],
    [
      'AccessDenied on GetKeyPolicy: unknown, naming kms:GetKeyPolicy',
      withKey(healthySnapshot(), { policy: denied('kms:GetKeyPolicy', ACCOUNT) }),
      { verdict: 'unknown', missingPermission: 'kms:GetKeyPolicy' },
    ],
    ['a policy that is none', withPolicy({ Effect: 'Perhaps' }), { verdict: 'unknown' }],
    ['key outside the estate', withKey(healthySnapshot(), { key: unreachable(OUTSIDE) }), { verdict: 'unknown' }],
    ['no such key', withKey(healthySnapshot(), { key: absent('NotFoundException') }), { verdict: 'not-applicable' }],
    ['key managed by AWS', withKey(healthySnapshot(), { key: { KeyManager: 'AWS' } }), { verdict: 'not-applicable' }],
  ])('%s', (_, snapshot, expected, given = settings) => {
    expect(findingOf(check, snapshot, { settings: given })).toMatchObject(expected);
  });

  it("takes the roles of this bot for readers, in the estate's accounts only", () => {
    const estate = { ownRoles: ['trail-check-reader'] };
    const own = (account: string) => withPolicy(allow(`arn:aws:iam::${account}:role/trail-check-reader`));
    expect(findingOf(check, own(ACCOUNT), { estate }).verdict).toBe('pass');
    expect(findingOf(check, own(OUTSIDE), { estate }).verdict).toBe('fail');
  });

  it('guides, and never removes the CloudTrail statements together with the readers', () => {
    const policy = { Version: '2012-10-17', Statement: [ROOT, CLOUDTRAIL, allow(OTHER)] };
    const snapshot = withKey(healthySnapshot(), { policy, grants: [grant(`arn:aws:iam::${OUTSIDE}:role/x`)] });
    expect(findingOf(check, snapshot)).toMatchObject({
      reason: `The logs can be decrypted by ${OTHER}, who is no reader, and 1 more.`,
      evidence: { strangers: [expect.stringContaining('statement Readers'), expect.stringContaining('grant abc123')] },
    });
    expect(fixOf(check, snapshot)).toMatchObject({
      kind: 'manual',
      steps: [
        { text: expect.stringContaining('confirm who reads') },
        {
          text: expect.stringMatching(/^Cut Readers down .* cloudtrail.amazonaws.com .* stay as they are/),
          command: expect.stringContaining(`aws kms get-key-policy --policy-name default`),
        },
        { command: expect.stringContaining('put-key-policy') },
        { command: `aws kms revoke-grant --grant-id abc123 --key-id ${KEY_ARN} --region us-east-1` },
        {},
      ],
    });
  });
});
