import {
  DeregisterOrganizationDelegatedAdminCommand,
  DescribeTrailsCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  PutInsightSelectorsCommand,
  RegisterOrganizationDelegatedAdminCommand,
} from '@aws-sdk/client-cloudtrail';
import { expect, test } from 'vitest';
import { addAccount, allow, insights, policy } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf } from '../core/support.ts';
import { ARCHIVE, MANAGEMENT, MEMBER, ORG_TRAIL, organization } from './support.ts';

const TrailName = ORG_TRAIL;

test('a trail tells that it has Insights, and an empty list switches them off', async () => {
  const { trails, management, orgTrail } = await organization();
  const client = trails(management);
  const has = async () => [
    (await client.send(new GetTrailCommand({ Name: TrailName }))).Trail?.HasInsightSelectors,
    (await client.send(new DescribeTrailsCommand({}))).trailList?.[0]?.HasInsightSelectors,
  ];
  expect(await has()).toEqual([false, false]);
  insights(orgTrail, ['ApiErrorRateInsight']);
  expect(await has()).toEqual([true, true]);
  const read = new GetInsightSelectorsCommand({ TrailName });
  expect((await client.send(read)).InsightSelectors).toEqual([
    { InsightType: 'ApiErrorRateInsight', EventCategories: ['Management'] },
  ]);
  await client.send(new PutInsightSelectorsCommand({ TrailName, InsightSelectors: [] }));
  expect(await has()).toEqual([false, false]);
  expect((await errorOf(client.send(read))).name).toBe('InsightNotEnabledException');
});

const register = (MemberAccountId: string) => new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId });
const dismiss = (DelegatedAdminAccountId: string) =>
  new DeregisterOrganizationDelegatedAdminCommand({ DelegatedAdminAccountId });

test('delegated administrators are named by the management account, three at most', async () => {
  const { trails, management, member, estate } = await organization();
  const client = trails(management);
  for (const id of ['444444444444', '555555555555']) addAccount(estate, { id, name: id, unit: 'Root' });
  const refused = async (id: string) => (await errorOf(client.send(register(id)))).name;
  expect(await refused(MANAGEMENT)).toBe('CannotDelegateManagementAccountException');
  expect(await refused('000000000000')).toBe('AccountNotFoundException');
  expect((await errorOf(trails(member).send(register(MEMBER)))).name).toBe('NotOrganizationManagementAccountException');
  for (const id of [MEMBER, ARCHIVE, '444444444444']) await client.send(register(id));
  expect(await refused(MEMBER)).toBe('AccountRegisteredException');
  expect(await refused('555555555555')).toBe('DelegatedAdminAccountLimitExceededException');
  await client.send(dismiss(MEMBER));
  expect((await errorOf(client.send(dismiss(MEMBER)))).name).toBe('AccountNotRegisteredException');
  expect([...(estate.organization?.delegatedAdministrators.get('cloudtrail.amazonaws.com') ?? [])]).toEqual([
    ARCHIVE,
    '444444444444',
  ]);
  estate.organization?.trustedAccess.clear();
  expect(await refused('555555555555')).toBe('CloudTrailAccessNotEnabledException');
});

test('to name one, a caller needs what CloudTrail does for it', async () => {
  const { trails, management } = await organization();
  const only = (...actions: string[]) => trails(management, 'us-east-1', policy(allow(actions)));
  const own = 'cloudtrail:RegisterOrganizationDelegatedAdmin';
  expect((await errorOf(only(own).send(register(MEMBER)))).message).toContain(
    'organizations:RegisterDelegatedAdministrator',
  );
  const dependent = ['organizations:RegisterDelegatedAdministrator', 'organizations:ListAWSServiceAccess*'];
  expect((await errorOf(only(own, ...dependent).send(register(MEMBER)))).message).toContain('iam:GetRole');
  await only(own, ...dependent, 'iam:GetRole', 'iam:CreateServiceLinkedRole').send(register(MEMBER));
});
