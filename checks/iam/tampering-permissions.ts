import { z } from 'zod';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { type Identity, identitiesIn, NOT_COMPUTED } from '../../src/check/identities.ts';
import { narrowPolicy } from '../../src/check/narrow-policy.ts';
import { describePower, ownNotes, type Power, powerOf, powersInWords, sourcesOf } from '../../src/check/powers.ts';
import type { Authorization, Snapshot } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  actions: z
    .array(z.string().regex(/^cloudtrail:\w+$/))
    .min(1)
    .default([
      'cloudtrail:StopLogging',
      'cloudtrail:DeleteTrail',
      'cloudtrail:UpdateTrail',
      'cloudtrail:PutEventSelectors',
      'cloudtrail:PutInsightSelectors',
    ]),
  /** Names, `role/<name>`, `user/<name>` or ARNs; globs are taken. */
  allowed_principals: z.array(z.string()).default([]),
  ignore_administrators: z.boolean().default(true),
});

type Settings = z.infer<typeof settings>;

export default defineCheck({
  id: 'iam/tampering-permissions',
  title: 'Few may stop or change trails',
  severity: 'high',
  scope: 'account',
  rationale: "A policy of one's own with cloudtrail:* is the managed policy under another name.",
  pass: 'No customer-managed or inline policy in use lets a principal outside allowed_principals call one of actions on any trail.',
  seed: [],
  needs: ['account.trails', 'iam.authorization'],
  events: [
    'CreatePolicy',
    'CreatePolicyVersion',
    'SetDefaultPolicyVersion',
    'PutRolePolicy',
    'PutUserPolicy',
    'PutGroupPolicy',
    'AttachRolePolicy',
    'AttachUserPolicy',
    'AttachGroupPolicy',
  ],
  controls: controlIds({ soc2: 'CC3.3' }),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'yes', operations: [] },

  evaluate({ snapshot, subject: { account }, settings, estate }) {
    const part = partOf(snapshot['iam.authorization'], account);
    if (part.state === 'absent') return { verdict: 'pass', evidence: { holders: [] } };
    if (part.state !== 'read') return unknownBecause(part);
    const { identities, unreadable } = identitiesIn(part.value, settings.allowed_principals, estate.ownRoles);
    const trails = trailsOf(snapshot, account);
    const powers = powersOn(identities, trails.resources, settings);
    const outsiders = powers.filter(({ identity }) => identity.standing === 'outsider');
    const evidence = { holders: outsiders.map(describePower) };
    const notes = [NOT_COMPUTED, ...ownNotes(powers), ...unused(part.value, trails.resources, settings)];
    if (outsiders.length > 0) {
      return {
        verdict: 'fail',
        evidence,
        notes,
        reason: `Trails can be stopped or changed by ${powersInWords(outsiders)}.`,
      };
    }
    if (unreadable.length > 0) {
      return {
        verdict: 'unknown',
        evidence,
        notes,
        reason: `No policy document could be made out in ${unreadable.join(', ')}.`,
      };
    }
    const { listing } = trails;
    const narrow = powersOn(
      identities.filter(({ standing }) => standing === 'outsider'),
      trails.resources,
      settings,
      { part: true },
    );
    // Whether a statement on some trails means one of ours cannot be told without their list.
    if (listing.state !== 'read' && listing.state !== 'absent' && narrow.length > 0)
      return { ...unknownBecause(listing, evidence), notes };
    return { verdict: 'pass', evidence, notes };
  },

  plan({ snapshot, subject: { account }, settings, estate }) {
    const part = partOf(snapshot['iam.authorization'], account);
    if (part.state !== 'read') {
      return { kind: 'blocked', by: 'iam/tampering-permissions', reason: 'Who holds which policy is not known.' };
    }
    const { identities } = identitiesIn(part.value, settings.allowed_principals, estate.ownRoles);
    const { resources } = trailsOf(snapshot, account);
    const powers = powersOn(identities, resources, settings);
    const deny = { Sid: 'LeaveTrailsAlone', Effect: 'Deny', Action: settings.actions, Resource: '*' };
    return manual(...sourcesOf(powers).flatMap(({ source, keepers }) => narrowPolicy(source, deny, keepers)));
  },
});

/** The trails of the account; where it has none, or they are not known, any trail that it could have. */
function trailsOf(snapshot: Pick<Snapshot, 'account.trails' | 'partition'>, account: string) {
  const listing = partOf(snapshot['account.trails'], account);
  const own =
    listing.state === 'read' ? listing.value.filter(({ TrailARN }) => TrailARN.split(':')[4] === account) : [];
  const any = `arn:${snapshot.partition}:cloudtrail:*:${account}:trail/*`;
  return { listing, resources: own.length === 0 ? [any] : own.map(({ TrailARN }) => TrailARN) };
}

function powersOn(
  identities: readonly Identity[],
  resources: readonly string[],
  { actions, ignore_administrators: ignoreAdministrators }: Settings,
  { part = false }: { part?: boolean } = {},
): Power[] {
  const asked = actions.flatMap((action) => resources.map((resource) => ({ action, resource })));
  return identities.flatMap((identity) => {
    return powerOf(identity, { asked, part, customersOnly: true, ignoreAdministrators }) ?? [];
  });
}

/** Managed policies that would let somebody do it, and that nobody holds. */
function unused({ managed }: Authorization, resources: readonly string[], settings: Settings): string[] {
  return Object.entries(managed).flatMap(([arn, { text, attachments }]) => {
    if (attachments > 0) return [];
    const nobody = { kind: 'user' as const, name: 'nobody', arn: '', inline: {}, attached: [arn], groups: [] };
    const { identities } = identitiesIn({ principals: [nobody], managed: { [arn]: { text, attachments } } }, [], []);
    return powersOn(identities, resources, settings).length > 0
      ? [`${arn} would let its holder do it; nobody holds it.`]
      : [];
  });
}
