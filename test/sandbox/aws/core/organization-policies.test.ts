import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import {
  DeregisterDelegatedAdministratorCommand,
  DescribePolicyCommand,
  DisableAWSServiceAccessCommand,
  EnableAWSServiceAccessCommand,
  ListDelegatedAdministratorsCommand,
  ListDelegatedServicesForAccountCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  ListTargetsForPolicyCommand,
  OrganizationsClient,
  RegisterDelegatedAdministratorCommand,
} from '@aws-sdk/client-organizations';
import { describe, expect, test } from 'vitest';
import {
  accessKey,
  addAccount,
  allow,
  closeRegions,
  delegatedAdministrator,
  deny,
  policy,
  serviceControlPolicy,
  user,
  withoutControlPolicies,
} from '../../../../src/sandbox/aws/builders.ts';
import { errorOf, MANAGEMENT, MEMBER, type Small, smallEstate } from './support.ts';

const NO_TRAILS = policy(deny('cloudtrail:*'));
const Filter = 'SERVICE_CONTROL_POLICY';

/** Whether the member's administrator may look at trails. */
async function mayLook(small: Small, region = 'us-east-1'): Promise<string> {
  const holder = user(small.member, 'looker', { inline: { all: policy(allow('*')) } });
  const client = new CloudTrailClient(small.as(accessKey(small.estate, small.member, holder), region));
  return client.send(new DescribeTrailsCommand()).then(
    () => 'yes',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );
}

describe('service control policies bind', () => {
  test.each([
    ['the account', (small: Small) => small.member],
    ['its unit', () => 'Workloads'],
    ['the root', () => 'Root'],
  ])('from %s', async (_what, target) => {
    const small = await smallEstate();
    expect(await mayLook(small)).toBe('yes');
    serviceControlPolicy(small.estate, target(small), 'no-trails', NO_TRAILS);
    expect(await mayLook(small)).toContain('explicit deny in a service control policy');
    const management = new CloudTrailClient(small.as(small.admin));
    expect((await management.send(new DescribeTrailsCommand())).trailList).toEqual([]);
  });

  test('every level has to allow', async () => {
    const small = await smallEstate();
    serviceControlPolicy(small.estate, 'Workloads', 'storage-only', policy(allow('s3:*')));
    serviceControlPolicy(small.estate, small.member, 'all', policy(allow('*')));
    expect(await mayLook(small)).toContain('no service control policy allows');
  });

  test('but not while their type is switched off', async () => {
    const small = await smallEstate();
    serviceControlPolicy(small.estate, small.member, 'no-trails', NO_TRAILS);
    withoutControlPolicies(small.estate);
    expect(await mayLook(small)).toBe('yes');
    const client = new OrganizationsClient(small.as(small.admin));
    expect((await client.send(new ListRootsCommand())).Roots?.[0]?.PolicyTypes).toEqual([]);
    const { Policies } = await client.send(new ListPoliciesCommand({ Filter }));
    const targets = new ListTargetsForPolicyCommand({ PolicyId: Policies?.at(-1)?.Id });
    expect((await client.send(targets)).Targets).toEqual([]);
  });

  test('and close regions, but for services that live in one place', async () => {
    const small = await smallEstate();
    closeRegions(small.estate, 'Root', ['us-east-1']);
    expect(await mayLook(small)).toBe('yes');
    expect(await mayLook(small, 'eu-west-1')).toContain('explicit deny in a service control policy');
  });
});

