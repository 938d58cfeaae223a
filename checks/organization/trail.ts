import { z } from 'zod';
import { convertToOrganizationTrail } from '../../src/check/changes/organization-trail.ts';
import { defineCheck, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { COVERAGE_NEEDS } from '../../src/check/coverage.ts';
import { managementOf } from '../../src/check/management.ts';
import { accountOf } from '../../src/check/subject.ts';
import type { Part, Snapshot, Trail, Unreadable } from '../../src/snapshot/types.ts';

export default defineCheck({
  id: 'organization/trail',
  title: 'There is an organization trail',
  severity: 'high',
  scope: 'organization',
  rationale: 'One trail made in one place covers accounts that do not exist yet, and members cannot switch it off.',
  pass: 'The management account owns a logging multi-region organization trail that records management events, and trusted access for cloudtrail.amazonaws.com is on.',
  seed: ['aws'],
  needs: [...COVERAGE_NEEDS, 'organization.serviceAccess', 'bucket', 'bucket.policy'],
  events: [
    'CreateTrail',
    'UpdateTrail',
    'DeleteTrail',
    'StartLogging',
    'StopLogging',
    'EnableAWSServiceAccess',
    'DisableAWSServiceAccess',
    'PutEventSelectors',
  ],
  controls: controlIds({
    aws_encryption: 'guidance-cloudtrail',
  }),
  settings: z.strictObject({}),
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'partly',
    cost: 'Where members keep trails of their own, the second copy is billed until those go.',
    first: ['bucket/delivery-policy'],
    operations: [
      'organizations:EnableAWSServiceAccess',
      's3:PutBucketPolicy',
      's3:DeleteBucketPolicy',
      'cloudtrail:UpdateTrail',
      'cloudtrail:StartLogging',
    ],
  },

  evaluate({ snapshot, subject: { account } }) {
    const organization = partOf(snapshot.organization, 'organization');
    if (organization.state === 'absent')
      return { verdict: 'not-applicable', reason: 'The estate is in no organization.' };
    if (organization.state !== 'read') return unknownBecause(organization, { managementAccount: account });
    if (organization.value.FeatureSet !== 'ALL') {
      const evidence = { FeatureSet: organization.value.FeatureSet };
      return {
        verdict: 'fail',
        evidence,
        fix: 'none',
        reason: 'The organization has consolidated billing only; enable all features first.',
      };
    }
    const access = partOf(snapshot['organization.serviceAccess'], 'organization');
    if (access.state !== 'read' && access.state !== 'absent')
      return unknownBecause(access, { managementAccount: account });
    const trusted = access.state === 'read' && access.value['cloudtrail.amazonaws.com'] === true;
    const listing = partOf(snapshot['account.trails'], account);
    const candidates = trailsOf(snapshot, account);
    const faults = candidates
      .filter(({ trail }) => trail.IsOrganizationTrail)
      .map((it) => ({ trail: it.trail.TrailARN, faults: faultsOf(it) }));
    const evidence = { trustedAccess: trusted, organizationTrails: faults };
    if (faults.some((it) => it.faults.length === 0)) {
      return trusted
        ? { verdict: 'pass', evidence }
        : { verdict: 'fail', evidence, reason: 'Trusted access for cloudtrail.amazonaws.com is off.' };
    }
    if (listing.state !== 'read' && listing.state !== 'absent')
      return unknownBecause(listing, { managementAccount: account });
    const doubt = doubtOf(snapshot, account);
    if (doubt !== undefined) return unknownBecause(doubt.part, { trail: doubt.arn });
    const [first] = faults;
    return {
      verdict: 'fail',
      evidence,
      reason:
        first === undefined ? 'No organization trail exists.' : `The organization trail ${first.faults.join(', ')}.`,
    };
  },

  plan({ snapshot, subject: { account } }) {
    const candidates = trailsOf(snapshot, account);
    const own =
      candidates.find(({ trail }) => trail.IsOrganizationTrail) ?? candidates.find((it) => faultsOf(it).length === 0);
    if (own === undefined) {
      return {
        kind: 'blocked',
        by: 'trail/account-covered',
        reason: 'The management account has no good trail to widen. Mend trail/account-covered there first.',
      };
    }
    if (own.management !== 'some') {
      const reason = `${own.trail.Name} records no management events. Let it record them first.`;
      return { kind: 'blocked', by: 'trail/management-events', reason };
    }
    const planned = convertToOrganizationTrail(snapshot, account, own.trail, own.status);
    if ('problem' in planned) return { kind: 'blocked', by: 'bucket/delivery-policy', reason: planned.problem };
    return {
      kind: 'changes',
      plan: {
        summary: `Make ${own.trail.Name} the trail of the whole organization.`,
        changes: planned.changes,
        warnings: ['Members that keep trails of their own pay for a second copy until those go.'],
        guards: [
          'Before: the bucket policy is in place first.',
          'After: within 24 hours every member shows the shadow.',
        ],
        watchDelivery: [own.trail.TrailARN],
      },
    };
  },
});

interface Candidate {
  trail: Trail;
  status: Part<{ IsLogging: boolean }>;
  management: 'some' | 'none' | 'unknown';
}

/** The trails the management account owns. */
function trailsOf(
  snapshot: Pick<Snapshot, 'trail' | 'trail.status' | 'trail.selectors'>,
  account: string,
): Candidate[] {
  return Object.entries(snapshot.trail).flatMap(([arn, part]) => {
    if (part.state !== 'read' || part.value.owner !== account) return [];
    const status = partOf(snapshot['trail.status'], arn);
    return [
      { trail: part.value, status, management: managementOf({ selectors: partOf(snapshot['trail.selectors'], arn) }) },
    ];
  });
}

/** An organization trail of the management account of which something could not be read: it may be the good one. */
function doubtOf(
  snapshot: Pick<Snapshot, 'account.trails' | 'trail' | 'trail.status' | 'trail.selectors'>,
  account: string,
): { arn: string; part: Unreadable } | undefined {
  const listing = partOf(snapshot['account.trails'], account);
  const arns = listing.state !== 'read' ? [] : listing.value.filter((it) => it.IsOrganizationTrail);
  for (const { TrailARN: arn } of arns.filter(({ TrailARN }) => accountOf(TrailARN) === account)) {
    for (const name of ['trail', 'trail.status', 'trail.selectors'] as const) {
      const part: Part<unknown> = partOf<unknown>(snapshot[name], arn);
      if (part.state !== 'read' && part.state !== 'absent') return { arn, part };
    }
  }
  return undefined;
}

function faultsOf({ trail, status, management }: Candidate): string[] {
  const stopped = status.state === 'read' && status.value.IsLogging ? [] : ['is stopped'];
  const limited = trail.IsMultiRegionTrail ? [] : ['records one region only'];
  return [...stopped, ...limited, ...(management === 'some' ? [] : ['records no management events'])];
}
