import { z } from 'zod';
import { defineCheck, manual, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { logGroupOf } from '../../src/check/log-group.ts';
import { type Opening, openingsOf } from '../../src/check/log-group-openings.ts';
import type { ManualStep } from '../../src/check/plan.ts';
import { accountOf, type SubjectOf } from '../../src/check/subject.ts';

const settings = z.strictObject({
  /** Accounts that watch this estate without being part of it. */
  monitoring_accounts: z.array(z.string().regex(/^\d{12}$/)).default([]),
});

export default defineCheck({
  id: 'log-group/access',
  title: "The trail's log group is not shared with strangers",
  severity: 'medium',
  scope: 'log-group',
  rationale: 'Subscription filters, resource policies and sharing links all copy the audit trail out of the account.',
  pass: 'No resource policy of CloudWatch Logs opens the group to a wildcard principal without a limiting condition, no subscription filter sends it to an account outside the estate and monitoring_accounts, and no sharing link offers log groups to any other account.',
  seed: [],
  needs: ['trail', 'logGroup', 'logs.resourcePolicies', 'logGroup.subscriptions', 'oam.links', 'organization.accounts'],
  events: [
    'PutResourcePolicy',
    'DeleteResourcePolicy',
    'PutSubscriptionFilter',
    'DeleteSubscriptionFilter',
    'CreateLink',
    'UpdateLink',
    'DeleteLink',
  ],
  controls: controlIds({
    iso_27001_2022: 'A.8.15 A.8.16',
    soc2: 'PI1.4',
    well_architected: 'SEC03-BP01',
  }),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'yes', operations: [] },

  evaluate({ snapshot, subject, settings: { monitoring_accounts } }) {
    const found = logGroupOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const { openings, doubts, notes } = openingsOf(snapshot, subject, monitoring_accounts);
    const evidence = { logGroup: subject.arn, trails: subject.trails, openings: openings.map(({ text }) => text) };
    const [first] = openings;
    if (first !== undefined) {
      const more = openings.length > 1 ? ` (and ${openings.length - 1} more)` : '';
      return { verdict: 'fail', evidence, notes, reason: `${first.text}${more}.` };
    }
    const [doubt] = doubts;
    if (doubt === undefined) return { verdict: 'pass', evidence, notes };
    return 'problem' in doubt
      ? { verdict: 'unknown', evidence, notes, reason: doubt.problem }
      : { ...unknownBecause(doubt, evidence), notes };
  },

  plan({ snapshot, subject, settings: { monitoring_accounts } }) {
    const { openings } = openingsOf(snapshot, subject, monitoring_accounts);
    return manual(
      'Ask the owner of the receiving account first: what is watched there goes blind.',
      ...openings.map((opening) => stepFor(opening, subject)),
    );
  },
});

function stepFor(opening: Opening, { arn, region }: SubjectOf<'log-group'>): ManualStep {
  const group = arn.split(':')[6] ?? '';
  switch (opening.kind) {
    case 'policy':
      return {
        text: `Narrow ${opening.statement} of the resource policy ${opening.name} to a service and a source (aws:SourceAccount). Keep its other statements: services of the account may need them.`,
        command: `aws logs describe-resource-policies --query "resourcePolicies[?policyName=='${opening.name}'].policyDocument" --output text --region ${region}`,
      };
    case 'subscription':
      return {
        text: `Take the subscription filter ${opening.name} away, which sends to ${opening.destination}.`,
        command: `aws logs delete-subscription-filter --log-group-name ${group} --filter-name ${opening.name} --region ${region}`,
      };
    case 'link':
      return {
        text: `Take the sharing link to account ${accountOf(opening.sink)} away, or leave log groups out of it.`,
        command: `aws oam delete-link --identifier ${opening.arn} --region ${region}`,
      };
  }
}
