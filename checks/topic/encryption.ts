import { z } from 'zod';
import { addToKeyPolicy, policyToEdit } from '../../src/check/changes/put-policy.ts';
import { setTopicKey } from '../../src/check/changes/topic.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { evidenceOf, topicOf } from '../../src/check/topic.ts';
import { keyObstaclesOf, publishersOf, topicKeyStatements, unfitForTopic } from '../../src/check/topic-key.ts';

const settings = z.strictObject({ key_by_region: z.record(z.string(), z.string()).default({}) });

export default defineCheck({
  id: 'topic/encryption',
  title: 'Topics of trails and alarms are encrypted',
  severity: 'low',
  scope: 'topic',
  rationale: 'Messages name accounts, buckets and what went wrong.',
  pass: 'The topic has a KMS key, that key is customer managed and enabled, and its policy lets the services that publish here (CloudTrail, CloudWatch) use it.',
  seed: [],
  needs: ['trail', 'logGroup.filters', 'alarms', 'topic', 'key', 'key.policy', 'organization', 'organization.accounts'],
  events: [
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    'DeleteTopic',
    'PutKeyPolicy',
    'DisableKey',
    'ScheduleKeyDeletion',
  ],
  controls: controlIds({
    security_hub: 'SNS.1',
    'pci_4.0': '3.5.1 8.3.2',
    nist_800_53_r5: 'CA-9(1) CM-3(6) SC-7(10) SC-13 SC-28 SC-28(1) SI-7(6)',
    iso_27001_2022: 'A.8.3 A.8.11 A.8.24',
    soc2: 'CC6.1 CC6.2 PI1.4',
    aws_ftr: 'SDAT-002',
    aws_encryption: 'config-pack',
    well_architected: 'SEC08-BP04',
    config_rule: 'sns-encrypted-kms',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'yes',
    cost: 'Price of the key and its requests.',
    operations: ['kms:PutKeyPolicy', 'sns:SetTopicAttributes'],
  },

  evaluate({ snapshot, subject }) {
    const base = evidenceOf(subject);
    const { publishers, unread } = publishersOf(snapshot, subject);
    if (publishers.length === 0) {
      if (unread !== undefined) return unknownBecause(unread, base);
      return { verdict: 'not-applicable', evidence: base, reason: 'Nothing of ours publishes to this topic.' };
    }
    const read = topicOf(snapshot, subject);
    if ('judgement' in read) return read.judgement;
    const { KmsMasterKeyId } = read.topic;
    const evidence = { ...base, KmsMasterKeyId: KmsMasterKeyId ?? null };
    const fail = (reason: string) => ({ verdict: 'fail' as const, evidence, reason });
    if (KmsMasterKeyId === undefined) return fail('The messages of the topic are not encrypted with a key.');
    const managed = 'The key is managed by AWS: no service can be let into its policy, so none can publish.';
    if (KmsMasterKeyId.endsWith(':alias/aws/sns')) return fail(managed);
    const key = partOf(snapshot.key, KmsMasterKeyId);
    if (key.state === 'absent') return fail('The key no longer exists, so that no message gets through.');
    if (key.state !== 'read') return unknownBecause(key, evidence);
    if (key.value.KeyManager === 'AWS') return fail(managed);
    if (key.value.KeyState !== 'Enabled')
      return fail(`The key is ${key.value.KeyState}, so that no message gets through.`);
    const text = partOf(snapshot['key.policy'], KmsMasterKeyId);
    if (text.state !== 'read' && text.state !== 'absent') return unknownBecause(text, evidence);
    const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
    if (policy !== undefined && isPolicyError(policy)) return { verdict: 'unknown', evidence, reason: policy.problem };
    const obstacles = keyObstaclesOf(policy, key.value.Arn, publishers, snapshot);
    const certain = obstacles.find(({ kind }) => kind !== 'unclear');
    if (certain !== undefined) return fail(`Messages are lost: ${certain.text}.`);
    const [unclear] = obstacles;
    if (unclear !== undefined) {
      return {
        verdict: 'unknown',
        evidence,
        reason: `It cannot be told whether messages get through: ${unclear.text}.`,
      };
    }
    return unread === undefined ? { verdict: 'pass', evidence } : unknownBecause(unread, evidence);
  },

  plan({ snapshot, subject, settings, estate }) {
    const read = topicOf(snapshot, subject);
    if ('judgement' in read) return manual(read.judgement.reason ?? 'The topic could not be read.');
    const { publishers, unread } = publishersOf(snapshot, subject);
    if (unread !== undefined) return manual(unknownBecause(unread).reason ?? 'The alarms could not be read.');
    const { topic } = read;
    const present = topic.KmsMasterKeyId === undefined ? undefined : snapshot.key[topic.KmsMasterKeyId];
    // A key of the customer that works is kept; only its policy lacks something.
    const keeps = present?.state === 'read' && unfitForTopic(present.value, topic) === undefined;
    const reference = keeps
      ? topic.KmsMasterKeyId
      : (settings.key_by_region[subject.region] ?? estate.keys[subject.region]);
    if (reference === undefined) {
      return manual(
        `No key is declared for ${subject.region}, where the topic lies. Create a symmetric customer managed key there; alias/aws/sns will not do.`,
        `Declare it in the configuration under keys, as ${subject.region}: <key ARN>, and scan again.`,
      );
    }
    const key = partOf(snapshot.key, reference);
    if (key.state !== 'read') {
      return { kind: 'blocked', by: 'key/usable', reason: `The key ${reference} could not be read.` };
    }
    const unfit = unfitForTopic(key.value, topic);
    if (unfit !== undefined) return { kind: 'blocked', by: 'key/usable', reason: unfit };
    const text = partOf(snapshot['key.policy'], reference);
    const start = policyToEdit(text);
    if ('problem' in start) return manual(start.problem, 'Then scan again.');
    const hindered = new Set(
      keyObstaclesOf(start.policy, key.value.Arn, publishers, snapshot).map(({ service }) => service),
    );
    const statements = topicKeyStatements(publishers.filter(({ service }) => hindered.has(service)));
    const edit = addToKeyPolicy(key.value, text, statements, {
      summary: 'Let the services that publish to the topic use the key; every statement of its policy stays.',
      undo: 'Put the saved key policy back.',
    });
    if ('problem' in edit) return manual(edit.problem);
    const after = edit.change === undefined ? start.policy : parsePolicy(String(edit.change.input.Policy));
    if (after !== undefined && isPolicyError(after)) return manual(after.problem);
    const [left] = keyObstaclesOf(after, key.value.Arn, publishers, snapshot);
    if (left !== undefined) {
      return manual(`No added statement can help here: ${left.text}.`, {
        text: 'Read the policy of the key, narrow the statement that stands in the way, and put the whole document back.',
        command: `aws kms get-key-policy --key-id ${key.value.Arn} --policy-name default --region ${key.value.region} --query Policy --output text`,
      });
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Encrypt the messages of ${subject.arn.split(':').at(-1) ?? ''} with a customer managed key.`,
        // The key first: a topic whose key shuts its publishers out loses every message.
        changes: [
          ...(edit.change === undefined ? [] : [edit.change]),
          ...(keeps ? [] : [setTopicKey(topic, key.value.Arn)]),
        ],
        warnings: [
          'Whoever else publishes to the topic needs kms:GenerateDataKey and kms:Decrypt on the key from now on.',
        ],
        guards: [
          'Before: the key is enabled, symmetric, customer managed and in the region of the topic.',
          'After: a test alarm or the next delivery reaches a subscriber.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});
