import { z } from 'zod';
import { defineCheck, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { deadParts, FEED_NEEDS, feedsOf } from '../../src/check/dead-filters.ts';
import { accountOf } from '../../src/check/subject.ts';

const LIMIT = 'CloudTrail sends no event larger than 256 KB to a log group.';

export default defineCheck({
  id: 'alarm/no-dead-filters',
  title: 'No alarm waits for events the trail does not record',
  severity: 'medium',
  scope: 'log-group',
  rationale: 'A perfect filter on a trail that leaves out KMS will never fire.',
  pass: 'For every filter that an alarm check of this catalogue counts, each event it looks for would be recorded by a trail that feeds the group and evaluated by the group.',
  seed: [],
  needs: [...FEED_NEEDS, 'logGroup', 'logGroup.filters'],
  events: ['PutEventSelectors', 'UpdateTrail', 'StopLogging', 'PutMetricFilter', 'DeleteMetricFilter'],
  controls: controlIds({}),
  settings: z.strictObject({}),
  fix: {
    class: 'none',
    risk: 'safe',
    reversible: 'yes',
    first: ['trail/no-excluded-sources', 'trail/management-events', 'trail/multi-region'],
    operations: [],
  },

  evaluate({ snapshot, subject }) {
    const group = partOf(snapshot.logGroup, subject.arn);
    const part = partOf(snapshot['logGroup.filters'], subject.arn);
    if (group.state === 'absent' || part.state === 'absent') {
      return { verdict: 'not-applicable', reason: 'The log group does not exist.' };
    }
    if (part.state !== 'read') return unknownBecause(part);
    const filters = Object.values(part.value);
    if (filters.length === 0) return { verdict: 'not-applicable', reason: 'The log group has no metric filter.' };
    if (group.state !== 'read') return unknownBecause(group);
    const { logGroupClass } = group.value;
    if (logGroupClass !== 'STANDARD') {
      return {
        verdict: 'fail',
        evidence: { logGroupClass, filters: filters.map(({ filterName }) => filterName) },
        reason: `The log group is of class ${logGroupClass}, which evaluates no filters.`,
      };
    }
    const { feeds, doubts } = feedsOf(snapshot, subject.arn);
    const [doubt] = doubts;
    if (feeds.length === 0) {
      if (doubt !== undefined) return doubt;
      return {
        verdict: 'fail',
        evidence: { trails: subject.trails, filters: filters.map(({ filterName }) => filterName) },
        cause: 'trail/logging',
        reason: 'No trail that feeds the log group is logging.',
      };
    }
    const dead = filters.flatMap(({ filterName, filterPattern }) => {
      const parts = deadParts(filterPattern, feeds, snapshot.partition);
      return parts.length === 0 ? [] : [{ filterName, parts }];
    });
    const [first] = dead;
    if (first === undefined) return { verdict: 'pass', evidence: { filters: filters.length }, notes: [LIMIT] };
    // What cannot be read may record it.
    if (doubt !== undefined) return doubt;
    const why = first.parts[0]?.why ?? '';
    const events = first.parts.map(({ waitsFor }) => waitsFor).join(', ');
    const more =
      dead.length > 1 ? ` ${dead.length - 1} more ${dead.length === 2 ? 'filter waits' : 'filters wait'} in vain.` : '';
    const cause = dead.flatMap(({ parts }) => parts).find((it) => it.cause !== undefined)?.cause;
    return {
      verdict: 'fail',
      evidence: {
        dead: Object.fromEntries(
          dead.map(({ filterName, parts }) => [filterName, parts.map(({ waitsFor, why }) => `${waitsFor}: ${why}`)]),
        ),
      },
      notes: [
        LIMIT,
        ...feeds.flatMap(({ trail: { TrailARN } }) =>
          accountOf(TrailARN) === subject.account ? [] : [`${TrailARN} is owned by another account.`],
        ),
      ],
      ...(cause === undefined ? {} : { cause }),
      reason: `The filter ${first.filterName} waits for ${events}, but ${why}.${more}`,
    };
  },
});
