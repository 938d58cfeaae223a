import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetGroupCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAccountAliasesCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { allow, group, policy, role, trust, user } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf, MANAGEMENT, smallEstate } from './support.ts';

const FULL_ACCESS = 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess';

async function iamOf() {
  const small = await smallEstate();
  return { ...small, iam: new IAMClient(small.as(small.admin)) };
}

test('a role is made, given policies, and removed once it has none', async () => {
  const { iam } = await iamOf();
  const RoleName = 'delivery';
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      Path: '/trail-check/',
      AssumeRolePolicyDocument: JSON.stringify(trust(`arn:aws:iam::${MANAGEMENT}:root`)),
      Tags: [{ Key: 'made-by', Value: 'test' }],
    }),
  );
  expect(Role?.Arn).toBe(`arn:aws:iam::${MANAGEMENT}:role/trail-check/delivery`);
  const written = policy(allow('logs:PutLogEvents', 'arn:aws:logs:*'));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p & q', PolicyDocument: JSON.stringify(written) }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: FULL_ACCESS }));
  const inline = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'p & q' }));
  expect(JSON.parse(decodeURIComponent(inline.PolicyDocument ?? ''))).toEqual(written);
  expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['p & q']);
  expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies).toEqual([
    { PolicyName: 'AWSCloudTrail_FullAccess', PolicyArn: FULL_ACCESS },
  ]);
  expect((await iam.send(new GetRoleCommand({ RoleName }))).Role?.Tags).toEqual([{ Key: 'made-by', Value: 'test' }]);
  expect((await errorOf(iam.send(new DeleteRoleCommand({ RoleName })))).name).toBe('DeleteConflictException');
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'p & q' }));
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: FULL_ACCESS }));
  await iam.send(new DeleteRoleCommand({ RoleName }));
  expect((await errorOf(iam.send(new GetRoleCommand({ RoleName })))).name).toBe('NoSuchEntityException');
});

test('the holders of a policy come in pages over groups, users and roles', async () => {
  const { iam, management } = await iamOf();
  user(management, 'anna', { attached: [FULL_ACCESS] });
  group(management, 'auditors', ['anna'], { attached: [FULL_ACCESS] });
  role(management, 'deploy-bot', { attached: [FULL_ACCESS] });
  const first = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: FULL_ACCESS, MaxItems: 2 }));
  expect([first.IsTruncated, first.PolicyGroups?.length, first.PolicyUsers?.length, first.PolicyRoles]).toEqual([
    true,
    1,
    1,
    [],
  ]);
  const second = await iam.send(
    new ListEntitiesForPolicyCommand({ PolicyArn: FULL_ACCESS, MaxItems: 2, Marker: first.Marker }),
  );
  expect(second.PolicyRoles?.map((holder) => holder.RoleName)).toEqual(['deploy-bot']);
  expect(second.IsTruncated).toBe(false);
  const { Users } = await iam.send(new GetGroupCommand({ GroupName: 'auditors' }));
  expect(Users?.map((member) => member.UserName)).toEqual(['anna']);
  const retired = new ListEntitiesForPolicyCommand({ PolicyArn: 'arn:aws:iam::aws:policy/AWSCloudTrailFullAccess' });
  expect((await errorOf(iam.send(retired))).name).toBe('NoSuchEntityException');
});

test('a service-linked role is made once, and only its service may change it', async () => {
  const { iam } = await iamOf();
  const make = () => iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'cloudtrail.amazonaws.com' }));
  expect((await make()).Role?.Path).toBe('/aws-service-role/cloudtrail.amazonaws.com/');
  expect((await errorOf(make())).name).toBe('InvalidInputException');
  const remove = new DeleteRoleCommand({ RoleName: 'AWSServiceRoleForCloudTrail' });
  expect((await errorOf(iam.send(remove))).name).toBe('UnmodifiableEntityException');
  const listed = await iam.send(new ListRolesCommand({ PathPrefix: '/aws-service-role/' }));
  expect(listed.Roles?.map((found) => found.RoleName)).toEqual(['AWSServiceRoleForCloudTrail']);
});

test('the alias of an account', async () => {
  const { iam } = await iamOf();
  expect((await iam.send(new ListAccountAliasesCommand())).AccountAliases).toEqual(['acme']);
});
