import { z } from 'zod';
import { updateStore } from '../../src/check/changes/event-data-store.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { STORE_NEEDS, storeOf } from '../../src/check/event-data-store.ts';
import { storeKeyObstacle, storeKeyStatement } from '../../src/check/store-key.ts';

export default defineCheck({
  id: 'lake/encryption',
  title: 'Event data stores use a customer managed key',
  severity: 'medium',
  scope: 'event-data-store',
  rationale: 'The same events deserve the same lock as in the bucket.',
  pass: 'The event data store has a KmsKeyId and that key is enabled.',
  seed: [],
  needs: [...STORE_NEEDS, 'key', 'key.policy'],
  events: [
    'CreateEventDataStore',
    'UpdateEventDataStore',
    'DeleteEventDataStore',
    'RestoreEventDataStore',
    'StopEventDataStoreIngestion',
    'StartEventDataStoreIngestion',
    'DisableKey',
    'ScheduleKeyDeletion',
  ],
  controls: controlIds({
    security_hub: 'CloudTrail.10',
    config_rule: 'event-data-store-cmk-encryption-enabled',
  }),
  settings: z.strictObject({}),
  fix: {
    class: 'auto-second-approver',
    risk: 'irreversible',
    reversible: 'no',
    operations: ['cloudtrail:UpdateEventDataStore'],
  },

  evaluate({ snapshot, subject }) {
    const found = storeOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { EventDataStoreArn, Name, Status, KmsKeyId } = found.store;
    const evidence = { EventDataStoreArn, Name, Status, KmsKeyId: KmsKeyId ?? null };
    if (Status === 'PENDING_DELETION') {
      const reason = 'The event data store waits for its deletion.';
      return { verdict: 'not-applicable', evidence, reason, cause: 'lake/protection' };
    }
    if (KmsKeyId === undefined) {
      return { verdict: 'fail', evidence, reason: 'The event data store is encrypted with a key that AWS owns.' };
    }
    const key = partOf(snapshot.key, KmsKeyId);
    // Its key can never be changed, so that only the key itself can be mended.
    const fail = (reason: string) => ({ verdict: 'fail' as const, evidence, reason, fix: 'manual' as const });
    if (key.state === 'absent')
      return fail('The key no longer exists, and nothing in the event data store can be read.');
    if (key.state !== 'read') return unknownBecause(key, evidence);
    if (key.value.KeyManager !== 'CUSTOMER') return fail('The key is managed by AWS, not by you.');
    if (key.value.KeyState === 'Enabled') return { verdict: 'pass', evidence };
    return fail(`The key is ${key.value.KeyState}: nothing can be written to the event data store or read from it.`);
  },

  plan({ snapshot, subject, estate }) {
    const found = storeOf(snapshot, subject);
    if ('judgement' in found) return manual(found.judgement.reason ?? 'The event data store could not be read.');
    const { store } = found;
    const { region } = subject;
    if (store.KmsKeyId !== undefined) {
      return manual('The key of an event data store can be neither removed nor changed: mend the key itself.', {
        text: 'Take a planned deletion back if there is one, then enable the key.',
        command: `aws kms enable-key --key-id ${store.KmsKeyId} --region ${region}`,
      });
    }
    const arn = estate.keys[region];
    if (arn === undefined) {
      return manual(
        `No key is declared for ${region}, where the event data store lies. Create a symmetric customer managed key there that lives as long as the store.`,
        `Declare it in the configuration under keys, as ${region}: <key ARN>, and scan again.`,
      );
    }
    const key = partOf(snapshot.key, arn);
    const text = partOf(snapshot['key.policy'], arn);
    if (key.state !== 'read' || text.state !== 'read') {
      return { kind: 'blocked', by: 'key/usable', reason: `The declared key ${arn} or its policy could not be read.` };
    }
    const { KeyState, KeyManager, KeySpec, Arn } = key.value;
    if (
      KeyState !== 'Enabled' ||
      KeyManager !== 'CUSTOMER' ||
      KeySpec !== 'SYMMETRIC_DEFAULT' ||
      key.value.region !== region
    ) {
      const reason = `The declared key is ${KeyState}, ${KeyManager}, ${KeySpec} in ${key.value.region}; it must be an enabled symmetric customer managed key in ${region}.`;
      return { kind: 'blocked', by: 'key/usable', reason };
    }
    const policy = parsePolicy(text.value.text);
    if (isPolicyError(policy)) return manual(policy.problem);
    const obstacle = storeKeyObstacle(policy, Arn);
    if (obstacle !== undefined) {
      return manual(
        `CloudTrail cannot use the key for a store: ${obstacle.text}. A statement for stores can have no condition on the source, so take a key that no trail uses.`,
        {
          text: `Add this statement and change nothing else: ${JSON.stringify(storeKeyStatement())}`,
          command: `aws kms get-key-policy --key-id ${Arn} --policy-name default --region ${region} --query Policy --output text`,
          terraform: TERRAFORM,
        },
      );
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Encrypt ${store.Name} with a customer managed key, for good.`,
        changes: [
          updateStore(store, { KmsKeyId: Arn }, { summary: `Encrypt ${store.Name} with the key, for good.`, undo: '' }),
        ],
        risk: 'irreversible',
        class: 'auto-second-approver',
        reversible: 'no',
        warnings: [
          'This is final: the key of an event data store can be neither removed nor changed, and there is no way back.',
          `If ${Arn} is ever deleted or disabled, everything in the store is lost or out of reach: it has to live as long as the store.`,
        ],
        guards: [
          'Before: the key policy lets CloudTrail GenerateDataKey and Decrypt without a condition on the source.',
          'After: GetEventDataStore shows the key, and the status is ENABLED.',
        ],
      },
    };
  },
});

/** The statement of a key's policy document, for teams whose keys are code. */
const TERRAFORM = `statement {
  sid       = "CloudTrailLake"
  actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
  resources = ["*"]
  principals {
    type        = "Service"
    identifiers = ["cloudtrail.amazonaws.com"]
  }
}`;