describe('service control policies are listed', () => {
  test('with what they hang on, whether they stand in the organization or in an account', async () => {
    const { as, admin, estate, member } = await smallEstate();
    const made = serviceControlPolicy(estate, 'Workloads', 'no-trails', NO_TRAILS);
    member.serviceControlPolicies.push(policy(deny('iam:*')));
    const client = new OrganizationsClient(as(admin));
    const { Policies } = await client.send(new ListPoliciesCommand({ Filter }));
    expect(Policies?.map(({ Name, AwsManaged }) => [Name, AwsManaged])).toEqual([
      ['FullAWSAccess', true],
      ['no-trails', false],
      [expect.stringMatching(/^p-/), false],
    ]);
    expect(Policies?.[0]?.Arn).toBe('arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess');
    const described = await client.send(new DescribePolicyCommand({ PolicyId: made.id }));
    expect(JSON.parse(described.Policy?.Content ?? '')).toEqual(NO_TRAILS);
    const targets = await client.send(new ListTargetsForPolicyCommand({ PolicyId: made.id }));
    expect(targets.Targets).toEqual([
      expect.objectContaining({ Name: 'Workloads', Type: 'ORGANIZATIONAL_UNIT', Arn: expect.stringContaining(':ou/') }),
    ]);
    const own = await client.send(new ListPoliciesForTargetCommand({ TargetId: MEMBER, Filter }));
    expect(own.Policies).toHaveLength(2);
    const full = await client.send(new ListTargetsForPolicyCommand({ PolicyId: 'p-FullAWSAccess' }));
    expect(full.Targets?.map((target) => target.Type)).toEqual(['ROOT', 'ORGANIZATIONAL_UNIT', 'ACCOUNT', 'ACCOUNT']);
  });

  test('but not to strangers, nor what does not exist', async () => {
    const { as, admin, estate, member } = await smallEstate();
    const client = new OrganizationsClient(as(admin));
    const gone = await errorOf(client.send(new DescribePolicyCommand({ PolicyId: 'p-00000000' })));
    expect(gone.name).toBe('PolicyNotFoundException');
    const nowhere = new ListPoliciesForTargetCommand({ TargetId: '000000000000', Filter });
    expect((await errorOf(client.send(nowhere))).name).toBe('TargetNotFoundException');
    const stranger = new OrganizationsClient(as(accessKey(estate, member, 'root')));
    expect((await errorOf(stranger.send(new ListPoliciesCommand({ Filter })))).name).toBe('AccessDeniedException');
  });
});

describe('delegated administrators', () => {
  const ServicePrincipal = 'config.amazonaws.com';

  test('are listed by service', async () => {
    const { as, admin, estate, member } = await smallEstate();
    const other = addAccount(estate, { id: '444444444444', name: 'audit', unit: 'Root' });
    delegatedAdministrator(estate, member);
    delegatedAdministrator(estate, other, ServicePrincipal);
    const client = new OrganizationsClient(as(admin));
    const list = async (service?: string) =>
      (await client.send(new ListDelegatedAdministratorsCommand({ ServicePrincipal: service })))
        .DelegatedAdministrators;
    expect((await list('cloudtrail.amazonaws.com'))?.map((one) => [one.Id, one.Name])).toEqual([[MEMBER, 'member']]);
    expect((await list())?.map((one) => one.Id)).toEqual([MEMBER, other.id]);
    const services = await client.send(new ListDelegatedServicesForAccountCommand({ AccountId: other.id }));
    expect(services.DelegatedServices?.[0]).toMatchObject({
      ServicePrincipal,
      DelegationEnabledDate: expect.any(Date),
    });
  });

  test('are named and dismissed by the management account, for services with trusted access', async () => {
    const { as, admin, estate } = await smallEstate();
    const client = new OrganizationsClient(as(admin));
    const register = (AccountId: string) =>
      client.send(new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }));
    expect((await errorOf(register(MEMBER))).name).toBe('ConstraintViolationException');
    await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
    expect((await errorOf(register(MANAGEMENT))).name).toBe('ConstraintViolationException');
    expect((await errorOf(register('000000000000'))).name).toBe('AccountNotFoundException');
    await register(MEMBER);
    expect((await errorOf(register(MEMBER))).name).toBe('AccountAlreadyRegisteredException');
    const dismiss = new DeregisterDelegatedAdministratorCommand({ AccountId: MEMBER, ServicePrincipal });
    await client.send(dismiss);
    expect((await errorOf(client.send(dismiss))).name).toBe('AccountNotRegisteredException');
    await client.send(new DisableAWSServiceAccessCommand({ ServicePrincipal }));
    expect(estate.organization?.trustedAccess.has(ServicePrincipal)).toBe(false);
  });
});

test('a policy may allow trusted access for one service only', async () => {
  const { as, estate, management } = await smallEstate();
  const holder = user(management, 'limited', {
    inline: {
      one: policy({
        ...allow('organizations:EnableAWSServiceAccess'),
        Condition: { StringEquals: { 'organizations:ServicePrincipal': 'cloudtrail.amazonaws.com' } },
      }),
    },
  });
  const client = new OrganizationsClient(as(accessKey(estate, management, holder)));
  await client.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: 'cloudtrail.amazonaws.com' }));
  const other = new EnableAWSServiceAccessCommand({ ServicePrincipal: 'config.amazonaws.com' });
  expect((await errorOf(client.send(other))).name).toBe('AccessDeniedException');
});
