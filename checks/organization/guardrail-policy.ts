import { z } from 'zod';
import { defineCheck, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { type Gap, gapsIn, PROTECTED_NEEDS, threatsTo } from '../../src/check/guardrail.ts';
import { guardrailSteps } from '../../src/check/guardrail-steps.ts';

const settings = z.strictObject({
  actions: z
    .array(z.string().regex(/^[a-z0-9-]+:\w+$/))
    .min(1)
    .default([
      'cloudtrail:StopLogging',
      'cloudtrail:DeleteTrail',
      'cloudtrail:UpdateTrail',
      'cloudtrail:PutEventSelectors',
      'cloudtrail:PutInsightSelectors',
      'cloudtrail:DeleteEventDataStore',
    ]),
  /** Names or ARNs of principals; globs are taken. */
  exempt_principals: z.array(z.string()).default([]),
  exempt_accounts: z.array(z.string()).default([]),
});

export default defineCheck({
  id: 'organization/guardrail-policy',
  title: 'Policies of the organization protect the trail',
  severity: 'high',
  scope: 'organization',
  rationale: 'What an administrator of a workload account can switch off, so can whoever takes that account over.',
  pass: 'For every member, service control policies on its path deny the calls in actions to everybody but exempt_principals.',
  seed: [],
  needs: [...PROTECTED_NEEDS, 'organization', 'organization.accounts', 'organization.policies'],
  events: [
    'CreatePolicy',
    'UpdatePolicy',
    'DeletePolicy',
    'AttachPolicy',
    'DetachPolicy',
    'EnablePolicyType',
    'DisablePolicyType',
    'MoveAccount',
  ],
  controls: controlIds({ 'cis_7.0': '2.1.2' }),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'yes', operations: [] },

  evaluate({ snapshot, subject: { account }, settings, estate }) {
    const organization = partOf(snapshot.organization, 'organization');
    if (organization.state === 'absent')
      return { verdict: 'not-applicable', reason: 'The estate is in no organization.' };
    if (organization.state !== 'read') return unknownBecause(organization, { managementAccount: account });
    const managementAccount = organization.value.MasterAccountId;
    const accounts = partOf(snapshot['organization.accounts'], 'organization');
    if (accounts.state === 'absent') return { verdict: 'unknown', reason: 'The organization has no list of accounts.' };
    if (accounts.state !== 'read') return unknownBecause(accounts, { managementAccount });
    const members = Object.values(accounts.value)
      .filter(({ Id, State }) => State === 'ACTIVE' && Id !== managementAccount)
      .filter(({ Id }) => !settings.exempt_accounts.includes(Id))
      .map((member) => ({ member, threats: threatsTo(snapshot, member.Id, settings.actions) }))
      .filter(({ threats }) => threats.length > 0);
    if (members.length === 0) {
      return {
        verdict: 'not-applicable',
        reason: 'No member owns a trail, an event data store, a log bucket or a key that has to be protected.',
      };
    }
    const policies = partOf(snapshot['organization.policies'], 'organization');
    if (policies.state !== 'read' && policies.state !== 'absent')
      return unknownBecause(policies, { managementAccount });
    const tree = policies.state === 'read' ? policies.value : { enabled: false, parents: {}, roots: [], policies: {} };
    const exempt = [...estate.ownRoles, ...settings.exempt_principals];
    const judged = members.map(({ member, threats }) => {
      const { partition } = snapshot;
      return {
        member,
        gaps: gapsIn(tree.enabled ? tree : { ...tree, policies: {} }, organization.value, member, threats, {
          partition,
          exempt,
        }),
      };
    });
    const open = judged.filter(({ gaps }) => gaps.some(({ threat }) => threat.doubt === undefined));
    const evidence = {
      enabled: tree.enabled,
      protected: judged.filter(({ gaps }) => gaps.length === 0).map(({ member }) => member.Id),
      unprotected: Object.fromEntries(open.map(({ member, gaps }) => [member.Id, gaps.map(inWords)])),
    };
    const notes = [`Policies never reach the management account ${managementAccount}.`];
    const [first] = open;
    if (first !== undefined) {
      const reason = tree.enabled
        ? `${open.length} of ${members.length} members ${open.length === 1 ? 'is' : 'are'} not protected: ${open.map(({ member }) => member.Id).join(', ')}.`
        : 'Service control policies are not enabled in the organization.';
      return { verdict: 'fail', evidence, notes, reason };
    }
    const doubt = judged.flatMap(({ gaps }) => gaps).find(({ threat }) => threat.doubt !== undefined)?.threat.doubt;
    if (doubt !== undefined) return { ...unknownBecause(doubt, evidence), notes };
    return { verdict: 'pass', evidence, notes };
  },

  plan({ snapshot, settings, estate, finding }) {
    const policies = partOf(snapshot['organization.policies'], 'organization');
    const unprotected = z.record(z.string(), z.unknown()).safeParse(finding.evidence.unprotected);
    return manual(
      ...guardrailSteps({
        partition: snapshot.partition,
        policies: policies.state === 'read' ? policies.value : undefined,
        actions: settings.actions,
        spared: [...estate.ownRoles, ...settings.exempt_principals],
        members: Object.keys(unprotected.data ?? {}),
      }),
    );
  },
});

function inWords({ threat: { action, resource }, who }: Gap): string {
  return `${action} on ${resource}, ${who}`;
}
