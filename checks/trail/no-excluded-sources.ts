import { z } from 'zod';
import { putEventSelectors } from '../../src/check/changes/put-event-selectors.ts';
import { defineCheck, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { anyCoveringTrail, COVERAGE_NEEDS, type CoveringTrail, ownTrails } from '../../src/check/coverage.ts';
import { isEditRefused } from '../../src/check/evaluators/event-selectors/edits.ts';
import { recorded } from '../../src/check/evaluators/event-selectors/recording.ts';
import { type SourcesByMode, withoutExclusions } from '../../src/check/evaluators/event-selectors/removals.ts';
import { excludedSources, sayExclusions, silencedAlarms } from '../../src/check/exclusions.ts';
import { selectorsOf } from '../../src/check/management-kinds.ts';
import { fromEvaluator } from '../../src/check/selectors.ts';
import { whereCovered } from '../../src/check/uncovered.ts';

const settings = z.strictObject({ allowed: z.array(z.string()).default([]) });

export default defineCheck({
  id: 'trail/no-excluded-sources',
  title: 'No management event source is left out',
  severity: 'medium',
  scope: 'account',
  rationale: 'Leaving out KMS silences the alarm on key deletion; the RDS Data API carries SQL access.',
  pass: 'For reads and for writes, no source (kms.amazonaws.com, rdsdata.amazonaws.com) is excluded by every trail that covers the account, except those in allowed.',
  seed: [],
  needs: [...COVERAGE_NEEDS, 'logGroup.filters', 'alarms'],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'],
  controls: controlIds({
    security_hub: 'CloudTrail.1',
    aws_ssb: 'ACCT.07',
    config_rule: 'multi-region-cloudtrail-enabled cloudtrail-security-trail-enabled',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'yes',
    cost: 'KMS data-key calls are many; a second copy of them is billed and CloudWatch Logs ingestion grows.',
    operations: ['cloudtrail:PutEventSelectors'],
  },

  evaluate({ snapshot, subject, settings: { allowed } }) {
    const judgement = anyCoveringTrail(
      snapshot,
      subject.account,
      (covering) => {
        const { trail, selectors } = covering;
        if (selectors.state !== 'read' && selectors.state !== 'absent') {
          return { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) };
        }
        const { read, write } = recorded(selectorsOf(covering)).management;
        const both = [read, write].every(({ covered }) => covered === 'all' || covered === 'excluded');
        const left = excludedSources([covering], []);
        const spared = [...new Set([...left.read, ...left.write])];
        return {
          // One trail that records everything everywhere is enough, whatever the others leave out.
          ok: trail.IsMultiRegionTrail && both && spared.every((source) => allowed.includes(source)),
          ...(spared.length === 0 ? {} : { evidence: { allowed: spared } }),
        };
      },
      (logging) => {
        const excluded = excludedSources(logging, allowed);
        const trails = logging.map(({ trail }) => trail.TrailARN);
        if (isEmpty(excluded)) return { verdict: 'pass', reason: '', evidence: { trails } };
        const dead = silencedAlarms(snapshot, logging);
        const { management } = recorded(...logging.map(selectorsOf));
        const kept = (['read', 'write'] as const).filter(
          (mode) => excluded[mode].length === 0 && management[mode].covered !== 'none',
        );
        const rest = kept.map((mode) => ` Their ${mode} events are kept.`).join('');
        return {
          reason: `The trails leave out ${sayExclusions(excluded)}.${rest}`,
          evidence: { trails, excluded: { read: [...excluded.read], write: [...excluded.write] } },
          notes:
            dead.length === 0 ? [] : [`These alarms wait for such events and never hear of them: ${dead.join(', ')}.`],
        };
      },
    );
    if (judgement.verdict === 'pass') {
      const { reason: _, ...passed } = judgement;
      return passed;
    }
    return whereCovered(judgement);
  },

  plan({ snapshot, subject, settings: { allowed } }) {
    const own = ownTrails(snapshot, subject.account).filter(
      ({ status, selectors }) => status.state === 'read' && status.value.IsLogging && selectors.state === 'read',
    );
    const target = trailToMend(own, allowed);
    if (target === undefined || target.selectors.state !== 'read') {
      const reason = 'No trail of this account leaves them out; the account that owns the trail has to change it.';
      return { kind: 'blocked', by: 'trail/no-excluded-sources', reason };
    }
    const { trail, selectors } = target;
    const excluded = excludedSources([target], allowed);
    const edit = withoutExclusions(selectorsOf(target), excluded);
    if (isEditRefused(edit)) return { kind: 'manual', steps: [{ text: edit.problem }] };
    return {
      kind: 'changes',
      plan: {
        summary: `Record ${sayExclusions(excluded)} with ${trail.Name}.`,
        changes: [
          putEventSelectors(trail, selectors.value, fromEvaluator(edit.selectors), {
            summary: 'Put the whole set of selectors without these exclusions; everything else in it stays.',
            undo: 'Put the saved set of selectors back.',
          }),
        ],
        warnings: ['Calls for data keys are many: look at the number of KMS events of a day before you decide.'],
        guards: [
          'Before: the selectors still read as when this plan was made.',
          'After: GetEventSelectors equals the plan and this check passes.',
        ],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});

function isEmpty({ read, write }: SourcesByMode): boolean {
  return read.length === 0 && write.length === 0;
}

/** The trail whose exclusions are dropped: one of every region before the others. */
function trailToMend(own: readonly CoveringTrail[], allowed: readonly string[]): CoveringTrail | undefined {
  const guilty = own.filter((covering) => !isEmpty(excludedSources([covering], allowed)));
  return guilty.find(({ trail }) => trail.IsMultiRegionTrail) ?? guilty[0];
}
