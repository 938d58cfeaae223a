import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  DeleteUserPolicyCommand,
  type EntityType,
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import {
  accessKey,
  allow,
  deny,
  group,
  managedPolicy,
  policy,
  role,
  serviceLinkedRole,
  trust,
  user,
} from '../../../../src/sandbox/aws/builders.ts';
import { errorOf, MANAGEMENT, smallEstate } from './support.ts';

const AWS_FULL_ACCESS = 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess';
const RETIRED = 'arn:aws:iam::aws:policy/AWSCloudTrailFullAccess';
const tampering = policy(allow('cloudtrail:*'));
const narrow = JSON.stringify(policy(allow('cloudtrail:Describe*')));

async function iamOf() {
  const small = await smallEstate();
  const own = managedPolicy(small.management, 'operators', tampering, { path: '/teams/' });
  return { ...small, own, iam: new IAMClient(small.as(small.admin)) };
}

const parsed = (text: string | undefined): unknown => JSON.parse(decodeURIComponent(text ?? ''));

describe('managed policies', () => {
  test('are read with their default version, whoever made them', async () => {
    const { iam, own, management } = await iamOf();
    role(management, 'deployer', { attached: [own.arn, AWS_FULL_ACCESS] });
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: own.arn }));
    expect(Policy).toMatchObject({
      PolicyName: 'operators',
      Path: '/teams/',
      Arn: `arn:aws:iam::${MANAGEMENT}:policy/teams/operators`,
      DefaultVersionId: 'v1',
      AttachmentCount: 1,
    });
    const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn: own.arn, VersionId: 'v1' }));
    expect(parsed(version.PolicyVersion?.Document)).toEqual(tampering);
    const aws = await iam.send(new GetPolicyCommand({ PolicyArn: AWS_FULL_ACCESS }));
    expect(aws.Policy).toMatchObject({ PolicyName: 'AWSCloudTrail_FullAccess', AttachmentCount: 1 });
    for (const missing of [`arn:aws:iam::${MANAGEMENT}:policy/none`, 'arn:aws:iam::aws:policy/None']) {
      const call = iam.send(new GetPolicyCommand({ PolicyArn: missing }));
      expect((await errorOf(call)).name).toBe('NoSuchEntityException');
    }
  });

  test('bind whoever they are attached to, a group’s members too', async () => {
    const { estate, management, as } = await iamOf();
    const own = managedPolicy(management, 'readers', policy(allow('iam:GetPolicy')));
    const kim = user(management, 'kim');
    group(management, 'team', ['kim'], { attached: [own.arn] });
    const iam = new IAMClient(as(accessKey(estate, management, kim)));
    await iam.send(new GetPolicyCommand({ PolicyArn: own.arn }));
    const other = iam.send(new ListPolicyVersionsCommand({ PolicyArn: own.arn }));
    expect((await errorOf(other)).name).toBe('AccessDenied');
  });

  test('get a new version, which may be made the default, and back', async () => {
    const { iam, own } = await iamOf();
    const create = () =>
      iam.send(new CreatePolicyVersionCommand({ PolicyArn: own.arn, PolicyDocument: narrow, SetAsDefault: true }));
    expect((await create()).PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: own.arn, VersionId: 'v1' }));
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: own.arn }));
    expect(Versions?.map((version) => [version.VersionId, version.IsDefaultVersion])).toEqual([
      ['v2', false],
      ['v1', true],
    ]);
    for (let index = 0; index < 3; index += 1) await create();
    expect((await errorOf(create())).name).toBe('LimitExceededException');
    const wrong = new SetDefaultPolicyVersionCommand({ PolicyArn: own.arn, VersionId: 'v9' });
    expect((await errorOf(iam.send(wrong))).name).toBe('NoSuchEntityException');
    const aws = new CreatePolicyVersionCommand({ PolicyArn: AWS_FULL_ACCESS, PolicyDocument: narrow });
    expect((await errorOf(iam.send(aws))).name).toBe('AccessDenied');
  });

  test('that AWS retired stay where they are and go nowhere else', async () => {
    const { iam, management } = await iamOf();
    role(management, 'old', { attached: [RETIRED] });
    role(management, 'new');
    const attach = new AttachRolePolicyCommand({ RoleName: 'new', PolicyArn: RETIRED });
    expect((await errorOf(iam.send(attach))).name).toBe('NoSuchEntityException');
    const { PolicyRoles } = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: RETIRED }));
    expect(PolicyRoles?.map((holder) => holder.RoleName)).toEqual(['old']);
  });

  test('are listed by holder, and ten are the most for one', async () => {
    const { iam, own, management } = await iamOf();
    const others = Array.from({ length: 10 }, (_, index) => managedPolicy(management, `p${index}`, tampering).arn);
    role(management, 'collector', { attached: others });
    group(management, 'team', [], { attached: [own.arn] });
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'collector' }));
    expect(AttachedPolicies).toHaveLength(10);
    const ofGroup = await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName: 'team', PathPrefix: '/teams/' }));
    expect(ofGroup.AttachedPolicies).toEqual([{ PolicyName: 'operators', PolicyArn: own.arn }]);
    const eleventh = new AttachRolePolicyCommand({ RoleName: 'collector', PolicyArn: own.arn });
    expect((await errorOf(iam.send(eleventh))).name).toBe('LimitExceededException');
  });
});

