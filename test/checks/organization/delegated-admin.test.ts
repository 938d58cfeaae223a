import { describe, expect, it } from 'vitest';
import check from '../../../checks/organization/delegated-admin.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  denied,
  emptySnapshot,
  MANAGEMENT,
  withDelegatedAdministrators,
  withOrganization,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';

const EXPECTED = { expected_accounts: [ARCHIVE] };

/** An organization with its trail; `administrators` are registered for CloudTrail. */
function organization(administrators: readonly string[] = [ARCHIVE], accounts: JsonObject = {}): Snapshot {
  const estate = emptySnapshot({ accounts: [MANAGEMENT, ACCOUNT, { id: ARCHIVE, inScope: false }] });
  const members = [MANAGEMENT, ACCOUNT, ARCHIVE].map((Id) => ({ Id, State: String(accounts[Id] ?? 'ACTIVE') }));
  const trail = { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true };
  return withDelegatedAdministrators(withTrail(withOrganization(estate, { accounts: members }), trail), {
    administrators: Object.fromEntries(administrators.map((id) => [id, { Name: `account-${id}` }])),
  });
}

const part = (
  name: 'organization' | 'organization.delegatedAdministrators' | 'organization.accounts',
  action: string,
) => withPart(organization(), name, 'organization', denied(action, MANAGEMENT));

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  ['the expected account is registered', () => organization(), 'pass', { evidence: { registered: [ARCHIVE] } }],
  [
    'one of several expected accounts is registered',
    () => organization(),
    'pass',
    {},
    { expected_accounts: [ACCOUNT, ARCHIVE] },
  ],
  ['nobody is expected', () => organization([]), 'not-applicable', {}, { expected_accounts: [] }],
  ['Account outside any organization: not-applicable', () => emptySnapshot(), 'not-applicable'],
  [
    'Organizations cannot be read from any account of the estate: unknown, naming the management account',
    () => part('organization', 'organizations:DescribeOrganization'),
    'unknown',
    { missingPermission: 'organizations:DescribeOrganization', evidence: { managementAccount: MANAGEMENT } },
  ],
  [
    'No organization trail: not-applicable',
    () => withOrganization(emptySnapshot({ accounts: [MANAGEMENT, ARCHIVE] })),
    'not-applicable',
    { reason: 'There is no organization trail.' },
  ],
  [
    'the trails of the management account cannot be listed',
    () => {
      const refused = denied('cloudtrail:DescribeTrails', MANAGEMENT);
      const estate = withOrganization(emptySnapshot({ accounts: [MANAGEMENT, ARCHIVE] }));
      return withPart(estate, 'account.trails', MANAGEMENT, refused);
    },
    'unknown',
  ],
  [
    'nobody is registered',
    () => organization([]),
    'fail',
    { reason: 'No delegated administrator is registered for CloudTrail.', fix: 'auto-second-approver', people: 2 },
  ],
  [
    'Registered account outside expected_accounts: fail, naming it',
    () => organization([ARCHIVE, ACCOUNT]),
    'fail',
    { reason: expect.stringContaining(ACCOUNT), fix: 'manual' },
  ],
  [
    'Account registered but suspended: fail',
    () => organization([ARCHIVE], { [ARCHIVE]: 'SUSPENDED' }),
    'fail',
    { reason: `The delegated administrator ${ARCHIVE} is not an active account.`, fix: 'manual' },
  ],
  [
    'AccessDenied on ListDelegatedAdministrators: unknown, naming organizations:ListDelegatedAdministrators',
    () => part('organization.delegatedAdministrators', 'organizations:ListDelegatedAdministrators'),
    'unknown',
    {
      missingPermission: 'organizations:ListDelegatedAdministrators',
      evidence: { managementAccount: MANAGEMENT },
    },
  ],
  [
    'ListAccounts denied',
    () => part('organization.accounts', 'organizations:ListAccounts'),
    'unknown',
    { missingPermission: 'organizations:ListAccounts' },
  ],
];

describe('organization/delegated-admin', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = EXPECTED) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });
});

describe('plan of organization/delegated-admin', () => {
  it('registers the declared account from the management account, and deregisters it as undo', () => {
    const plan = planOf(check, organization([]), { settings: EXPECTED });
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'safe', reversible: 'yes' });
    expect(onlyChange(plan)).toMatchObject({
      operation: 'cloudtrail:RegisterOrganizationDelegatedAdmin',
      account: MANAGEMENT,
      region: 'us-east-1',
      input: { MemberAccountId: ARCHIVE },
      target: 'organization.delegatedAdministrators:organization',
      expect: { [ARCHIVE]: null },
      result: { [ARCHIVE]: true },
      undo: {
        operation: 'cloudtrail:DeregisterOrganizationDelegatedAdmin',
        input: { DelegatedAdminAccountId: ARCHIVE },
        automatic: true,
      },
    });
  });

  it.each([
    ['the management account', [MANAGEMENT]],
    ['an account of nobody here', ['999999999999']],
  ])('Register an account nobody declared: never, and neither %s', (_name, expected_accounts) => {
    expect(fixOf(check, organization([]), { settings: { expected_accounts } })).toMatchObject({ kind: 'blocked' });
  });

  it('takes the next expected account where the first is suspended', () => {
    const settings = { expected_accounts: [ARCHIVE, ACCOUNT] };
    const plan = planOf(check, organization([], { [ARCHIVE]: 'SUSPENDED' }), { settings });
    expect(onlyChange(plan).input).toEqual({ MemberAccountId: ACCOUNT });
  });

  it('Three are registered already: no more can be', () => {
    const three = organization(['444444444444', '555555555555', '666666666666']);
    expect(findingOf(check, three, { settings: EXPECTED })).toMatchObject({ verdict: 'fail', fix: 'manual' });
    expect(fixOf(check, three, { settings: EXPECTED })).toMatchObject({
      kind: 'manual',
      steps: [{ text: expect.stringContaining('no more can be') }, {}, {}, {}],
    });
  });

  it('Deregister an unexpected one without asking: that is manual', () => {
    expect(fixOf(check, organization([ACCOUNT]), { settings: EXPECTED })).toMatchObject({
      kind: 'manual',
      steps: [
        {
          command: `aws cloudtrail deregister-organization-delegated-admin --delegated-admin-account-id ${ACCOUNT} --region us-east-1`,
        },
      ],
    });
  });
});
