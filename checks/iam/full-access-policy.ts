import { z } from 'zod';
import { detachPolicy, type Holder } from '../../src/check/changes/detach-policy.ts';
import { type Choices, defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { globMatch } from '../../src/check/evaluators/glob.ts';
import type { FullAccessHolders, JsonObject } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  /** Names or `role/<name>`, `user/<name>`, `group/<name>`; globs are taken. */
  allowed_principals: z.array(z.string()).default([]),
});

export default defineCheck({
  id: 'iam/full-access-policy',
  title: 'AWSCloudTrail_FullAccess is held by few',
  severity: 'high',
  scope: 'account',
  rationale: 'The policy can stop and rewire the audit trail; it is meant for the administrators of the account.',
  pass: 'The AWS managed policy AWSCloudTrail_FullAccess, and its retired forerunner AWSCloudTrailFullAccess, is attached to nobody outside allowed_principals.',
  seed: ['aws'],
  needs: ['iam.fullAccess'],
  events: [
    'AttachRolePolicy',
    'DetachRolePolicy',
    'AttachUserPolicy',
    'DetachUserPolicy',
    'AttachGroupPolicy',
    'DetachGroupPolicy',
  ],
  controls: controlIds({}),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'yes',
    operations: [
      'iam:DetachRolePolicy',
      'iam:DetachUserPolicy',
      'iam:DetachGroupPolicy',
      'iam:AttachRolePolicy',
      'iam:AttachUserPolicy',
      'iam:AttachGroupPolicy',
    ],
  },

  evaluate({ snapshot, subject, settings, estate }) {
    const part = partOf(snapshot['iam.fullAccess'], subject.account);
    if (part.state === 'absent') return { verdict: 'pass', evidence: { holders: [] } };
    if (part.state !== 'read') return unknownBecause(part);
    const holders = holdersOf(part.value, settings.allowed_principals, estate.ownRoles);
    const evidence = { holders: holders.map(describe) };
    const outsiders = holders.filter(({ standing }) => standing !== 'allowed' && standing !== 'own');
    const notes = holders.flatMap(({ name, standing }) =>
      standing === 'own' ? [`${name} is a role of this bot or of the landing zone and is allowed to hold it.`] : [],
    );
    if (outsiders.length === 0) return { verdict: 'pass', evidence, notes };
    const automatic = outsiders.some(({ standing }) => standing === 'outsider');
    return {
      verdict: 'fail',
      evidence,
      notes,
      reason: `The policy is held by ${outsiders.map(inWords).join(', ')}.`,
      ...(automatic ? {} : { fix: 'manual' as const }),
    };
  },

  plan({ snapshot, subject, settings, estate, choices }) {
    const part = partOf(snapshot['iam.fullAccess'], subject.account);
    if (part.state !== 'read') {
      return { kind: 'blocked', by: 'iam/full-access-policy', reason: 'The holders of the policy are not known.' };
    }
    const holders = holdersOf(part.value, settings.allowed_principals, estate.ownRoles);
    const byHand = holders.filter(({ standing }) => standing === 'sso' || standing === 'break-glass').map(stepFor);
    const detachable = holders.filter(({ standing }) => standing === 'outsider');
    const picked = chosenFrom(choices);
    const strange = picked?.find((id) => !detachable.some((holder) => holder.id === id));
    if (strange !== undefined) {
      const reason = `${strange} may not be detached here: it is allowed, protected or no holder.`;
      return { kind: 'blocked', by: 'iam/full-access-policy', reason };
    }
    const going = detachable.filter(({ id }) => picked?.includes(id) ?? true);
    if (going.length === 0) return manual(...byHand);
    // The roles of this bot and of the landing zone are no people: they do not count as those who keep the power.
    const staying = holders.filter((it) => it.standing !== 'own' && !it.empty && !going.includes(it));
    if (staying.length === 0) {
      return manual(
        'Every holder would lose the policy at once, and nobody could be seen to keep the power to manage trails.',
        'Decide who manages trails and name them in allowed_principals, then scan again.',
        ...byHand,
      );
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Take AWSCloudTrail_FullAccess from ${going.map(({ id }) => id).join(', ')}.`,
        changes: going.map((holder) => detachPolicy(snapshot.partition, subject.account, holder)),
        warnings: [...going.map(warningFor), `Still held by ${staying.map(({ id }) => id).join(', ')}.`, ...byHand],
        guards: ['After: ListEntitiesForPolicy no longer names them.'],
      },
    };
  },
});

/** `own`: ours or the landing zone's. `sso` and `break-glass` fail, but no fix touches them. */
type Standing = 'allowed' | 'own' | 'sso' | 'break-glass' | 'outsider';

interface Judged extends Holder {
  standing: Standing;
  lastUsed?: string;
  members?: number;
  /** A group without members gives the power to nobody. */
  empty: boolean;
}

function holdersOf(held: FullAccessHolders, allowed: readonly string[], own: readonly string[]): Judged[] {
  return Object.entries(held.policies)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, policyArn]): Judged[] => {
      const kind = (['role', 'user', 'group'] as const).find((it) => id.startsWith(`${it}/`));
      if (kind === undefined) return [];
      const name = id.slice(kind.length + 1);
      const role = kind === 'role' ? held.roles[name] : undefined;
      const members = kind === 'group' ? held.groups[name]?.members : undefined;
      const holder = { id, kind, name, policyArn, path: role?.path ?? '/' };
      return [
        {
          ...holder,
          standing: standingOf(holder, allowed, own),
          empty: members === 0,
          ...(role?.lastUsed === undefined ? {} : { lastUsed: role.lastUsed }),
          ...(members === undefined ? {} : { members }),
        },
      ];
    });
}

function standingOf({ id, kind, name, path }: Holder, allowed: readonly string[], own: readonly string[]): Standing {
  if (allowed.some((glob) => globMatch(glob, name) || globMatch(glob, id))) return 'allowed';
  if (kind === 'role' && own.some((glob) => globMatch(glob, name))) return 'own';
  if (kind === 'role' && (name.startsWith('AWSReservedSSO_') || path.startsWith('/aws-reserved/'))) return 'sso';
  return /break-?glass/i.test(name) ? 'break-glass' : 'outsider';
}

function describe({ id, standing, lastUsed, members }: Judged): JsonObject {
  return {
    holder: id,
    standing,
    ...(lastUsed === undefined ? {} : { lastUsed }),
    ...(members === undefined ? {} : { members }),
  };
}

function inWords({ kind, name, members }: Judged): string {
  return members === undefined
    ? `${kind} ${name}`
    : `group ${name} (${members} ${members === 1 ? 'member' : 'members'})`;
}

function stepFor({ name, standing }: Judged): string {
  return standing === 'sso'
    ? `${name} is managed by IAM Identity Center: take the policy out of its permission set.`
    : `${name} looks like a break-glass role and is left alone: name it in allowed_principals, or detach it by hand.`;
}

function warningFor({ id, kind, lastUsed }: Judged): string {
  if (kind !== 'role') return `${id} loses the power to manage trails at once.`;
  return lastUsed === undefined ? `${id}: no last use is known.` : `${id} was last used on ${lastUsed.slice(0, 10)}.`;
}

/** What the reviewer picked; undefined when nothing was asked. */
function chosenFrom({ holders }: Choices): readonly string[] | undefined {
  return typeof holders === 'string' ? [holders] : holders;
}
