import { z } from 'zod';
import { addToKeyPolicy, type PolicyEdit, policyToEdit } from '../../src/check/changes/put-policy.ts';
import { setLogGroup } from '../../src/check/changes/set-log-group.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { mayAdminister } from '../../src/check/key-administration.ts';
import { logGroupOf } from '../../src/check/log-group.ts';
import { logsKeyObstacles, logsKeyStatement } from '../../src/check/logs-key-use.ts';
import type { Planned } from '../../src/check/plan.ts';
import type { Key, Part, PolicyText } from '../../src/snapshot/types.ts';

const settings = z.strictObject({ key_by_region: z.record(z.string(), z.string()).default({}) });

export default defineCheck({
  id: 'log-group/encryption',
  title: "The trail's log group is encrypted with a customer managed key",
  severity: 'medium',
  scope: 'log-group',
  rationale: 'The group holds the same events as the bucket and deserves the same lock.',
  pass: 'The log group has a kmsKeyId and that key is enabled.',
  seed: [],
  needs: ['trail', 'logGroup', 'key', 'key.policy'],
  events: [
    'AssociateKmsKey',
    'DisassociateKmsKey',
    'CreateLogGroup',
    'DisableKey',
    'ScheduleKeyDeletion',
    'UpdateTrail',
  ],
  controls: controlIds({
    'pci_4.0': '3.5.1 8.3.2 10.3.2 10.3.3 10.3.4 A1.2.1',
    nist_800_53_r5: 'AU-9(3) CP-9 SC-8(3) SC-8(4) SC-13 SC-28(1) SI-19(4)',
    iso_27001_2022: 'A.8.11 A.8.15 A.8.16 A.8.24',
    soc2: 'CC6.1 CC6.2 CC7.3 PI1.4',
    aws_encryption: 'config-pack',
    well_architected: 'SEC08-BP02',
    config_rule: 'cloudwatch-log-group-encrypted',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Price of the key and its requests.',
    operations: ['kms:PutKeyPolicy', 'logs:AssociateKmsKey', 'logs:DisassociateKmsKey'],
  },

  evaluate({ snapshot, subject }) {
    const found = logGroupOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { kmsKeyId } = found.group;
    const evidence = { kmsKeyId: kmsKeyId ?? null, trails: subject.trails };
    if (kmsKeyId === undefined) {
      return { verdict: 'fail', evidence, reason: 'The log group is encrypted with a key of CloudWatch Logs only.' };
    }
    const key = partOf(snapshot.key, kmsKeyId);
    if (key.state === 'absent') {
      const reason = 'The key of the log group no longer exists, and what it encrypted cannot be read.';
      return { verdict: 'fail', evidence, reason, fix: 'manual' };
    }
    if (key.state !== 'read') return unknownBecause(key, evidence);
    const { KeyState } = key.value;
    const seen = { ...evidence, KeyState };
    if (KeyState === 'Enabled') return { verdict: 'pass', evidence: seen };
    return { verdict: 'fail', evidence: seen, reason: `The key of the log group is ${KeyState}.`, fix: 'manual' };
  },

  plan({ snapshot, subject, settings: { key_by_region }, estate }) {
    const found = logGroupOf(snapshot, subject);
    if ('judgement' in found) {
      return { kind: 'blocked', by: 'log-group/encryption', reason: found.judgement.reason ?? '' };
    }
    const { logGroupName, kmsKeyId } = found.group;
    if (kmsKeyId !== undefined) return recover(kmsKeyId, subject.region);
    const { region } = subject;
    const arn = key_by_region[region] ?? estate.keys[region];
    if (arn === undefined) {
      return manual(
        `No key is declared for ${region}, where the log group lies. Create a symmetric customer managed key there.`,
        `Declare it in the configuration under keys, as ${region}: <key ARN>, and scan again.`,
      );
    }
    const key = partOf(snapshot.key, arn);
    const unfit = unfitness(key, region);
    if (key.state !== 'read' || unfit !== undefined) {
      return { kind: 'blocked', by: 'key/usable', reason: `The declared key ${arn} ${unfit ?? ''}.` };
    }
    const edit = letLogsUse(key.value, partOf(snapshot['key.policy'], arn), subject.arn, snapshot.partition);
    if ('kind' in edit) return edit;
    return {
      kind: 'changes',
      plan: {
        summary: `Encrypt the events of ${logGroupName} with a customer managed key.`,
        changes: [
          ...(edit.change === undefined ? [] : [edit.change]),
          setLogGroup(
            subject,
            {
              operation: 'logs:AssociateKmsKey',
              // An alias may be declared; the group takes the ARN of the key alone.
              input: { logGroupName, kmsKeyId: key.value.Arn },
              summary: `Encrypt what arrives in ${logGroupName} from now on with ${arn}.`,
            },
            { member: 'kmsKeyId', before: null, after: key.value.Arn },
            {
              operation: 'logs:DisassociateKmsKey',
              input: { logGroupName },
              summary: 'Encrypt without the key again. Events written meanwhile need the key still.',
              automatic: true,
            },
          ),
        ],
        warnings: ['Events that arrive from now on can be read only while the key is enabled.'],
        guards: [
          'Before: the key is enabled, symmetric, customer managed, in the region of the group, and its policy lets CloudWatch Logs use it.',
          'After: DescribeLogGroups shows the key and no new delivery error shows.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});

/** Another key would leave unreadable what this one encrypted, so it is to come back. */
function recover(key: string, region: string): Planned {
  return manual(
    {
      text: 'Cancel the deletion of the key, if one is pending.',
      command: `aws kms cancel-key-deletion --key-id ${key} --region ${region}`,
    },
    {
      text: 'Enable the key: the group takes events again.',
      command: `aws kms enable-key --key-id ${key} --region ${region}`,
    },
    'If the key is gone for good, declare another one under keys, take this one off the group (aws logs disassociate-kms-key) and scan again. What it encrypted is lost.',
  );
}

function unfitness(key: Part<Key>, region: string): string | undefined {
  if (key.state === 'absent') return 'does not exist';
  if (key.state !== 'read') return 'could not be read';
  const { KeyState, KeyManager, KeySpec, region: lies } = key.value;
  if (KeyState === 'Enabled' && KeyManager === 'CUSTOMER' && KeySpec === 'SYMMETRIC_DEFAULT' && lies === region) {
    return undefined;
  }
  return `is ${KeyState}, ${KeyManager}, ${KeySpec} in ${lies}; it must be an enabled symmetric customer managed key in ${region}`;
}

/** The put of the key policy, where one is needed: a group whose key shuts CloudWatch Logs out takes no events. */
function letLogsUse(
  key: Key,
  before: Part<PolicyText>,
  group: string,
  partition: string,
): Exclude<PolicyEdit, { problem: string }> | Planned {
  const start = policyToEdit(before);
  const statement = logsKeyStatement(group);
  const byHand = (reason: string) =>
    manual(reason, `The key policy needs this statement: ${JSON.stringify(statement)}`);
  if ('problem' in start) return byHand(start.problem);
  if (logsKeyObstacles(start.policy, key.Arn, group).length === 0) return { change: undefined };
  if (!mayAdminister(start.policy, key, partition)) {
    return byHand(`The key policy does not let account ${key.AWSAccountId} change it, so somebody it names has to.`);
  }
  const edit = addToKeyPolicy(key, before, [statement], {
    summary: 'Let CloudWatch Logs use the key for this log group; every statement of its policy stays.',
    undo: 'Put the saved key policy back.',
  });
  if ('problem' in edit) return byHand(edit.problem);
  const after = edit.change === undefined ? start.policy : parsePolicy(String(edit.change.input.Policy));
  if (after !== undefined && isPolicyError(after)) return byHand(after.problem);
  const [left] = logsKeyObstacles(after, key.Arn, group);
  return left === undefined ? edit : byHand(`No added statement can help here: ${left.text}.`);
}
