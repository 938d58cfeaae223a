import { z } from 'zod';
import { defineCheck } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { COVERAGE_NEEDS } from '../../src/check/coverage.ts';
import { declaredEvents, judgeDeclared, withDeclared } from '../../src/check/declared-events.ts';
import { isAdvanced } from '../../src/check/evaluators/event-selectors/edits.ts';
import { planSelectors } from '../../src/check/plan-selectors.ts';

const settings = z.strictObject({
  /** Resource type, for example `AWS::DynamoDB::Table`, to what is wanted of it. */
  types: z.record(z.string(), z.enum(['all', 'read', 'write'])).default({}),
  /** Event sources, for example `kms.amazonaws.com`, whose calls through VPC endpoints are wanted. */
  network_sources: z.array(z.string()).default([]),
  denied_only: z.boolean().default(true),
});

export default defineCheck({
  id: 'data-events/declared-types',
  title: 'Declared resource types and network events are recorded',
  severity: 'low',
  scope: 'account',
  rationale: 'DynamoDB, Bedrock, KMS endpoints and the like only leave a trace if somebody asked for it.',
  pass: 'For every resource type in types and every event source in network_sources, a logging trail that covers the account records the data events (or network activity events) asked for, without narrowing.',
  seed: [],
  needs: [...COVERAGE_NEEDS],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'],
  controls: controlIds({
    nist_800_53_r5: 'AU-2 AU-12',
    iso_27001_2022: 'A.8.15',
    soc2: 'CC7.2',
    well_architected: 'SEC04-BP01',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'Billed per data event; busy buckets and functions produce millions.',
    operations: ['cloudtrail:PutEventSelectors'],
  },

  evaluate({ snapshot, subject, settings }) {
    const wanted = declaredEvents(settings);
    if (wanted.length === 0) return { verdict: 'not-applicable', reason: 'No resource type is declared.' };
    const { failing, unknown, passing } = judgeDeclared(snapshot, subject.account, wanted);
    const [first] = failing;
    if (first !== undefined) {
      const missing = failing.map(({ event }) => event.name);
      if (first.judgement.cause !== undefined) return first.judgement;
      return {
        ...first.judgement,
        evidence: { ...first.judgement.evidence, missing },
        reason: `Not recorded, or in part only: ${missing.join(', ')}.`,
      };
    }
    return unknown[0]?.judgement ?? passing[0]?.judgement ?? { verdict: 'pass' };
  },

  plan({ snapshot, subject, settings }) {
    const wanted = declaredEvents(settings);
    const missing = judgeDeclared(snapshot, subject.account, wanted).failing.map(({ event }) => event);
    const names = missing.map(({ name }) => name).join(', ');
    return planSelectors(
      snapshot,
      subject.account,
      (before) => withDeclared(before, missing, snapshot),
      (before) => {
        const after = withDeclared(before, missing, snapshot);
        const rewritten = !isAdvanced(before) && 'selectors' in after && isAdvanced(after.selectors);
        return {
          goal: `Record ${names}`,
          difference: `with ${names} added`,
          warnings: [
            'Every such event is billed. Look at the request metrics of busy resources first.',
            ...(rewritten
              ? ['Basic selectors do not know this: the set becomes the equivalent set of advanced selectors.']
              : []),
          ],
        };
      },
    );
  },
});
