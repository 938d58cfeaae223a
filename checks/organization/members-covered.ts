import { z } from 'zod';
import { defineCheck, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { COVERAGE_NEEDS, type CoverageSnapshot, coverageOf } from '../../src/check/coverage.ts';
import { managementOf } from '../../src/check/management.ts';
import type { OrganizationAccount, Trail } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  exempt_accounts: z.array(z.string()).default([]),
  propagation_hours: z.int().min(0).default(24),
});

export default defineCheck({
  id: 'organization/members-covered',
  title: 'Every member account is covered',
  severity: 'high',
  scope: 'organization',
  rationale: 'The account that was forgotten is the one that gets used.',
  pass: 'Every ACTIVE account of the organization is covered by a logging trail with management events, by inheritance or its own, apart from exempt_accounts; accounts that cannot be reached are listed as unknown.',
  seed: ['aws'],
  needs: [...COVERAGE_NEEDS, 'organization.accounts', 'iam.role'],
  events: [
    'CreateTrail',
    'UpdateTrail',
    'DeleteTrail',
    'StartLogging',
    'StopLogging',
    'CreateAccountResult',
    'AcceptHandshake',
    'InviteAccountToOrganization',
    'RemoveAccountFromOrganization',
    'LeaveOrganization',
    'DeleteServiceLinkedRole',
  ],
  controls: controlIds({}),
  settings,
  fix: { class: 'none', risk: 'safe', reversible: 'yes', first: ['organization/trail'], operations: [] },

  evaluate({ snapshot, subject, settings }) {
    const organization = partOf(snapshot.organization, 'organization');
    if (organization.state === 'absent')
      return { verdict: 'not-applicable', reason: 'The estate is in no organization.' };
    if (organization.state !== 'read') return unknownBecause(organization);
    const accounts = partOf(snapshot['organization.accounts'], 'organization');
    if (accounts.state === 'absent') return { verdict: 'unknown', reason: 'The organization has no list of accounts.' };
    if (accounts.state !== 'read') return unknownBecause(accounts, { managementAccount: subject.account });
    const members = Object.values(accounts.value).filter(
      ({ Id, State }) => State === 'ACTIVE' && !settings.exempt_accounts.includes(Id),
    );
    const trail = organizationTrailOf(snapshot, subject.account);
    const seen = members.map((member) => ({ member, ...coverOf(snapshot, member, trail, settings) }));
    const of = (cover: Cover) => seen.filter((it) => it.cover === cover).map(({ member: { Id } }) => Id);
    const evidence = {
      covered: of('covered'),
      unconfirmed: of('unconfirmed'),
      uncovered: of('uncovered'),
      unknown: of('unknown'),
    };
    const notes = seen.flatMap(({ note }) => (note === undefined ? [] : [note]));
    if (evidence.uncovered.length > 0) {
      const { length } = evidence.uncovered;
      return {
        verdict: 'fail',
        evidence,
        notes,
        reason: `${length} of ${members.length} accounts ${length === 1 ? 'is' : 'are'} covered by no logging trail.`,
      };
    }
    if (evidence.unknown.length > 0) {
      return {
        verdict: 'unknown',
        evidence,
        notes,
        reason: `Whether ${evidence.unknown.join(', ')} is covered could not be read.`,
      };
    }
    return { verdict: 'pass', evidence, notes };
  },
});

type Cover = 'covered' | 'unconfirmed' | 'uncovered' | 'unknown';

/** A logging organization trail of the management account with management events. */
function organizationTrailOf(snapshot: CoverageSnapshot, managementAccount: string): Trail | undefined {
  return Object.entries(snapshot.trail).flatMap(([arn, part]) => {
    if (part.state !== 'read' || !part.value.IsOrganizationTrail || part.value.owner !== managementAccount) return [];
    const status = partOf(snapshot['trail.status'], arn);
    const management = managementOf({ selectors: partOf(snapshot['trail.selectors'], arn) });
    return status.state === 'read' && status.value.IsLogging && management === 'some' ? [part.value] : [];
  })[0];
}

function coverOf(
  snapshot: CoverageSnapshot & Parameters<typeof hasServiceRole>[0],
  { Id, JoinedTimestamp }: OrganizationAccount,
  trail: Trail | undefined,
  { propagation_hours }: { propagation_hours: number },
): { cover: Cover; note?: string } {
  const coverage = coverageOf(snapshot, Id);
  if (coverage.state !== 'read') {
    if (trail === undefined) return { cover: 'unknown' };
    return Id === trail.owner
      ? { cover: 'covered' }
      : { cover: 'unconfirmed', note: `${Id}: covered by ${trail.Name}, not confirmed by its shadow.` };
  }
  const cannotLog = trail !== undefined && Id !== trail.owner && hasServiceRole(snapshot, Id) === false;
  const logging = coverage.value.trails.filter(
    ({ status, inherited }) => status.state === 'read' && status.value.IsLogging && !(cannotLog && inherited),
  );
  if (logging.some((covering) => managementOf(covering) === 'some')) return { cover: 'covered' };
  if (cannotLog) {
    return {
      cover: 'uncovered',
      note: `${Id}: AWSServiceRoleForCloudTrail is missing, so ${trail.Name} cannot log there.`,
    };
  }
  const doubtful =
    coverage.value.unreadable.length > 0 ||
    coverage.value.trails.some(({ status }) => status.state !== 'read' && status.state !== 'absent') ||
    logging.some((covering) => managementOf(covering) === 'unknown');
  if (doubtful) return { cover: 'unknown' };
  const joined = JoinedTimestamp === undefined ? 0 : Date.parse(JoinedTimestamp);
  const young = Date.parse(snapshot.takenAt) - joined < propagation_hours * 3_600_000;
  return young && trail !== undefined
    ? { cover: 'unknown', note: `${Id}: joined less than ${propagation_hours} hours ago.` }
    : { cover: 'uncovered' };
}

/** Undefined when it was not read. */
function hasServiceRole(
  snapshot: { 'iam.role': { [key: string]: { state: string } } },
  account: string,
): boolean | undefined {
  const state = snapshot['iam.role'][`${account}/AWSServiceRoleForCloudTrail`]?.state;
  return state === 'read' ? true : state === 'absent' ? false : undefined;
}
