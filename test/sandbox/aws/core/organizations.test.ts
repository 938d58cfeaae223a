import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import {
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  EnableAWSServiceAccessCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListOrganizationalUnitsForParentCommand,
  ListParentsCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { expect, test } from 'vitest';
import { accessKey, addAccount, delegatedAdministrator } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf, MANAGEMENT, MEMBER, smallEstate } from './support.ts';

test('a listing of several pages has at most 20 accounts on one, and an empty page on the way', async () => {
  const { as, admin, estate } = await smallEstate();
  for (let index = 0; index < 43; index += 1) {
    addAccount(estate, { id: String(700_000_000_000 + index), name: `a${index}`, unit: 'Workloads' });
  }
  const client = new OrganizationsClient(as(admin));
  const sizes: number[] = [];
  const ids = new Set<string | undefined>();
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListAccountsCommand({ NextToken, MaxResults: 20 }));
    sizes.push(page.Accounts?.length ?? -1);
    for (const account of page.Accounts ?? []) ids.add(account.Id);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(sizes).toEqual([20, 0, 20, 5]);
  expect(ids.size).toBe(45);
});

test('the tree is read from the root down and from an account up', async () => {
  const { as, admin } = await smallEstate();
  const client = new OrganizationsClient(as(admin));
  const root = (await client.send(new ListRootsCommand())).Roots?.[0]?.Id;
  const units = await client.send(new ListOrganizationalUnitsForParentCommand({ ParentId: root }));
  const unit = units.OrganizationalUnits?.[0];
  expect(unit?.Name).toBe('Workloads');
  const children = await client.send(new ListAccountsForParentCommand({ ParentId: unit?.Id }));
  expect(children.Accounts?.map((account) => account.Id)).toEqual([MEMBER]);
  const parents = await client.send(new ListParentsCommand({ ChildId: MEMBER }));
  expect(parents.Parents).toEqual([{ Id: unit?.Id, Type: 'ORGANIZATIONAL_UNIT' }]);
  const tags = await client.send(new ListTagsForResourceCommand({ ResourceId: MEMBER }));
  expect(tags.Tags).toEqual([{ Key: 'env', Value: 'prod' }]);
  const account = await client.send(new DescribeAccountCommand({ AccountId: MEMBER }));
  expect(account.Account).toMatchObject({ Name: 'member', State: 'ACTIVE', JoinedTimestamp: expect.any(Date) });
});

test('trusted access is switched on by the management account', async () => {
  const { as, admin, estate } = await smallEstate();
  estate.organization?.trustedAccess.clear();
  const client = new OrganizationsClient(as(admin));
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: 'cloudtrail.amazonaws.com' }));
  const { EnabledServicePrincipals } = await client.send(new ListAWSServiceAccessForOrganizationCommand());
  expect(EnabledServicePrincipals?.map((entry) => entry.ServicePrincipal)).toEqual(['cloudtrail.amazonaws.com']);
});

test('a member may describe its organization and nothing else, unless it is a delegated administrator', async () => {
  const { as, estate, member } = await smallEstate();
  const client = new OrganizationsClient(as(accessKey(estate, member, 'root')));
  const { Organization } = await client.send(new DescribeOrganizationCommand());
  expect(Organization).toMatchObject({ Id: 'o-small12345', MasterAccountId: MANAGEMENT });
  expect((await errorOf(client.send(new ListAccountsCommand()))).name).toBe('AccessDeniedException');
  delegatedAdministrator(estate, member);
  expect((await client.send(new ListAccountsCommand())).Accounts).toHaveLength(2);
});

test('outside an organization there is none to describe', async () => {
  const { as, estate } = await smallEstate();
  const alone = addAccount(estate, { id: '999999999999', name: 'alone' });
  const client = new OrganizationsClient(as(accessKey(estate, alone, 'root')));
  expect((await errorOf(client.send(new DescribeOrganizationCommand()))).name).toBe(
    'AWSOrganizationsNotInUseException',
  );
});

test('regions page', async () => {
  const { as, admin, estate } = await smallEstate();
  const client = new AccountClient(as(admin));
  const first = await client.send(new ListRegionsCommand({ MaxResults: 20 }));
  expect(first.Regions).toHaveLength(20);
  const second = await client.send(new ListRegionsCommand({ MaxResults: 20, NextToken: first.NextToken }));
  expect([...(first.Regions ?? []), ...(second.Regions ?? [])]).toHaveLength(estate.regions.length);
  expect(second.NextToken).toBeUndefined();
});
