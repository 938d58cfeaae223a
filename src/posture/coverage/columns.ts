import { partOf } from '../../check/check.ts';
import type { CoveringTrail } from '../../check/coverage.ts';
import { coversData } from '../../check/evaluators/event-selectors/data.ts';
import { type ManagementCoverage, recorded } from '../../check/evaluators/event-selectors/recording.ts';
import { toEvaluator } from '../../check/selectors.ts';
import type { MatrixSnapshot } from './matrix.ts';

export const COLUMNS = ['managementRead', 'managementWrite', 'dataEvents', 'insights'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Covered {
  covered: 'all' | 'partly' | 'none';
  detail?: string;
  /** ARN of a trail whose answer is missing. */
  unread?: string;
}

/** What logging trails cover together in one column. Trails of one region cover a part of an account. */
export function covered(snapshot: MatrixSnapshot, column: Column, trails: readonly CoveringTrail[]): Covered {
  if (column === 'insights') return insights(snapshot, trails);
  const everywhere = of(
    column,
    trails.filter(({ trail }) => trail.IsMultiRegionTrail),
  );
  if (everywhere.covered === 'all') return everywhere;
  const anywhere = of(column, trails);
  if (anywhere.covered === 'none') return anywhere;
  if (everywhere.covered === 'none') {
    const regions = [...new Set(trails.map(({ trail }) => trail.HomeRegion))].sort();
    return { covered: 'partly', detail: `only in ${regions.join(', ')}` };
  }
  return everywhere;
}

function of(column: 'managementRead' | 'managementWrite' | 'dataEvents', trails: readonly CoveringTrail[]): Covered {
  const read = trails.flatMap(({ selectors }) => (selectors.state === 'read' ? [toEvaluator(selectors.value)] : []));
  const recording = recorded(...read);
  if (read.length === 0) return { covered: 'none' };
  if (column === 'managementRead') return ofManagement(recording.management.read);
  if (column === 'managementWrite') return ofManagement(recording.management.write);
  const found = DATA.flatMap(({ words, type, mode }) => {
    const { covered: how } = coversData(recording, { type, mode, resource: 'all' });
    return how === 'none' ? [] : [{ words: how === 'all' ? words : `some ${words}`, whole: how === 'all' }];
  });
  const known = new Set<string>(DATA.map(({ type }) => type));
  const others = [...new Set(recording.rules.flatMap((rule) => rule.resourceTypes))].filter((type) => !known.has(type));
  const detail = [...found.map(({ words }) => words), ...others].join(', ');
  if (detail === '') return { covered: 'none' };
  return { covered: found.length === DATA.length && found.every(({ whole }) => whole) ? 'all' : 'partly', detail };
}

/** What the standards ask of data events: objects and functions. Anything else is named where it is recorded. */
const DATA = [
  { words: 'S3 reads', type: 'AWS::S3::Object', mode: 'read' },
  { words: 'S3 writes', type: 'AWS::S3::Object', mode: 'write' },
  { words: 'Lambda', type: 'AWS::Lambda::Function', mode: 'write' },
] as const;

function ofManagement(management: ManagementCoverage): Covered {
  switch (management.covered) {
    case 'excluded':
      return { covered: 'partly', detail: `without ${management.excludedSources.join(', ')}` };
    case 'partly':
      return { covered: 'partly', detail: management.why.join(', ') };
    default:
      return { covered: management.covered };
  }
}

const INSIGHTS = { ApiCallRateInsight: 'call rate', ApiErrorRateInsight: 'error rate' } as const;

function insights(snapshot: MatrixSnapshot, trails: readonly CoveringTrail[]): Covered {
  const parts = trails.map(({ trail }) => ({
    arn: trail.TrailARN,
    part: partOf(snapshot['trail.insights'], trail.TrailARN),
  }));
  const types = parts.flatMap(({ part }) => (part.state === 'read' ? part.value.map((each) => each.InsightType) : []));
  const there = Object.entries(INSIGHTS).filter(([type]) => types.includes(type));
  const unread = parts.find(({ part }) => part.state !== 'read' && part.state !== 'absent')?.arn;
  if (there.length === Object.keys(INSIGHTS).length) return { covered: 'all' };
  const rest = unread === undefined ? {} : { unread };
  if (there.length === 0) return { covered: 'none', ...rest };
  return { covered: 'partly', detail: there.map(([, words]) => words).join(', '), ...rest };
}
