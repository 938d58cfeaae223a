import { z } from 'zod';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailsAt } from '../../src/check/delivery.ts';

const settings = z.strictObject({ archive_accounts: z.array(z.string()).default([]) });

export default defineCheck({
  id: 'bucket/archive-account',
  title: 'Logs are kept in an account of their own',
  severity: 'medium',
  scope: 'bucket',
  rationale: 'Whoever takes over a workload account should not find its audit log there.',
  pass: 'The bucket belongs to one of archive_accounts. With none declared: it does not belong to the account that owns the trail, or it also receives the logs of other accounts.',
  seed: ['aws', 'resmo'],
  needs: ['trail', 'bucket', 'organization.accounts'],
  events: ['CreateTrail', 'UpdateTrail', 'CreateBucket'],
  controls: controlIds({}),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'partly', first: ['bucket/delivery-policy'], operations: [] },

  evaluate({ snapshot, subject, settings, estate }) {
    const shared = { bucket: subject.name, trails: subject.trails };
    const part = partOf(snapshot.bucket, subject.name);
    if (part.state === 'absent') {
      return {
        verdict: 'not-applicable',
        evidence: shared,
        reason: 'The bucket does not exist.',
        cause: 'bucket/exists',
      };
    }
    if (part.state !== 'read') return unknownBecause(part, shared);
    const { owner } = part.value;
    if (owner === undefined) {
      const reason = 'The bucket belongs to an account outside the estate or out of reach.';
      return { verdict: 'unknown', evidence: shared, reason };
    }
    const evidence = { ...shared, owner };
    const archives = [...settings.archive_accounts, ...(estate.archive === undefined ? [] : [estate.archive.account])];
    if (archives.includes(owner)) return { verdict: 'pass', evidence };
    const members = partOf(snapshot['organization.accounts'], 'organization');
    const known = new Set([
      ...Object.keys(snapshot.accounts),
      ...(members.state === 'read' ? Object.keys(members.value) : []),
    ]);
    if (!known.has(owner) || snapshot.accounts[owner]?.status === 'unreachable') {
      const reason = `The bucket belongs to account ${owner}, which is outside the estate or out of reach.`;
      return { verdict: 'unknown', evidence, reason };
    }
    if (known.size === 1) return { verdict: 'not-applicable', evidence, reason: 'The estate has one account.' };
    if (archives.length > 0) {
      const reason = `The bucket belongs to account ${owner}, not to a declared archive account.`;
      return { verdict: 'fail', evidence, reason };
    }
    const trails = trailsAt(snapshot, subject.trails);
    const ownOrganizationTrail = trails.find((trail) => trail.IsOrganizationTrail && trail.owner === owner);
    if (ownOrganizationTrail !== undefined) {
      const reason = `The logs of the organization are kept in account ${owner}, which owns the trail ${ownOrganizationTrail.Name}.`;
      return { verdict: 'fail', evidence, reason };
    }
    if (trails.some((trail) => trail.owner !== owner)) return { verdict: 'pass', evidence };
    return { verdict: 'fail', evidence, reason: `Account ${owner} keeps the log of its own deeds.` };
  },

  plan({ subject, estate }) {
    const archive =
      estate.archive === undefined
        ? 'an account of its own for logs, to which few people have access'
        : `account ${estate.archive.account} (bucket ${estate.archive.bucket})`;
    return manual(
      `Prepare a bucket in ${archive}, with a policy that lets these trails deliver: ${subject.trails.join(', ')}.`,
      'Find out who reads the old bucket, and give them access to the new one.',
      {
        text: 'Point each trail to the new bucket.',
        command: `aws cloudtrail update-trail --name ${subject.trails[0] ?? '<trail ARN>'} --s3-bucket-name <bucket>`,
      },
      'Copy the old logs if they are wanted there. Keep the old bucket: its files and digests are evidence.',
    );
  },
});
