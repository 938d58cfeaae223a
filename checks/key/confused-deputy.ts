import { z } from 'zod';
import { narrowKeyPolicy } from '../../src/check/changes/narrow-key-policy.ts';
import { policyToEdit, putKeyPolicy } from '../../src/check/changes/put-policy.ts';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailsAt } from '../../src/check/delivery.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { policySize } from '../../src/check/evaluators/policy/size.ts';
import { leavesAdministrable, mayAdminister } from '../../src/check/key-administration.ts';
import { keyObstacles } from '../../src/check/key-delivery.ts';
import { keySources } from '../../src/check/key-sources.ts';
import { unknownUsers } from '../../src/check/key-users.ts';
import { obstacleReason } from '../../src/check/service-access.ts';

export default defineCheck({
  id: 'key/confused-deputy',
  title: 'CloudTrail may use the key for known trails only',
  severity: 'medium',
  scope: 'key',
  rationale: 'Without a source condition anyone who knows the key ARN can have CloudTrail use it on their behalf.',
  pass: 'Every statement that lets cloudtrail.amazonaws.com use the key names trails or accounts of the estate through aws:SourceArn (or aws:SourceAccount), and ties GenerateDataKey* to the encryption context.',
  seed: [],
  needs: [
    'account.trails',
    'account.eventDataStores',
    'trail',
    'eventDataStore',
    'key',
    'key.policy',
    'bucket.encryption',
    'organization',
    'organization.accounts',
  ],
  events: ['PutKeyPolicy', 'CreateTrail', 'UpdateTrail'],
  controls: controlIds({ aws_encryption: 'guidance-cloudtrail' }),
  settings: z.strictObject({}),
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'yes',
    first: ['key/delivery-policy'],
    operations: ['kms:PutKeyPolicy'],
  },

  evaluate({ snapshot, subject }) {
    const evidence = { key: subject.reference, trails: subject.trails };
    const key = partOf(snapshot.key, subject.reference);
    if (key.state === 'absent') {
      return { verdict: 'not-applicable', evidence, reason: 'The key does not exist.', cause: 'key/usable' };
    }
    if (key.state !== 'read') return unknownBecause(key, evidence);
    if (key.value.KeyManager === 'AWS') {
      const reason = 'The policy of a key that AWS manages cannot be changed.';
      return { verdict: 'not-applicable', evidence, reason, cause: 'key/usable' };
    }
    const text = partOf(snapshot['key.policy'], subject.reference);
    if (text.state !== 'read' && text.state !== 'absent') return unknownBecause(text, evidence);
    const policy = parsePolicy(text.state === 'read' ? text.value.text : { Statement: [] });
    if (isPolicyError(policy)) return { verdict: 'unknown', evidence, reason: policy.problem };
    const { any, flaws, doubts, notes } = keySources(policy, key.value, snapshot);
    if (!any) {
      const reason = 'No statement of the key policy is for CloudTrail.';
      return { verdict: 'not-applicable', evidence, reason, cause: 'key/delivery-policy' };
    }
    const [flaw] = flaws;
    if (flaw !== undefined) {
      const narrowed = narrowKeyPolicy(policy, flaws, trailsAt(snapshot, subject.trails), snapshot.partition);
      const mendable =
        'document' in narrowed &&
        'policy' in policyToEdit(text) &&
        mayAdminister(policy, key.value, snapshot.partition);
      return {
        verdict: 'fail',
        evidence: { ...evidence, statements: flaws.map(({ text: said }) => said) },
        notes,
        reason: `${flaw.text}.`,
        ...(mendable ? {} : { fix: 'manual' as const }),
      };
    }
    const [doubt] = doubts;
    return doubt === undefined ? { verdict: 'pass', evidence, notes } : { ...unknownBecause(doubt, evidence), notes };
  },

  plan({ snapshot, subject }) {
    const by = 'key/confused-deputy';
    const key = partOf(snapshot.key, subject.reference);
    const before = partOf(snapshot['key.policy'], subject.reference);
    if (key.state !== 'read' || before.state !== 'read') {
      return { kind: 'blocked', by: 'key/usable', reason: 'The key or its policy could not be read.' };
    }
    const { Arn, AWSAccountId } = key.value;
    const trails = trailsAt(snapshot, subject.trails);
    const byHand = (reason: string) =>
      manual(
        reason,
        `Tie each statement for cloudtrail.amazonaws.com to these trails by aws:SourceArn: ${subject.trails.join(', ')}. Statements that serve an event data store must stay without.`,
        {
          text: 'Read the policy, change those statements and nothing else, and put the whole document back.',
          command: `aws kms get-key-policy --key-id ${Arn} --policy-name default --query Policy --output text --region ${key.value.region}`,
        },
      );
    const start = policyToEdit(before);
    if ('problem' in start) return byHand(start.problem);
    const { policy } = start;
    if (policy === undefined || !mayAdminister(policy, key.value, snapshot.partition)) {
      return byHand(`The key policy does not let account ${AWSAccountId} change it, so somebody it names has to.`);
    }
    const { flaws, doubts } = keySources(policy, key.value, snapshot);
    if (doubts.length > 0) {
      return {
        kind: 'blocked',
        by,
        reason: 'What else uses the key could not be read, so no list of sources is complete.',
      };
    }
    const flawed = policy.statements.filter((_, index) => flaws.some((flaw) => flaw.index === index));
    const users = unknownUsers(flawed, key.value, snapshot);
    if ('problem' in users) return { kind: 'blocked', by, reason: users.problem };
    if (users.accounts.length > 0) {
      const reason = `The trails of ${users.accounts.join(', ')} are not known, and whatever is left out of the list of sources can no longer deliver. Scan these accounts too.`;
      return { kind: 'blocked', by, reason };
    }
    const narrowed = narrowKeyPolicy(policy, flaws, trails, snapshot.partition);
    if ('problem' in narrowed) return byHand(narrowed.problem);
    const { document } = narrowed;
    const after = parsePolicy(document);
    if (isPolicyError(after)) return byHand(after.problem);
    const left = keyObstacles(after, Arn, trails, snapshot);
    if (left.length > 0)
      return byHand(`Tied to its trails, the key would fail them. ${obstacleReason(left, trails.length)}`);
    const { fits, bytes, limit } = policySize('key', document);
    if (!fits) return byHand(`The policy would have ${bytes} bytes; AWS takes ${limit}.`);
    if (!leavesAdministrable(document, key.value, snapshot.partition)) {
      return byHand('The new policy would lock the account out of its key.');
    }
    return {
      kind: 'changes',
      plan: {
        summary: `Let CloudTrail use ${Arn} for the trails that are known, and for no others.`,
        changes: [
          putKeyPolicy(key.value, before.value, document, {
            summary: `Tie ${flaws.length === 1 ? 'a statement' : `${flaws.length} statements`} for CloudTrail to ${trails.length === 1 ? 'the trail' : `the ${trails.length} trails`} on the key; every other statement stays.`,
            undo: 'Put the saved key policy back.',
          }),
        ],
        warnings: [
          `CloudTrail can use the key for these trails only from now on: ${subject.trails.join(', ')}. A trail made later has to be added.`,
          ...flaws.map(({ text }) => `${text}; no longer after this.`),
        ],
        guards: [
          'Before: the trails of every account that may use the key are known; the account keeps the right to administer its key.',
          'After: the next delivery of each trail shows no error; otherwise the saved policy is put back.',
        ],
        watchDelivery: subject.trails,
      },
    };
  },
});