describe('inline policies', () => {
  test('are put on users and groups, read and removed', async () => {
    const { iam, management } = await iamOf();
    user(management, 'kim', { path: '/people/' });
    group(management, 'team', ['kim']);
    await iam.send(new PutUserPolicyCommand({ UserName: 'kim', PolicyName: 'p', PolicyDocument: narrow }));
    await iam.send(new PutGroupPolicyCommand({ GroupName: 'team', PolicyName: 'p', PolicyDocument: narrow }));
    expect(management.groups.get('team')?.inline.size).toBe(1);
    const read = new GetUserPolicyCommand({ UserName: 'kim', PolicyName: 'p' });
    expect(JSON.stringify(parsed((await iam.send(read)).PolicyDocument))).toBe(narrow);
    await iam.send(new DeleteUserPolicyCommand({ UserName: 'kim', PolicyName: 'p' }));
    expect((await errorOf(iam.send(read))).name).toBe('NoSuchEntityException');
    const long = JSON.stringify(policy({ ...allow('s3:*'), Sid: 'x'.repeat(2048) }));
    const tooLong = new PutUserPolicyCommand({ UserName: 'kim', PolicyName: 'p', PolicyDocument: long });
    expect((await errorOf(iam.send(tooLong))).name).toBe('LimitExceededException');
  });

  test('of service-linked roles are the service’s', async () => {
    const { iam, management } = await iamOf();
    const RoleName = serviceLinkedRole(management, 'config.amazonaws.com', 'AWSServiceRoleForConfig').name;
    const calls = [
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: narrow })),
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: narrow })),
      iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: AWS_FULL_ACCESS })),
    ];
    const errors = await Promise.all(calls.map((call) => errorOf(call)));
    expect(errors.map((error) => error.name)).toEqual(calls.map(() => 'UnmodifiableEntityException'));
  });
});

describe('trust', () => {
  const put = (PolicyDocument: string) => new UpdateAssumeRolePolicyCommand({ RoleName: 'delivery', PolicyDocument });

  test('is replaced as a whole', async () => {
    const { iam, management } = await iamOf();
    role(management, 'delivery', { trust: trust('*') });
    const wanted = policy({
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'sts:AssumeRole',
    });
    await iam.send(put(JSON.stringify(wanted)));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'delivery' }));
    expect(parsed(Role?.AssumeRolePolicyDocument)).toEqual(wanted);
  });

  test.each([
    ['in nobody', policy({ Effect: 'Allow', Action: 'sts:AssumeRole' })],
    ['in somebody who does not exist', trust(`arn:aws:iam::${MANAGEMENT}:role/gone`)],
    ['with a resource', policy({ ...allow('sts:AssumeRole'), Principal: { AWS: MANAGEMENT } })],
  ])('%s is refused', async (_what, document) => {
    const { iam, management } = await iamOf();
    role(management, 'delivery');
    expect((await errorOf(iam.send(put(JSON.stringify(document))))).name).toBe('MalformedPolicyDocumentException');
  });

  test('in a role deleted since reads as its id, and cannot be put back', async () => {
    const { iam, management } = await iamOf();
    role(management, 'friend');
    role(management, 'delivery', { trust: trust(`arn:aws:iam::${MANAGEMENT}:role/friend`) });
    management.roles.delete('friend');
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'delivery' }));
    const text = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
    expect(text).toMatch(/"AROA[\dA-F]{17}"/);
    expect((await errorOf(iam.send(put(text)))).name).toBe('MalformedPolicyDocumentException');
  });
});

