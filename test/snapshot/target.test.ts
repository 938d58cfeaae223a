import { describe, expect, test } from 'vitest';
import { DEMO_ACCOUNTS } from '../../src/sandbox/aws/index.ts';
import type { Estate } from '../../src/sandbox/aws/types.ts';
import { resolveTarget } from '../../src/snapshot/target.ts';
import { demo, type SnapshotConfig } from './support.ts';

const { management, archive, web, data, staging, sandbox } = DEMO_ACCOUNTS;

type Environments = SnapshotConfig['environments'];

async function resolve(word: string | undefined, environments: Environments, change?: (estate: Estate) => void) {
  const { aws, config } = await demo({ config: { environments }, ...(change === undefined ? {} : { change }) });
  return resolveTarget(word, config, aws);
}

async function idsOf(
  organization: NonNullable<Environments[string]>['organization'],
  change?: (estate: Estate) => void,
) {
  const target = await resolve('prod', { prod: organization === undefined ? {} : { organization } }, change);
  return 'accounts' in target ? target.accounts.map(({ id }) => id).sort() : target;
}

describe('an environment', () => {
  test('by list has the accounts with their names and all environments that hold them', async () => {
    const target = await resolve('prod', {
      prod: { accounts: [{ id: web, name: 'web' }, { id: data }] },
      pci: { accounts: [{ id: web }] },
    });
    expect(target).toEqual({
      name: 'prod',
      accounts: [
        { id: web, name: 'web', environments: ['prod', 'pci'] },
        { id: data, name: data, environments: ['prod'] },
      ],
    });
  });

  test.each([
    ['a path of units', { ou: ['Workloads/Prod'] }, [web, data]],
    ['a unit with the units below', { ou: ['Workloads'] }, [web, data, staging]],
    ['several units', { ou: ['Workloads/Staging', 'Security'] }, [archive, staging]],
    ['a tag', { tag: { env: ['prod'] } }, [web, data]],
    ['a tag by pattern', { tag: { env: ['s*'] } }, [staging, sandbox]],
    ['a name', { name: ['acme-prod-*'] }, [web, data]],
    ['a unit and a name, which both have to fit', { ou: ['Workloads'], name: ['*-web', '*-archive'] }, [web]],
  ])('by %s', async (_, organization, expected) => {
    expect(await idsOf(organization)).toEqual(expected);
  });

  test('by the id of a unit', async () => {
    const { aws, estate } = await demo();
    const unit = [...(estate.organization?.units.values() ?? [])].find(({ name }) => name === 'Prod');
    const config = { aws: { region: 'us-east-1' }, environments: { prod: { organization: { ou: [unit?.id ?? ''] } } } };
    const target = await resolveTarget(
      'prod',
      { ...config, aws: { ...config.aws, organization: { account: management } } },
      aws,
    );
    expect(target).toMatchObject({
      accounts: [{ id: web, name: 'acme-prod-web', environments: ['prod'] }, { id: data }],
    });
  });

  test('leaves out accounts that are not active', async () => {
    const ids = await idsOf({ ou: ['Workloads/Prod'] }, ({ accounts }) => {
      const closed = accounts.get(data);
      if (closed !== undefined) closed.state = 'SUSPENDED';
    });
    expect(ids).toEqual([web]);
  });

  test('of a unit that does not exist is refused, naming the units there are', async () => {
    await expect(idsOf({ ou: ['Workloads/Production'] })).rejects.toMatchObject({
      message: 'There is no organizational unit Workloads/Production',
      what: 'Production is not among: Prod, Staging',
    });
  });

  test('of an organization that cannot be read is refused, with what to do', async () => {
    const refused = idsOf({ name: ['*'] }, ({ knobs }) =>
      knobs.denied.push({ account: management, action: 'organizations:ListAccounts' }),
    );
    await expect(refused).rejects.toMatchObject({
      what: `organizations in account ${management}`,
      next: expect.stringContaining('aws.organization.account'),
    });
  });
});

describe('one account', () => {
  const environments = { prod: { accounts: [{ id: web, name: 'shop' }] } };
  test.each([
    ['its id', web, { name: web, accounts: [{ id: web, name: 'shop', environments: ['prod'] }] }],
    [
      'the id of a stranger',
      '999999999999',
      { name: '999999999999', accounts: [{ id: '999999999999', name: '999999999999', environments: [] }] },
    ],
    ['its name in the configuration', 'Shop', { accounts: [{ id: web }] }],
    ['its alias', 'acme-prod-web', { accounts: [{ id: web, environments: ['prod'] }] }],
    ['its name in the organization', 'acme-staging', { accounts: [{ id: staging, environments: [] }] }],
  ])('by %s', async (_, word, expected) => {
    expect(await resolve(word, environments)).toMatchObject(expected);
  });

  test('is that of the default credentials where nothing is said', async () => {
    expect(await resolve(undefined, {})).toMatchObject({ name: archive, accounts: [{ id: archive }] });
  });
});

describe('a word that means nothing', () => {
  test.each([
    ['prdo', ['prod']],
    ['acme-prod-wed', ['acme-prod-web']],
    ['something-else-entirely', []],
  ])('%s suggests %j', async (word, suggestions) => {
    expect(await resolve(word, { prod: { accounts: [{ id: web }] } })).toEqual({ suggestions });
  });
});
