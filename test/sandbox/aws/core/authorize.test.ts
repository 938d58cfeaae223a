import { expect, test } from 'vitest';
import { refusal } from '../../../../src/sandbox/aws/authorize.ts';
import {
  accessKey,
  addAccount,
  addOrganization,
  allow,
  deny,
  emptyEstate,
  policy,
  role,
  user,
} from '../../../../src/sandbox/aws/builders.ts';
import type { Credential, Permission, PolicyDocument } from '../../../../src/sandbox/aws/types.ts';

const HERE = '333333333333';
const THERE = '444444444444';
const ACTION = 's3:GetObject';
const RESOURCE = 'arn:aws:s3:::box/key';
const ROLE_ARN = `arn:aws:iam::${HERE}:role/r`;
const SESSION_ARN = `arn:aws:sts::${HERE}:assumed-role/r/s`;

interface Case {
  identity?: PolicyDocument;
  session?: PolicyDocument;
  boundary?: string;
  scp?: PolicyDocument[];
  onResource?: PolicyDocument;
  owner?: string;
  action?: string;
}

function ask(given: Case): string | undefined {
  const estate = emptyEstate();
  addOrganization(estate, { id: 'o-small12345', managementAccountId: '111111111111' });
  const account = addAccount(estate, { id: HERE, name: 'here', unit: 'Root', serviceControlPolicies: given.scp ?? [] });
  role(account, 'r', {
    ...(given.identity ? { inline: { p: given.identity } } : {}),
    ...(given.boundary ? { boundary: given.boundary } : {}),
  });
  const credential: Credential = {
    ...accessKey(estate, account, user(account, 'unused')),
    principal: { kind: 'role', name: 'r' },
    arn: SESSION_ARN,
    sessionName: 's',
    sessionPolicies: given.session ? [given.session] : [],
  };
  const action = given.action ?? ACTION;
  const permission: Permission = {
    action,
    resource: RESOURCE,
    ...(given.onResource || given.owner
      ? { resourcePolicy: { document: given.onResource, owner: given.owner ?? HERE } }
      : {}),
  };
  const said = refusal({ estate, account, region: 'us-east-1', credential, requestId: 'r' }, [permission]);
  return said?.replace(/^.* on resource: "?[^ "]*"? /, '').replace(` the ${action} action`, '');
}

const may = policy(allow(ACTION, RESOURCE));
const mayNot = policy(deny(ACTION, RESOURCE));
const grantTo = (principal: string) =>
  policy({ Effect: 'Allow', Principal: { AWS: principal }, Action: [ACTION, 'kms:Decrypt'], Resource: '*' });
const full = policy(allow('*'));

test.each<[string, Case, string | undefined]>([
  ['nothing allows', {}, 'because no identity-based policy allows'],
  ['the role allows', { identity: may }, undefined],
  [
    'the role denies',
    { identity: policy(...may.Statement, ...mayNot.Statement) },
    'with an explicit deny in an identity-based policy',
  ],
  [
    'the session allows something else',
    { identity: may, session: policy(allow('s3:PutObject')) },
    'because no session policy allows',
  ],
  ['the session allows what the role does not', { session: full }, 'because no identity-based policy allows'],
  ['the session denies', { identity: may, session: mayNot }, 'with an explicit deny in a session policy'],
  [
    'the boundary leaves it out',
    { identity: may, boundary: 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess' },
    'because no permissions boundary allows',
  ],
  ['the SCP denies', { identity: may, scp: [full, mayNot] }, 'with an explicit deny in a service control policy'],
  [
    'the SCP allows something else',
    { identity: may, scp: [policy(allow('ec2:*'))] },
    'because no service control policy allows',
  ],
  ['the SCP only denies something else', { identity: may, scp: [policy(deny('ec2:*'))] }, undefined],
  ['the resource grants the role', { onResource: grantTo(ROLE_ARN) }, undefined],
  [
    'the resource grants the role, the session does not',
    { onResource: grantTo(ROLE_ARN), session: policy(allow('ec2:*')) },
    'because no session policy allows',
  ],
  [
    'the resource grants the session itself',
    { onResource: grantTo(SESSION_ARN), session: policy(allow('ec2:*')) },
    undefined,
  ],
  [
    'the resource grants the account, the role says nothing',
    { onResource: grantTo(HERE) },
    'because no identity-based policy allows',
  ],
  [
    'the resource denies',
    { identity: may, onResource: policy({ ...grantTo('*').Statement[0], Effect: 'Deny', Action: 's3:*' }) },
    'with an explicit deny in a resource-based policy',
  ],
  [
    'another account owns it and grants nothing',
    { identity: may, owner: THERE },
    'because no resource-based policy allows',
  ],
  [
    'another account grants, the role does not',
    { onResource: grantTo(HERE), owner: THERE },
    'because no identity-based policy allows',
  ],
  ['another account and the role allow', { identity: may, onResource: grantTo(HERE), owner: THERE }, undefined],
  [
    'a key policy says nothing',
    { identity: full, onResource: policy(), action: 'kms:Decrypt' },
    'because no resource-based policy allows',
  ],
  ['a key policy hands over to IAM', { identity: full, onResource: grantTo(HERE), action: 'kms:Decrypt' }, undefined],
])('%s', (_what, given, because) => {
  expect(ask(given)).toBe(because);
});
