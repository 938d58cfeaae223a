import { z } from 'zod';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { type Identity, identitiesIn, NOT_COMPUTED } from '../../src/check/identities.ts';
import {
  LOG_ACCESS_NEEDS,
  type LogAccess,
  type LogAccessSnapshot,
  logAccessOf,
  logBucketsOf,
} from '../../src/check/log-file-access.ts';
import { narrowPolicy } from '../../src/check/narrow-policy.ts';
import { describePower, ownNotes, type Power, powersInWords, sourcesOf } from '../../src/check/powers.ts';
import type { Authorization } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  /** Names, `role/<name>`, `user/<name>` or ARNs of who may read the log files; globs are taken. */
  readers: z.array(z.string()).default([]),
  /** Who may delete them or change the bucket; writers may read too. */
  writers: z.array(z.string()).default([]),
  ignore_administrators: z.boolean().default(true),
});

type Settings = z.infer<typeof settings>;

export default defineCheck({
  id: 'iam/log-file-access',
  title: 'Identity policies give few access to the log files',
  severity: 'medium',
  scope: 'account',
  rationale: "Inside the bucket's own account identity policies decide, whatever the bucket policy says.",
  pass: "In the account of the log bucket, no identity policy in use lets a principal outside readers read the log objects, nor one outside writers delete them or change the bucket's protections.",
  seed: ['resmo'],
  needs: [...LOG_ACCESS_NEEDS, 'iam.authorization'],
  events: [
    'CreatePolicyVersion',
    'SetDefaultPolicyVersion',
    'PutRolePolicy',
    'PutUserPolicy',
    'PutGroupPolicy',
    'AttachRolePolicy',
    'AttachUserPolicy',
    'AttachGroupPolicy',
    'PutBucketPolicy',
  ],
  controls: controlIds({}),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'yes', operations: [] },

  evaluate({ snapshot, subject: { account }, settings, estate }) {
    const { buckets, unknown } = logBucketsOf(snapshot, account);
    if (buckets.length === 0) {
      return unknown === undefined
        ? { verdict: 'not-applicable', reason: 'The account owns no log bucket.' }
        : unknownBecause(unknown);
    }
    const names = buckets.map(({ bucket: { Name } }) => Name);
    const part = partOf(snapshot['iam.authorization'], account);
    if (part.state === 'absent') return { verdict: 'pass', evidence: { buckets: names } };
    if (part.state !== 'read') return unknownBecause(part, { buckets: names });
    const found = judge(snapshot, account, part.value, settings, estate.ownRoles);
    const readers = outside(found.reads);
    const writers = outside(found.writes);
    const evidence = { buckets: names, readers: readers.map(describePower), writers: writers.map(describePower) };
    const notes = [
      NOT_COMPUTED,
      ...new Set([...ownNotes(found.reads), ...ownNotes(found.writes)]),
      ...found.locked.map((id) => `${id} may fetch log files, but the key does not let it decrypt them.`),
    ];
    if (readers.length + writers.length > 0) {
      if (found.doubt !== undefined) return { ...unknownBecause(found.doubt, evidence), notes };
      const read = readers.length === 0 ? [] : [`read by ${powersInWords(readers)}`];
      const write = writers.length === 0 ? [] : [`deleted or unprotected by ${powersInWords(writers)}`];
      return { verdict: 'fail', evidence, notes, reason: `Log files can be ${[...read, ...write].join('; ')}.` };
    }
    if (found.unreadable.length > 0) {
      const reason = `No policy document could be made out in ${found.unreadable.join(', ')}.`;
      return { verdict: 'unknown', evidence, notes, reason };
    }
    return { verdict: 'pass', evidence, notes };
  },

  plan({ snapshot, subject: { account }, settings, estate }) {
    const part = partOf(snapshot['iam.authorization'], account);
    if (part.state !== 'read') {
      return { kind: 'blocked', by: 'iam/log-file-access', reason: 'Who holds which policy is not known.' };
    }
    const { reads, writes } = judge(snapshot, account, part.value, settings, estate.ownRoles);
    const { partition } = snapshot;
    const resources = logBucketsOf(snapshot, account).buckets.map(
      ({ bucket: { Name } }) => `arn:${partition}:s3:::${Name}`,
    );
    const powers = [...reads, ...writes];
    const actions = [...new Set(powers.flatMap((power) => power.actions))].sort();
    const deny = {
      Sid: 'LeaveAuditLogsAlone',
      Effect: 'Deny',
      Action: actions,
      Resource: resources.flatMap((arn) => [arn, `${arn}/*`]),
    };
    return manual(
      'First put auditors, the log pipeline and whoever runs log validation into readers, so that none of them is cut off.',
      ...sourcesOf(powers).flatMap(({ source, keepers }) => narrowPolicy(source, deny, keepers)),
    );
  },
});

interface Found {
  reads: Power[];
  writes: Power[];
  /** Who may fetch log files without being able to decrypt them. */
  locked: string[];
  doubt: LogAccess['doubt'];
  unreadable: string[];
}

/** Who may read the logs, and who may delete or unprotect them: everybody, with how the settings stand to each. */
function judge(
  snapshot: LogAccessSnapshot,
  account: string,
  authorization: Authorization,
  { readers, writers, ignore_administrators }: Settings,
  own: readonly string[],
): Found {
  const { buckets } = logBucketsOf(snapshot, account);
  const { identities, unreadable } = identitiesIn(authorization, [...readers, ...writers], own);
  const mayWrite = new Map(
    identitiesIn(authorization, writers, own).identities.map(({ id, standing }) => [id, standing]),
  );
  const found: Found = { reads: [], writes: [], locked: [], doubt: undefined, unreadable };
  for (const identity of identities) {
    for (const bucket of buckets) {
      const access = logAccessOf(snapshot, identity, bucket, ignore_administrators);
      const writer: Identity = { ...identity, standing: mayWrite.get(identity.id) ?? identity.standing };
      if (access.reads !== undefined) found.reads.push(access.reads);
      if (access.writes !== undefined) found.writes.push({ ...access.writes, identity: writer });
      if (access.locked) found.locked.push(identity.id);
      const judged = [access.reads && identity, access.writes && writer];
      if (judged.some((one) => one?.standing === 'outsider')) found.doubt ??= access.doubt;
    }
  }
  return found;
}

function outside(powers: readonly Power[]): Power[] {
  return powers.filter(({ identity }) => identity.standing === 'outsider');
}
