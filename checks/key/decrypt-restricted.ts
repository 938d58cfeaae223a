import { z } from 'zod';
import { defineCheck, type EstateSettings, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { holdersByGrant, holdersByPolicy } from '../../src/check/decrypt-holders.ts';
import { strangersAmong } from '../../src/check/decrypt-strangers.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import type { SubjectOf } from '../../src/check/subject.ts';
import type { Key, Snapshot } from '../../src/snapshot/types.ts';

const settings = z.strictObject({
  /** ARNs, names of roles and users, account ids, `organization`; globs reach into the estate only. */
  readers: z.array(z.string()).default([]),
  trust_account_root: z.boolean().default(true),
});

export default defineCheck({
  id: 'key/decrypt-restricted',
  title: 'Only named readers can decrypt the logs',
  severity: 'high',
  scope: 'key',
  rationale: 'Whoever decrypts reads every API call of the organization.',
  pass: 'No statement and no grant gives kms:Decrypt (or kms:*) to a wildcard principal without a limiting condition, to an account outside the estate, or to a principal outside readers; the statement for the account root is accepted while trust_account_root is true.',
  seed: ['resmo'],
  needs: ['trail', 'key', 'key.policy', 'key.grants', 'organization', 'organization.accounts'],
  events: ['PutKeyPolicy', 'CreateGrant', 'RevokeGrant', 'RetireGrant'],
  controls: controlIds({
    'cis_7.0': '2.21',
    security_hub: 'KMS.5',
    iso_27001_2022: 'A.8.1',
    well_architected: 'SEC03-BP07',
  }),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'yes', operations: [] },

  evaluate({ snapshot, subject, settings, estate }) {
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
    const found = judge(snapshot, subject, key.value, settings, estate);
    if ('problem' in found) return { verdict: 'unknown', evidence, reason: found.problem };
    const { strangers, doubts, root } = found;
    const notes = root ? [`IAM of account ${key.value.AWSAccountId} decides who else may decrypt.`] : [];
    const [first, ...more] = strangers;
    if (first !== undefined) {
      const others = more.length === 0 ? '' : `, and ${more.length} more`;
      return {
        verdict: 'fail',
        evidence: { ...evidence, strangers: strangers.map(({ kind, name, text: who }) => `${kind} ${name}: ${who}`) },
        notes,
        reason: `The logs can be decrypted by ${first.text}${others}.`,
      };
    }
    const grants = partOf(snapshot['key.grants'], subject.reference);
    const [doubt] = [...doubts, ...(grants.state === 'read' || grants.state === 'absent' ? [] : [grants])];
    return doubt === undefined ? { verdict: 'pass', evidence, notes } : { ...unknownBecause(doubt, evidence), notes };
  },

  plan({ snapshot, subject, settings, estate }) {
    const key = partOf(snapshot.key, subject.reference);
    if (key.state !== 'read') return { kind: 'blocked', by: 'key/usable', reason: 'The key could not be read.' };
    const found = judge(snapshot, subject, key.value, settings, estate);
    if ('problem' in found) return { kind: 'blocked', by: 'key/decrypt-restricted', reason: found.problem };
    const { Arn, region } = key.value;
    const on = `--key-id ${Arn} --region ${region}`;
    const statements = [...new Set(found.strangers.flatMap(({ kind, name }) => (kind === 'statement' ? [name] : [])))];
    const grants = found.strangers.filter(({ kind }) => kind === 'grant');
    return manual(
      'Let the administrators of the key confirm who reads the logs, and name them in readers.',
      ...(statements.length === 0
        ? []
        : [
            {
              text: `Cut ${statements.join(', ')} down to the readers. Every statement for cloudtrail.amazonaws.com and the one for the account root stay as they are.`,
              command: `aws kms get-key-policy --policy-name default --query Policy --output text ${on}`,
            },
            {
              text: 'Put the whole policy back, and keep the old one at hand.',
              command: `aws kms put-key-policy --policy-name default --policy file://policy.json ${on}`,
            },
          ]),
      ...grants.map(({ name, text }) => ({
        text: `Revoke the grant for ${text}. Only its holder can make it anew.`,
        command: `aws kms revoke-grant --grant-id ${name} ${on}`,
      })),
      'Let each reader open one recent log file.',
    );
  },
});

/** Everybody who may decrypt by what could be read. `root`: the account of the key is trusted as a whole. */
function judge(
  snapshot: Pick<
    Snapshot,
    'key.policy' | 'key.grants' | 'organization' | 'organization.accounts' | 'accounts' | 'partition'
  >,
  { reference }: SubjectOf<'key'>,
  key: Key,
  { readers, trust_account_root }: z.infer<typeof settings>,
  { ownRoles }: EstateSettings,
) {
  const text = partOf(snapshot['key.policy'], reference);
  const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
  if (policy !== undefined && isPolicyError(policy)) return policy;
  const grants = partOf(snapshot['key.grants'], reference);
  const held = [
    ...(policy === undefined ? [] : holdersByPolicy(policy)),
    ...(grants.state === 'read' ? holdersByGrant(grants.value) : []),
  ];
  const root = held.some(({ party }) => party.kind === 'account' && party.id === key.AWSAccountId);
  const meant = { readers, trustAccountRoot: trust_account_root, ownRoles };
  return { ...strangersAmong(held, policy, key, snapshot, meant), root };
}
