import { z } from 'zod';
import { putEventSelectors } from '../../src/check/changes/put-event-selectors.ts';
import { defineCheck, manual, unknownBecause } from '../../src/check/check.ts';
import { copiesAmong } from '../../src/check/copies.ts';
import {
  anyCoveringTrail,
  COVERAGE_NEEDS,
  type CoverageSnapshot,
  type CoveringTrail,
  coverageOf,
} from '../../src/check/coverage.ts';
import { POORER_NEEDS, poorerTrail } from '../../src/check/poorer-trail.ts';
import { whereCovered } from '../../src/check/uncovered.ts';

const settings = z.strictObject({ allowed_copies: z.int().min(1).default(1) });

export default defineCheck({
  id: 'trail/no-duplicate-events',
  title: 'Management events are not recorded twice',
  severity: 'low',
  scope: 'account',
  rationale: 'Only the first copy is free, and two half-owned trails are worse than one that is looked after.',
  pass: 'No management event of the account, of one kind in one region, is recorded by more than allowed_copies logging trails.',
  seed: [],
  needs: [...COVERAGE_NEEDS, ...POORER_NEEDS],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'],
  controls: {},
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'disruptive',
    reversible: 'yes',
    operations: ['cloudtrail:PutEventSelectors'],
  },

  evaluate({ snapshot, subject, settings: { allowed_copies } }) {
    const judgement = anyCoveringTrail(
      snapshot,
      subject.account,
      ({ selectors, trail }) =>
        selectors.state === 'read' || selectors.state === 'absent'
          ? { ok: false }
          : { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) },
      (logging) => {
        const copies = copiesAmong(logging, allowed_copies);
        const [first] = copies;
        if (first === undefined) {
          return { verdict: 'pass', reason: '', evidence: { trails: logging.map(({ trail }) => trail.TrailARN) } };
        }
        const where = copies.map(({ region }) => region).join(', ');
        return {
          reason: `${first.trails.length} trails record the same ${first.events.join(' and ')} management events in ${where}.`,
          evidence: {
            copies: copies.map(({ region, events, trails }) => ({
              region,
              events,
              trails: trails.map(({ trail }) => trail.TrailARN),
            })),
          },
        };
      },
    );
    if (judgement.verdict === 'pass') {
      const { reason: _, ...passed } = judgement;
      return passed;
    }
    if (judgement.verdict !== 'fail' || judgement.cause !== undefined || judgement.inheritedFrom !== undefined) {
      return whereCovered(judgement);
    }
    const { chosen } = choiceFor(snapshot, subject.account, allowed_copies);
    return chosen === undefined ? { ...judgement, fix: 'manual' } : judgement;
  },

  plan({ snapshot, subject, settings: { allowed_copies } }) {
    const { chosen, hindrances } = choiceFor(snapshot, subject.account, allowed_copies);
    if (chosen === undefined) {
      return manual(
        'Decide which trail is to keep the management events. None can lose them by itself:',
        ...(hindrances.length === 0 ? ['The trails belong to another account.'] : hindrances),
        'A second trail that a security vendor reads is a reason for an exemption.',
        {
          text: 'A trail that is kept for other events records no management events any more with a whole set of selectors without them. Look at the set first: a put replaces all of it.',
          command: 'aws cloudtrail get-event-selectors --trail-name <trail ARN> --region <home region>',
          terraform:
            '# in resource "aws_cloudtrail" of the trail that loses them, beside its data events\nevent_selector {\n  include_management_events = false\n}',
        },
      );
    }
    const { loser, keeper, before, after } = chosen;
    const { trail } = loser;
    return {
      kind: 'changes',
      plan: {
        summary: `Record management events with ${keeper.trail.Name} alone, and no longer with ${trail.Name}.`,
        changes: [
          putEventSelectors(trail, before, after, {
            summary: `Put the whole set of selectors of ${trail.Name} without management events; its other events stay.`,
            undo: 'Put the saved set of selectors back.',
          }),
        ],
        warnings: [
          `Whoever reads management events from ${trail.S3BucketName} or the log group of ${trail.Name} finds no new ones there; ${keeper.trail.Name} writes to ${keeper.trail.S3BucketName}.`,
        ],
        guards: [
          'Before: the selectors still read as when this plan was made.',
          `Before: ${keeper.trail.Name} is logging, records all management events of every region and delivers.`,
          'After: trail/account-covered and trail/management-events still pass.',
        ],
        watchDelivery: [trail.TrailARN, keeper.trail.TrailARN],
      },
    };
  },
});

function choiceFor(
  snapshot: CoverageSnapshot & Parameters<typeof poorerTrail>[0],
  account: string,
  allowed: number,
): ReturnType<typeof poorerTrail> {
  const coverage = coverageOf(snapshot, account);
  const trails = coverage.state === 'read' ? coverage.value.trails : [];
  const logging = trails.filter(({ status }) => status.state === 'read' && status.value.IsLogging);
  const copied: CoveringTrail[] = logging.filter((covering) =>
    copiesAmong(logging, allowed).some((copies) => copies.trails.includes(covering)),
  );
  return poorerTrail(snapshot, copied, logging);
}
