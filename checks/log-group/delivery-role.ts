import { z } from 'zod';
import { restrictLogsRole } from '../../src/check/changes/restrict-logs-role.ts';
import { defineCheck, type Judgement, manual, partOf } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailsAt } from '../../src/check/delivery.ts';
import { type JudgedRole, judgeRole, rolesOn } from '../../src/check/logs-role-faults.ts';
import type { Change, Planned } from '../../src/check/plan.ts';
import { accountOf } from '../../src/check/subject.ts';
import type { Snapshot } from '../../src/snapshot/types.ts';

export default defineCheck({
  id: 'log-group/delivery-role',
  title: 'The delivery role may do two things and nothing else',
  severity: 'medium',
  scope: 'log-group',
  rationale:
    'The role is assumed by a service; what it may do too much is reachable by whoever can steer it, what it may do too little silences the alarms.',
  pass: 'The role trusts cloudtrail.amazonaws.com alone, and its policies allow exactly logs:CreateLogStream and logs:PutLogEvents on the CloudTrail streams of this group: the stream pattern of the account and, for an organization trail, the one that begins with the organization id.',
  seed: [],
  needs: ['account.trails', 'trail', 'trail.status', 'iam.role', 'organization', 'organization.accounts'],
  events: [
    'PutRolePolicy',
    'DeleteRolePolicy',
    'AttachRolePolicy',
    'DetachRolePolicy',
    'UpdateAssumeRolePolicy',
    'DeleteRole',
    'UpdateTrail',
  ],
  controls: controlIds({}),
  settings: z.strictObject({}),
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'yes',
    operations: [
      'iam:PutRolePolicy',
      'iam:DeleteRolePolicy',
      'iam:UpdateAssumeRolePolicy',
      'iam:DetachRolePolicy',
      'iam:AttachRolePolicy',
    ],
  },

  evaluate({ snapshot, subject }) {
    const judged = [...rolesOn(trailsAt(snapshot, subject.trails))].map(([arn, trails]) =>
      judgeRole(snapshot, subject.arn, arn, trails),
    );
    const evidence = { logGroup: subject.arn, trails: subject.trails };
    if (judged.length === 0) {
      const reason = 'No trail names a role to write to the log group with.';
      return { verdict: 'not-applicable', evidence, reason, cause: 'trail/cloudwatch-logs' };
    }
    const stands = judged.filter(isJudgement);
    const roles = judged.filter(isRole);
    const notes = roles.flatMap((role) => role.notes);
    const seen = { ...evidence, roles: roles.map(({ arn, faults }) => ({ role: arn, faults })) };
    const gone = stands.find(({ verdict }) => verdict === 'fail');
    if (gone !== undefined) return { ...gone, evidence: { ...seen, ...gone.evidence, trails: subject.trails }, notes };
    const faulty = roles.filter(({ faults }) => faults.length > 0);
    const [fault] = faulty.flatMap(({ faults }) => faults);
    if (fault !== undefined) {
      const byHand = faulty.some((role) => 'byHand' in mend(role, subject.arn));
      return { verdict: 'fail', evidence: seen, notes, reason: fault, ...(byHand ? { fix: 'manual' as const } : {}) };
    }
    const [doubt] = stands;
    return doubt === undefined
      ? { verdict: 'pass', evidence: seen, notes }
      : { ...doubt, evidence: { ...seen, ...doubt.evidence, trails: subject.trails } };
  },

  plan({ snapshot, subject }) {
    const judged = [...rolesOn(trailsAt(snapshot, subject.trails))].map(([arn, trails]) =>
      judgeRole(snapshot, subject.arn, arn, trails),
    );
    const gone = judged.filter(isJudgement).find(({ verdict }) => verdict === 'fail');
    if (gone !== undefined) {
      return manual(
        gone.reason ?? '',
        'Take log group and role off the trail (empty CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn), then mend trail/cloudwatch-logs, which makes both anew.',
      );
    }
    const changes: Change[] = [];
    const faulty = judged.filter(isRole).filter(({ faults }) => faults.length > 0);
    for (const role of faulty) {
      const unknown = unreadUsers(snapshot, role.arn);
      if (unknown !== undefined) return { kind: 'blocked', by: 'log-group/delivery-role', reason: unknown };
      const mended = mend(role, subject.arn);
      if ('byHand' in mended) return guide(role, mended.byHand);
      changes.push(...mended.changes);
    }
    const names = faulty.map(({ role }) => role.RoleName).join(', ');
    return {
      kind: 'changes',
      plan: {
        summary: `Let ${names} write to the log group and do nothing else.`,
        changes,
        warnings: faulty.flatMap(({ faults }) => faults),
        guards: [
          'Before: no other service and no other log group is served by the role.',
          'During: the right policy is in place before the broad one goes.',
          'After: events go on arriving in the log group without error; otherwise everything is put back.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});

function isJudgement(judged: JudgedRole | Judgement): judged is Judgement {
  return 'verdict' in judged;
}

function isRole(judged: JudgedRole | Judgement): judged is JudgedRole {
  return !isJudgement(judged);
}

/** The changes that leave a role with what it needs, or why people have to make them. */
function mend({ role, policies, organization, others, otherGroups, mendTrust }: JudgedRole, group: string) {
  if (others.length > 0) return { byHand: `The role is also meant for ${others.join(', ')}.` };
  if (otherGroups.length > 0) return { byHand: `The role also serves ${otherGroups.join(', ')}.` };
  return restrictLogsRole(role, policies, { group, organization }, mendTrust);
}

function guide({ role, needed }: JudgedRole, reason: string): Planned {
  const RoleName = role.RoleName;
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [needed] });
  return manual(
    reason,
    {
      text: 'Give this trail and log group a role of their own, or put this policy before the broad one goes.',
      command: `aws iam put-role-policy --role-name ${RoleName} --policy-name deliver-to-log-group --policy-document '${document}'`,
      terraform: `resource "aws_iam_role_policy" "deliver_to_log_group" {\n  name   = "deliver-to-log-group"\n  role   = "${RoleName}"\n  policy = ${JSON.stringify(document)}\n}`,
    },
    'Then take away what the role may do beside it, and watch that events go on arriving. Put no source condition into its trust policy.',
  );
}

/** A role can be used by trails of its own account only; all of them must be known before it is cut down. */
function unreadUsers(snapshot: Pick<Snapshot, 'account.trails' | 'trail'>, role: string): string | undefined {
  const account = accountOf(role);
  const listing = partOf(snapshot['account.trails'], account);
  const known =
    listing.state === 'absent' ||
    (listing.state === 'read' &&
      listing.value.every(({ TrailARN }) => ['read', 'absent'].includes(partOf(snapshot.trail, TrailARN).state)));
  return known ? undefined : `The trails of account ${account} are not all known, and another one may use the role.`;
}
