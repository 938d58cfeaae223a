import { describe, expect, it } from 'vitest';
import check from '../../../checks/organization/members-covered.ts';
import { addAccount, DEMO_ACCOUNTS } from '../../../src/sandbox/aws/index.ts';
import type { JsonObject, OrganizationAccount, Snapshot } from '../../../src/snapshot/types.ts';
import { demo } from '../../snapshot/support.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  denied,
  emptySnapshot,
  hoursBefore,
  MANAGEMENT,
  NOW,
  unreachable,
  withOrganization,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf } from '../bucket/support.ts';
import type { TrailOptions } from '../trail/support.ts';

type Member = Partial<OrganizationAccount> & { Id: string };

const STRANGER = '555555555555';

/** Management account and two members; the organization may know more than the estate. */
function organization(trail: TrailOptions | undefined, members: Member[] = []): Snapshot {
  const estate = emptySnapshot({ accounts: [MANAGEMENT, ACCOUNT, ARCHIVE] });
  const named = new Set(members.map(({ Id }) => Id));
  const rest = [MANAGEMENT, ACCOUNT, ARCHIVE].filter((Id) => !named.has(Id)).map((Id) => ({ Id }));
  const snapshot = withOrganization(estate, { accounts: [...rest, ...members] });
  return trail === undefined
    ? snapshot
    : withTrail(snapshot, { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true, ...trail });
}

/** The organization trail shows in the management account alone. */
const unseen: TrailOptions = { visibleIn: [MANAGEMENT, ARCHIVE] };

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  [
    'everybody is covered',
    () => organization({}),
    'pass',
    { evidence: { covered: [MANAGEMENT, ACCOUNT, ARCHIVE], unconfirmed: [], uncovered: [], unknown: [] } },
  ],
  ['Account outside any organization: not-applicable', () => emptySnapshot(), 'not-applicable'],
  [
    'Organizations cannot be read from any account of the estate: unknown, naming the management account',
    () =>
      withPart(organization({}), 'organization', 'organization', denied('organizations:DescribeOrganization', ACCOUNT)),
    'unknown',
    { missingPermission: 'organizations:DescribeOrganization' },
  ],
  [
    "Member not in the estate's configuration: still checked, by the organization trail alone",
    () => organization({}, [{ Id: STRANGER }]),
    'pass',
    { evidence: { unconfirmed: [STRANGER] } },
  ],
  [
    'member not in the configuration, and no organization trail',
    () => organization(undefined, [{ Id: STRANGER }]),
    'fail',
    { evidence: { unknown: [STRANGER], uncovered: [MANAGEMENT, ACCOUNT, ARCHIVE] } },
  ],
  [
    'Member that cannot be assumed: covered if the organization trail is logging, marked as not confirmed by its shadow',
    () => withPart(organization({}), 'account.trails', ACCOUNT, unreachable(ACCOUNT)),
    'pass',
    {
      evidence: { unconfirmed: [ACCOUNT] },
      notes: [`${ACCOUNT}: covered by org, not confirmed by its shadow.`],
    },
  ],
  [
    'Member joined within propagation_hours: unknown',
    () => organization(unseen, [{ Id: ACCOUNT, JoinedTimestamp: hoursBefore(NOW, 2) }]),
    'unknown',
    { evidence: { unknown: [ACCOUNT] } },
  ],
  [
    'member joined long ago, without a shadow',
    () => organization(unseen),
    'fail',
    { evidence: { uncovered: [ACCOUNT] }, reason: '1 of 3 accounts is covered by no logging trail.' },
  ],
  ['member with a trail of its own', () => withTrail(organization(unseen), { owner: ACCOUNT }), 'pass'],
  [
    'AWSServiceRoleForCloudTrail missing in the member: fail, the organization trail cannot log there',
    () => withPart(organization({}), 'iam.role', `${ACCOUNT}/AWSServiceRoleForCloudTrail`, absent('NoSuchEntity')),
    'fail',
    { evidence: { uncovered: [ACCOUNT] }, notes: [expect.stringContaining('AWSServiceRoleForCloudTrail')] },
  ],
  [
    'AWSServiceRoleForCloudTrail missing in a member with a trail of its own',
    () => {
      const own = withTrail(organization({}), { owner: ACCOUNT });
      return withPart(own, 'iam.role', `${ACCOUNT}/AWSServiceRoleForCloudTrail`, absent('NoSuchEntity'));
    },
    'pass',
  ],
  [
    'SUSPENDED, PENDING_CLOSURE or CLOSED: left out',
    () =>
      organization(unseen, [
        { Id: ACCOUNT, State: 'SUSPENDED' },
        { Id: '666666666666', State: 'PENDING_CLOSURE' },
        { Id: '777777777777', State: 'CLOSED' },
      ]),
    'pass',
    { evidence: { covered: [MANAGEMENT, ARCHIVE] } },
  ],
  [
    'Management account itself: covered by the organization trail',
    () => organization({ visibleIn: [MANAGEMENT, ACCOUNT, ARCHIVE] }),
    'pass',
  ],
  [
    'stopped organization trail',
    () => organization({ status: { IsLogging: false } }),
    'fail',
    { reason: '3 of 3 accounts are covered by no logging trail.', fix: 'none' },
  ],
  [
    'status of the organization trail cannot be read',
    () => organization({ status: denied('cloudtrail:GetTrailStatus', MANAGEMENT) }),
    'unknown',
  ],
  [
    'AccessDenied on ListAccounts: unknown, naming organizations:ListAccounts',
    () =>
      withPart(
        organization({}),
        'organization.accounts',
        'organization',
        denied('organizations:ListAccounts', MANAGEMENT),
      ),
    'unknown',
    { missingPermission: 'organizations:ListAccounts' },
  ],
];

describe('organization/members-covered', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('Empty page with a NextToken in ListAccounts: reading goes on', async () => {
    // The simulated Organizations puts an empty page into every listing of more than one.
    const ids = Array.from({ length: 30 }, (_, index) => String(700_000_000_000 + index));
    const { take } = await demo({
      change: (estate) => {
        for (const id of ids) addAccount(estate, { id, name: `member-${id}`, unit: 'Workloads' });
      },
    });
    const { snapshot } = await take([DEMO_ACCOUNTS.management], { parts: check.needs });
    const { evidence } = findingOf(check, snapshot);
    expect(JSON.stringify(evidence)).toContain(ids.at(-1));
  });

  it('leaves exempt_accounts out', () => {
    expect(findingOf(check, organization(unseen), { settings: { exempt_accounts: [ACCOUNT] } }).verdict).toBe('pass');
  });

  it('waits as long for a new member as propagation_hours say', () => {
    const snapshot = organization(unseen, [{ Id: ACCOUNT, JoinedTimestamp: hoursBefore(NOW, 2) }]);
    expect(findingOf(check, snapshot, { settings: { propagation_hours: 1 } }).verdict).toBe('fail');
  });

  it('offers no fix: organization/trail and trail/account-covered carry it', () => {
    expect(check.plan).toBeUndefined();
  });
});
