import { z } from 'zod';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { type CLOSED_NEEDS, isClosedRegion } from '../../src/check/closed-regions.ts';
import { controlIds } from '../../src/check/controls.ts';
import { COVERAGE_NEEDS, type CoverageSnapshot, coverageOf } from '../../src/check/coverage.ts';
import type { Change } from '../../src/check/plan.ts';
import type { Part, Snapshot } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  /** `home`: the home region of the covering trail. */
  regions: z.union([z.literal('home'), z.array(z.string().min(1)).min(1)]).default('home'),
});

export default defineCheck({
  id: 'config/security-hub',
  title: 'Security Hub is on',
  severity: 'medium',
  scope: 'account',
  rationale: 'Findings of AWS and of this bot need a place where others can pick them up.',
  pass: 'Security Hub is enabled in every region of regions (the home region of the covering trail by default).',
  seed: [],
  needs: [...COVERAGE_NEEDS, 'organization.policies', 'organization.serviceAccess', 'securityHub.hub'],
  events: ['EnableSecurityHub', 'DisableSecurityHub'],
  controls: controlIds({
    'cis_3.0': '4.16',
    'cis_5.0': '4.16',
    'cis_6.0': '5.16',
    'cis_7.0': '5.16',
    'pci_4.0': '10.2.1.1 10.4.1 10.4.1.1 10.4.2 10.6.3 10.7.1 10.7.2 A3.3.1 A3.5.1',
    nist_800_53_r5: 'AU-6(1) AU-6(5) AU-12(3) AU-14 CA-2 CA-7 PM-14 PM-31',
    iso_27001_2022: 'A.5.1 A.8.23',
    soc2: 'CC3.1 CC6.8 CC7.1 CC7.2 CC7.3 CC7.4',
    well_architected: 'SEC04-BP04',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Billed per check and finding.',
    operations: ['securityhub:EnableSecurityHub', 'securityhub:DisableSecurityHub'],
  },

  evaluate({ snapshot, subject: { account }, settings }) {
    const regions = regionsAsked(snapshot, account, settings.regions);
    if (regions.state === 'absent') {
      const reason = 'No logging trail covers this account, so its home region is not known.';
      return { verdict: 'fail', cause: 'trail/account-covered', reason };
    }
    if (regions.state !== 'read') return unknownBecause(regions);
    const notes: string[] = [];
    const off: string[] = [];
    const on: string[] = [];
    for (const region of regions.value) {
      if (isClosedRegion(snapshot, account, region, snapshot['securityHub.hub'])) {
        notes.push(`${region} is closed by a service control policy.`);
        continue;
      }
      const hub = partOf(snapshot['securityHub.hub'], `${account}/${region}`);
      if (hub.state === 'unsupported') notes.push(`Security Hub is not offered in ${region}.`);
      else if (hub.state === 'absent') off.push(region);
      else if (hub.state !== 'read') return unknownBecause(hub, { region });
      else {
        on.push(region);
        if (hub.value.standards.length === 0) notes.push(`No standard is enabled in ${region}.`);
      }
    }
    const evidence = { on, off };
    if (off.length > 0) {
      const central = centrallyManaged(snapshot);
      return {
        verdict: 'fail',
        evidence,
        notes,
        reason: `Security Hub is off in ${off.join(', ')}.`,
        ...(central === undefined ? {} : { fix: 'manual' as const }),
      };
    }
    if (on.length > 0) return { verdict: 'pass', evidence, notes };
    return { verdict: 'not-applicable', evidence, notes, reason: 'No region that is asked for offers Security Hub.' };
  },

  plan({ snapshot, subject: { account }, settings }) {
    const asked = regionsAsked(snapshot, account, settings.regions);
    const off = (asked.state === 'read' ? asked.value : []).filter(
      (region) =>
        snapshot['securityHub.hub'][`${account}/${region}`]?.state === 'absent' &&
        !isClosedRegion(snapshot, account, region, snapshot['securityHub.hub']),
    );
    if (off.length === 0) {
      return { kind: 'blocked', by: 'config/security-hub', reason: 'Where Security Hub is off is not known.' };
    }
    const central = centrallyManaged(snapshot);
    if (central !== undefined) {
      return manual(
        `${central} Never enable it member by member beside that.`,
        ...off.map((region) => ({
          text: `In the administrator account of Security Hub, add ${account} in ${region}, or to the configuration policy that covers it.`,
          command: `aws securityhub create-members --region ${region} --account-details '[{"AccountId": "${account}"}]'`,
          terraform: `resource "aws_securityhub_member" "account_${account}" {\n  account_id = "${account}"\n}`,
        })),
      );
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Turn Security Hub on in ${off.join(', ')}.`,
        changes: off.map((region) => enable(snapshot.partition, account, region)),
        warnings: [
          'Standards are left to you: none is enabled by this. Undoing it deletes the findings kept until then.',
        ],
        guards: [
          'Before: no administrator account of the organization manages Security Hub.',
          'After: DescribeHub answers.',
        ],
      },
    };
  },
});

type HubSnapshot = CoverageSnapshot &
  Pick<Snapshot, (typeof CLOSED_NEEDS)[number] | 'organization.serviceAccess' | 'securityHub.hub'>;

/** The regions asked for; `absent` where the home region is meant and no logging trail covers the account. */
function regionsAsked(snapshot: HubSnapshot, account: string, asked: 'home' | readonly string[]): Part<string[]> {
  if (asked !== 'home') return { state: 'read', value: [...asked] };
  const coverage = coverageOf(snapshot, account);
  if (coverage.state !== 'read') return coverage;
  const { trails, unreadable } = coverage.value;
  const logging = trails.filter(({ status }) => status.state === 'read' && status.value.IsLogging);
  const best = logging.find(({ trail }) => trail.IsMultiRegionTrail) ?? logging[0];
  if (best !== undefined) return { state: 'read', value: [best.trail.HomeRegion] };
  for (const { status } of trails) if (status.state !== 'read' && status.state !== 'absent') return status;
  return unreadable[0]?.part ?? { state: 'absent', code: 'no logging trail' };
}

/** Why an administrator account may do it for the whole organization; undefined where none can. */
function centrallyManaged(snapshot: Pick<Snapshot, 'organization' | 'organization.serviceAccess'>): string | undefined {
  const organization = partOf(snapshot.organization, 'organization');
  if (organization.state === 'absent') return undefined;
  const access = partOf(snapshot['organization.serviceAccess'], 'organization');
  if (access.state === 'absent') return undefined;
  if (access.state !== 'read') return 'Whether the organization manages Security Hub from one account is not known.';
  return access.value['securityhub.amazonaws.com'] === true
    ? 'The organization trusts Security Hub, so an administrator account manages it for all members.'
    : undefined;
}

/** securityhub:EnableSecurityHub without standards; its way back deletes what the hub has found until then. */
function enable(partition: string, account: string, region: string): Change {
  const arn = `arn:${partition}:securityhub:${region}:${account}:hub/default`;
  const call = { account, region, resource: arn };
  return {
    ...call,
    operation: 'securityhub:EnableSecurityHub',
    input: { EnableDefaultStandards: false },
    summary: `Turn Security Hub on in ${region}.`,
    target: `securityHub.hub:${account}/${region}`,
    expect: null,
    result: { HubArn: arn },
    undo: {
      ...call,
      operation: 'securityhub:DisableSecurityHub',
      input: {},
      summary: `Turn Security Hub off in ${region}; its findings are lost.`,
      automatic: true,
    },
  };
}
