import { z } from 'zod';
import type { Snapshot, TrailSelectors } from '../snapshot/types.ts';
import { type Judgement, unknownBecause } from './check.ts';
import { anyCoveringTrail, type CoverageSnapshot } from './coverage.ts';
import { coversData } from './evaluators/event-selectors/data.ts';
import { withObjectEvents } from './evaluators/event-selectors/data-edits.ts';
import { isAdvanced } from './evaluators/event-selectors/edits.ts';
import { recorded } from './evaluators/event-selectors/recording.ts';
import type { Mode } from './evaluators/event-selectors/types.ts';
import type { Planned } from './plan.ts';
import { planSelectors } from './plan-selectors.ts';
import { toEvaluator } from './selectors.ts';

/** Settings of the checks that ask for data events of S3 objects: bucket names. */
export const objectSettings = z.strictObject({
  buckets: z.union([z.literal('all'), z.array(z.string())]).default('all'),
  exempt_buckets: z.array(z.string()).default([]),
});

type Settings = z.infer<typeof objectSettings>;

const WORDS = {
  read: { what: 'reads of S3 objects', failing: 'Reads of S3 objects are', each: 'read from' },
  write: {
    what: 'writes and deletions of S3 objects',
    failing: 'Writes and deletions of S3 objects are',
    each: 'write to',
  },
} as const;

/** Does one logging trail that covers the account record these data events, log buckets and exempt ones aside? */
export function judgeObjectEvents(
  mode: Mode,
  snapshot: CoverageSnapshot,
  account: string,
  { buckets, exempt_buckets }: Settings,
): Judgement {
  const { partition } = snapshot;
  const exempt = [...logBuckets(snapshot), ...exempt_buckets].map((name) => `arn:${partition}:s3:::${name}`);
  const wanted = buckets === 'all' ? ['all'] : buckets.map((name) => `arn:${partition}:s3:::${name}`);
  const gaps = (selectors: TrailSelectors) =>
    wanted.flatMap((resource) => {
      const question = { type: 'AWS::S3::Object', mode, resource, exempt } as const;
      const coverage = coversData(recorded(toEvaluator(selectors)), question);
      if (coverage.covered === 'all') return [];
      return coverage.covered === 'partly'
        ? coverage.why
        : [`${resource === 'all' ? 'no S3 objects' : resource} recorded`];
    });
  return anyCoveringTrail(
    snapshot,
    account,
    ({ selectors, trail }) => {
      if (selectors.state === 'absent') return { ok: false };
      if (selectors.state !== 'read') {
        return { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) };
      }
      return { ok: gaps(selectors.value).length === 0 };
    },
    (logging) => ({
      reason: `${WORDS[mode].failing} not recorded, or in part only.`,
      evidence: {
        trails: logging.map(({ trail, selectors }) => ({
          TrailARN: trail.TrailARN,
          gaps: selectors.state === 'read' ? gaps(selectors.value) : ['no S3 objects recorded'],
        })),
      },
    }),
  );
}

/** The whole set of selectors of the account's own trail with what is missing, the kind of the set kept. */
export function planObjectEvents(
  mode: Mode,
  snapshot: CoverageSnapshot,
  account: string,
  { buckets, exempt_buckets: exempt }: Settings,
): Planned {
  const { partition } = snapshot;
  const wanted = { mode, partition, logBuckets: logBuckets(snapshot), buckets, exempt };
  const where = buckets === 'all' ? 'every bucket' : 'the buckets asked for';
  return planSelectors(
    snapshot,
    account,
    (before) => withObjectEvents(before, wanted),
    (before) => ({
      goal: `Record ${WORDS[mode].what}`,
      difference: `with S3 ${mode} events added`,
      warnings: [
        `Every ${WORDS[mode].each} ${where} becomes a billed event. Look at the request metrics of busy buckets first.`,
        ...(mode === 'write' && buckets === 'all' && !isAdvanced(before)
          ? ['Basic selectors cannot leave out a bucket: deliveries into log buckets are recorded and billed as well.']
          : []),
      ],
    }),
  );
}

/** Names of the buckets that trails deliver to: recording their own deliveries would make events of events. */
export function logBuckets(snapshot: Pick<Snapshot, 'trail'>): string[] {
  const names = Object.values(snapshot.trail).flatMap((part) =>
    part.state === 'read' ? [part.value.S3BucketName] : [],
  );
  return [...new Set(names)].sort();
}