describe('authorization details', () => {
  async function filled() {
    const parts = await iamOf();
    const { management, own } = parts;
    user(management, 'kim', { path: '/people/', inline: { mine: tampering }, boundary: AWS_FULL_ACCESS });
    group(management, 'team', ['kim'], { path: '/teams/', attached: [own.arn], inline: { ours: tampering } });
    role(management, 'deployer', { attached: [RETIRED], trust: trust(MANAGEMENT), tags: { team: 'web' } });
    const ask = (Filter?: EntityType[], MaxItems?: number, Marker?: string) =>
      parts.iam.send(new GetAccountAuthorizationDetailsCommand({ Filter, MaxItems, Marker }));
    return { ...parts, ask };
  }

  test('tell of users, groups, roles and the policies they have', async () => {
    const { ask, own } = await filled();
    const { UserDetailList, GroupDetailList, RoleDetailList, Policies } = await ask();
    const kim = UserDetailList?.find((one) => one.UserName === 'kim');
    expect(kim).toMatchObject({
      Arn: `arn:aws:iam::${MANAGEMENT}:user/people/kim`,
      GroupList: ['team'],
      PermissionsBoundary: { PermissionsBoundaryArn: AWS_FULL_ACCESS },
    });
    expect(parsed(kim?.UserPolicyList?.[0]?.PolicyDocument)).toEqual(tampering);
    expect(GroupDetailList).toEqual([
      expect.objectContaining({
        Arn: `arn:aws:iam::${MANAGEMENT}:group/teams/team`,
        GroupPolicyList: [expect.objectContaining({ PolicyName: 'ours' })],
        AttachedManagedPolicies: [{ PolicyName: 'operators', PolicyArn: own.arn }],
      }),
    ]);
    expect(RoleDetailList).toEqual([
      expect.objectContaining({
        RoleName: 'deployer',
        Tags: [{ Key: 'team', Value: 'web' }],
        AssumeRolePolicyDocument: expect.stringContaining('%22sts%3AAssumeRole%22'),
        InstanceProfileList: [],
      }),
    ]);
    expect(Policies?.map((one) => [one.Arn, one.AttachmentCount, one.PermissionsBoundaryUsageCount])).toEqual([
      [own.arn, 1, 0],
      [RETIRED, 1, 0],
      [AWS_FULL_ACCESS, 0, 1],
    ]);
    expect(parsed(Policies?.[0]?.PolicyVersionList?.[0]?.Document)).toEqual(tampering);
  });

  test('come by kind, and in pages that run over all kinds', async () => {
    const { ask } = await filled();
    const roles = await ask(['Role', 'LocalManagedPolicy']);
    expect([roles.UserDetailList, roles.GroupDetailList]).toEqual([[], []]);
    expect([roles.RoleDetailList?.length, roles.Policies?.length]).toEqual([1, 1]);
    const sizes: number[] = [];
    let page: GetAccountAuthorizationDetailsCommandOutput | undefined;
    do {
      page = await ask(undefined, 3, page?.Marker);
      const lists = [page.UserDetailList, page.GroupDetailList, page.RoleDetailList, page.Policies];
      sizes.push(lists.reduce((sum, list) => sum + (list?.length ?? 0), 0));
    } while (page.IsTruncated);
    expect(sizes).toEqual([3, 3, 1]);
  });

  test('are not for everybody', async () => {
    const { estate, management, as } = await filled();
    const nosy = user(management, 'nosy', { inline: { p: policy(allow('iam:*'), deny('iam:GetAccount*')) } });
    const call = new IAMClient(as(accessKey(estate, management, nosy))).send(
      new GetAccountAuthorizationDetailsCommand({}),
    );
    expect((await errorOf(call)).name).toBe('AccessDenied');
  });
});
