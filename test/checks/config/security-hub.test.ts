import { describe, expect, it } from 'vitest';
import check from '../../../checks/config/security-hub.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  emptySnapshot,
  MANAGEMENT,
  REGION,
  throttled,
  unreachable,
  unsupported,
  withAccount,
  withOrganization,
  withPart,
  withSecurityHub,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';

type Hub = NonNullable<NonNullable<Parameters<typeof withSecurityHub>[1]>['hub']>;

const OFF = absent('InvalidAccessException');
const HUB = `arn:aws:securityhub:${REGION}:${ACCOUNT}:hub/default`;

function account(hub: Hub = {}): Snapshot {
  return withSecurityHub(withTrail(emptySnapshot()), { hub });
}

/** The same account as a member; `serviceAccess` are the services that the organization trusts. */
function member(snapshot: Snapshot, serviceAccess: string[]): Snapshot {
  return withOrganization(withAccount(snapshot, { id: MANAGEMENT, inScope: false }), { serviceAccess });
}

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  ['on in the home region of the trail', () => account(), 'pass', { evidence: { on: [REGION], off: [] }, notes: [] }],
  [
    'InvalidAccessException or "not subscribed": off, fail',
    () => account(OFF),
    'fail',
    { reason: 'Security Hub is off in us-east-1.', fix: 'auto-second-approver', people: 2 },
  ],
  [
    "Enabled by the organization's administrator account: pass",
    () => member(account(), ['securityhub.amazonaws.com']),
    'pass',
  ],
  [
    'Enabled without any standard: pass with a note',
    () => account({ standards: [] }),
    'pass',
    { notes: ['No standard is enabled in us-east-1.'] },
  ],
  [
    'Region closed by an SCP: unknown',
    () => account(denied('securityhub:DescribeHub', ACCOUNT, { scp: true })),
    'unknown',
  ],
  [
    'a region that a service control policy closes beside others is left out',
    () =>
      withSecurityHub(account(), {
        region: 'eu-west-1',
        hub: denied('securityhub:DescribeHub', ACCOUNT, { scp: true }),
      }),
    'pass',
    { notes: ['eu-west-1 is closed by a service control policy.'] },
    { regions: [REGION, 'eu-west-1'] },
  ],
  [
    'AccessDenied on DescribeHub: unknown, naming securityhub:DescribeHub',
    () => account(denied('securityhub:DescribeHub', ACCOUNT)),
    'unknown',
    { missingPermission: 'securityhub:DescribeHub' },
  ],
  ['throttled', () => account(throttled('securityhub:DescribeHub', ACCOUNT)), 'unknown'],
  [
    'off in one of several regions',
    () => withSecurityHub(account(), { region: 'eu-west-1', hub: OFF }),
    'fail',
    { reason: 'Security Hub is off in eu-west-1.' },
    { regions: [REGION, 'eu-west-1'] },
  ],
  ['a region that was not read', () => account(), 'unknown', {}, { regions: ['eu-west-1'] }],
  ['not offered in the region', () => account(unsupported('securityhub:DescribeHub')), 'not-applicable'],
  ['no covering trail', () => emptySnapshot(), 'fail', { cause: 'trail/account-covered', fix: 'none' }],
  [
    'trails cannot be listed',
    () => withPart(account(), 'account.trails', ACCOUNT, denied('cloudtrail:DescribeTrails', ACCOUNT)),
    'unknown',
  ],
  [
    'the only covering trail cannot be read',
    () => withPart(account(), 'trail', `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/audit`, unreachable(ACCOUNT)),
    'unknown',
  ],
];

describe('config/security-hub', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings, of: `arn:aws:iam::${ACCOUNT}:root` })).toMatchObject({
      verdict,
      ...more,
    });
  });
});

describe('plan of config/security-hub', () => {
  it('turns it on without standards, and off again as undo', () => {
    const plan = planOf(check, account(OFF));
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', reversible: 'yes' });
    expect(onlyChange(plan)).toMatchObject({
      operation: 'securityhub:EnableSecurityHub',
      account: ACCOUNT,
      region: REGION,
      input: { EnableDefaultStandards: false },
      target: `securityHub.hub:${ACCOUNT}/${REGION}`,
      expect: null,
      result: { HubArn: HUB },
      undo: { operation: 'securityhub:DisableSecurityHub', input: {} },
    });
    expect(plan.warnings.join(' ')).toContain('deletes the findings');
  });

  it('is made in a member whose organization does not manage it', () => {
    expect(planOf(check, member(account(OFF), [])).changes).toHaveLength(1);
  });

  it('Enable it member by member where an administrator account does it for the organization: never', () => {
    const snapshot = member(account(OFF), ['securityhub.amazonaws.com']);
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', fix: 'manual' });
    expect(fixOf(check, snapshot)).toMatchObject({
      kind: 'manual',
      steps: [
        { text: expect.stringContaining('administrator account') },
        { command: expect.stringContaining('create-members') },
      ],
    });
  });

  it('is guided where it is not known who manages it', () => {
    const part = denied('organizations:ListAWSServiceAccessForOrganization', ACCOUNT);
    const snapshot = withPart(member(account(OFF), []), 'organization.serviceAccess', 'organization', part);
    expect(fixOf(check, snapshot)).toMatchObject({ kind: 'manual' });
  });
});
