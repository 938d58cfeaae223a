import { z } from 'zod';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';

const settings = z.strictObject({ external_owners: z.array(z.string()).default([]) });

export default defineCheck({
  id: 'bucket/exists',
  title: "The trail's bucket exists and is ours",
  severity: 'critical',
  scope: 'bucket',
  rationale: "The name of a deleted bucket is free: a stranger can claim it and receive the organization's audit log.",
  pass: 'The bucket a trail names exists, and its owner is an account of the estate or one listed in external_owners.',
  seed: [],
  needs: ['trail', 'bucket', 'organization.accounts'],
  events: ['CreateBucket', 'DeleteBucket', 'CreateTrail', 'UpdateTrail'],
  controls: controlIds({}),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'no', operations: [] },

  evaluate({ snapshot, subject, settings }) {
    const evidence = { bucket: subject.name, trails: subject.trails };
    const part = partOf(snapshot.bucket, subject.name);
    if (part.state === 'absent') {
      const reason = 'The bucket does not exist, and whoever claims its name receives the logs.';
      return { verdict: 'fail', evidence, reason };
    }
    if (part.state !== 'read') return unknownBecause(part, evidence);
    const { owner, everyAccountListed } = part.value;
    if (owner === undefined) {
      if (!everyAccountListed) {
        return {
          verdict: 'unknown',
          evidence,
          reason: 'Nobody asked owns the bucket, but not every account was asked.',
        };
      }
      // Only the owner can be asked whose a bucket is, so a stranger's cannot be told from a declared owner's.
      if (settings.external_owners.length > 0) {
        const reason = `No account of the estate owns the bucket; whether ${settings.external_owners.join(' or ')} does cannot be read.`;
        return { verdict: 'unknown', evidence, reason };
      }
      const reason = 'No account of the estate owns the bucket: somebody else holds the name and receives the logs.';
      return { verdict: 'fail', evidence, reason };
    }
    const members = partOf(snapshot['organization.accounts'], 'organization');
    const ours =
      snapshot.accounts[owner] !== undefined || (members.state === 'read' && members.value[owner] !== undefined);
    if (ours || settings.external_owners.includes(owner)) return { verdict: 'pass', evidence: { ...evidence, owner } };
    const reason = `The bucket belongs to account ${owner}, which is neither of the estate nor in external_owners.`;
    return { verdict: everyAccountListed ? 'fail' : 'unknown', evidence: { ...evidence, owner }, reason };
  },

  plan({ snapshot, subject, estate }) {
    const archive = estate.archive === undefined ? 'the archive account' : `account ${estate.archive.account}`;
    const gone = partOf(snapshot.bucket, subject.name).state === 'absent';
    return manual(
      ...(gone
        ? [
            {
              text: `Claim the name at once: create the bucket in ${archive}, with versioning, Block Public Access and a delivery policy. Not in the workload account, just to silence the error.`,
              command: `aws s3api create-bucket --bucket ${subject.name}`,
            },
          ]
        : ['The name cannot be taken back. Take for granted that whoever holds it has read what was delivered since.']),
      `${gone ? 'Or point' : 'Point'} the trails to a bucket in ${archive}: ${subject.trails.join(', ')}.`,
      `Ask who deleted the old bucket: look for DeleteBucket of ${subject.name} in the event history.`,
    );
  },
});
