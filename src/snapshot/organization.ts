import { isoTime } from './json.ts';
import { readPolicyTree } from './organization-policies.ts';
import { absent, chainPart, isUnreadable, mapPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import type { Reading } from './reading.ts';
import type { Organization, OrganizationAccount, Part } from './types.ts';

/** Every member may ask, so a few refusals are reason enough to give up. */
const MOST_ASKED = 5;

/** The organization, told by the first account that may say it. */
async function readOrganization(reading: Reading): Promise<Part<Organization>> {
  const { organizationAccount, scope, known, home } = reading.around;
  const accounts = new Set([...(organizationAccount === undefined ? [] : [organizationAccount]), ...scope, ...known]);
  let refusal: Part<Organization> | undefined;
  for (const account of [...accounts].slice(0, MOST_ASKED)) {
    const answer = chainPart(
      await reading.ask('organizations:DescribeOrganization', { account, region: home }, {}),
      ({ Organization: organization }) =>
        organization === undefined
          ? absent('AWSOrganizationsNotInUseException')
          : read({
              Id: organization.Id ?? '',
              MasterAccountId: organization.MasterAccountId ?? '',
              FeatureSet: organization.FeatureSet ?? 'ALL',
            }),
    );
    if (!isUnreadable(answer)) return answer;
    refusal ??= answer;
  }
  return refusal ?? absent('AWSOrganizationsNotInUseException');
}

/** Asks where the configuration says, then in the management account; the last refusal names the account that should. */
async function fromOrganization<T>(reading: Reading, ask: (account: string) => Promise<Part<T>>): Promise<Part<T>> {
  const organization = await reading.part('organization', 'organization');
  if (organization.state !== 'read') return organization;
  const { organizationAccount } = reading.around;
  const management = organization.value.MasterAccountId;
  const first = await ask(organizationAccount ?? management);
  if (!isUnreadable(first) || organizationAccount === undefined || organizationAccount === management) return first;
  return ask(management);
}

function readAccounts(reading: Reading): Promise<Part<{ [id: string]: OrganizationAccount }>> {
  return fromOrganization(reading, async (account) => {
    const place = { account, region: reading.around.home };
    return mapPart(await reading.askAll('organizations:ListAccounts', place, {}), (pages) => {
      const accounts = pages.flatMap(({ Accounts = [] }) => Accounts);
      return Object.fromEntries(
        accounts.map(({ Id = '', Name = '', State, Status, JoinedTimestamp: joined }) => [
          Id,
          // `Status` was retired in favour of `State` in September 2026; not every partition has followed.
          {
            Id,
            Name,
            State: State ?? Status ?? '',
            ...(joined === undefined ? {} : { JoinedTimestamp: isoTime(joined) }),
          },
        ]),
      );
    });
  });
}

function readServiceAccess(reading: Reading): Promise<Part<{ [principal: string]: true }>> {
  return fromOrganization(reading, async (account) => {
    const place = { account, region: reading.around.home };
    const pages = await reading.askAll('organizations:ListAWSServiceAccessForOrganization', place, {});
    return mapPart(pages, (answers) => {
      const principals = answers.flatMap(({ EnabledServicePrincipals = [] }) => EnabledServicePrincipals);
      return Object.fromEntries(principals.map(({ ServicePrincipal = '' }) => [ServicePrincipal, true as const]));
    });
  });
}

function readAdministrators(reading: Reading): Promise<Part<{ [account: string]: { Name: string } }>> {
  return fromOrganization(reading, async (account) => {
    const place = { account, region: reading.around.home };
    const pages = await reading.askAll('organizations:ListDelegatedAdministrators', place, {
      ServicePrincipal: 'cloudtrail.amazonaws.com',
    });
    return mapPart(pages, (answers) => {
      const administrators = answers.flatMap(({ DelegatedAdministrators = [] }) => DelegatedAdministrators);
      return Object.fromEntries(administrators.map(({ Id = '', Name = '' }) => [Id, { Name }]));
    });
  });
}

export const organizationParts: PartReaders<
  | 'organization'
  | 'organization.accounts'
  | 'organization.serviceAccess'
  | 'organization.delegatedAdministrators'
  | 'organization.policies'
> = {
  organization: {
    key: '"organization"',
    operations: ['organizations:DescribeOrganization'],
    needs: [],
    read: readOrganization,
  },
  'organization.accounts': {
    key: '"organization"',
    operations: ['organizations:ListAccounts'],
    needs: ['organization'],
    read: readAccounts,
  },
  'organization.serviceAccess': {
    key: '"organization"',
    operations: ['organizations:ListAWSServiceAccessForOrganization'],
    needs: ['organization'],
    read: readServiceAccess,
  },
  'organization.delegatedAdministrators': {
    key: '"organization"',
    operations: ['organizations:ListDelegatedAdministrators'],
    needs: ['organization'],
    read: readAdministrators,
  },
  'organization.policies': {
    key: '"organization"',
    operations: [
      'organizations:ListRoots',
      'organizations:ListOrganizationalUnitsForParent',
      'organizations:ListAccountsForParent',
      'organizations:ListPolicies',
      'organizations:DescribePolicy',
      'organizations:ListTargetsForPolicy',
    ],
    needs: ['organization'],
    read: (reading) =>
      fromOrganization(reading, (account) => readPolicyTree(reading, { account, region: reading.around.home })),
  },
};
