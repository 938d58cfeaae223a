import { z } from 'zod';
import { setLogGroup } from '../../src/check/changes/set-log-group.ts';
import { defineCheck, partOf } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { logGroupOf } from '../../src/check/log-group.ts';

export default defineCheck({
  id: 'log-group/deletion-protection',
  title: "The trail's log group cannot be deleted by mistake",
  severity: 'low',
  scope: 'log-group',
  rationale: 'One DeleteLogGroup takes every alarm of the account with it.',
  pass: 'deletionProtectionEnabled is true on the log group.',
  seed: [],
  needs: ['trail', 'logGroup'],
  events: ['PutLogGroupDeletionProtection', 'CreateLogGroup', 'DeleteLogGroup', 'UpdateTrail'],
  controls: controlIds({}),
  settings: z.strictObject({}),
  fix: { class: 'auto', risk: 'safe', reversible: 'yes', operations: ['logs:PutLogGroupDeletionProtection'] },

  evaluate({ snapshot, subject }) {
    const part = partOf(snapshot.logGroup, subject.arn);
    if (part.state === 'unsupported') {
      return { verdict: 'not-applicable', reason: 'Deletion protection is not offered in this region.' };
    }
    const found = logGroupOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { deletionProtectionEnabled = null } = found.group;
    const evidence = { deletionProtectionEnabled, trails: subject.trails };
    if (deletionProtectionEnabled === true) return { verdict: 'pass', evidence };
    return { verdict: 'fail', evidence, reason: 'One call deletes the log group with all its events and filters.' };
  },

  plan({ snapshot, subject }) {
    const found = logGroupOf(snapshot, subject);
    if ('judgement' in found) {
      return { kind: 'blocked', by: 'log-group/deletion-protection', reason: found.judgement.reason ?? '' };
    }
    const { logGroupName, deletionProtectionEnabled: before = null } = found.group;
    const operation = 'logs:PutLogGroupDeletionProtection';
    const protect = (on: boolean) => ({ logGroupIdentifier: logGroupName, deletionProtectionEnabled: on });
    return {
      kind: 'changes',
      plan: {
        summary: `Protect ${logGroupName} from being deleted.`,
        changes: [
          setLogGroup(
            subject,
            { operation, input: protect(true), summary: `Refuse to delete ${logGroupName}.` },
            { member: 'deletionProtectionEnabled', before, after: true },
            {
              operation,
              input: protect(false),
              summary: `Let ${logGroupName} be deleted again.`,
              automatic: true,
            },
          ),
        ],
        guards: ['After: DescribeLogGroups shows it. Single streams and the retention are not guarded by it.'],
      },
    };
  },
});
