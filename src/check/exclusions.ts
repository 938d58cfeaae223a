import type { Snapshot } from '../snapshot/types.ts';
import { alarmsOn } from './alarms.ts';
import { partOf } from './check.ts';
import type { CoveringTrail } from './coverage.ts';
import { deadParts, feedsOf } from './dead-filters.ts';
import { recorded } from './evaluators/event-selectors/recording.ts';
import type { SourcesByMode } from './evaluators/event-selectors/removals.ts';
import type { Mode } from './evaluators/event-selectors/types.ts';
import { selectorsOf } from './management-kinds.ts';
import { accountOf, regionOf } from './subject.ts';

/**
 * Event sources that all of these trails together leave out of the reads or writes they record. A trail of one region
 * makes up for the others there only. A mode that nobody records at all is another check's business.
 */
export function excludedSources(trails: readonly CoveringTrail[], allowed: readonly string[]): SourcesByMode {
  const everywhere = trails.filter(({ trail }) => trail.IsMultiRegionTrail);
  const regions = new Set(trails.filter((it) => !everywhere.includes(it)).map(({ trail }) => trail.HomeRegion));
  const groups = [...regions].map((region) =>
    trails.filter((it) => everywhere.includes(it) || it.trail.HomeRegion === region),
  );
  const of = (mode: Mode) => {
    const sources = [everywhere, ...groups].flatMap((group) => {
      const coverage = recorded(...group.map(selectorsOf)).management[mode];
      return coverage.covered === 'excluded' ? coverage.excludedSources : [];
    });
    return [...new Set(sources)].filter((source) => !allowed.includes(source)).sort();
  };
  return { read: of('read'), write: of('write') };
}

/** Half a sentence: `read and write events of a`, `read events of a and b, write events of a`. */
export function sayExclusions({ read, write }: SourcesByMode): string {
  if (read.join() === write.join()) return `read and write events of ${read.join(' and ')}`;
  const parts = [
    read.length === 0 ? [] : [`read events of ${read.join(' and ')}`],
    write.length === 0 ? [] : [`write events of ${write.join(' and ')}`],
  ];
  return parts.flat().join(', ');
}

/** Names of alarms whose filters wait for events that these exclusions keep from the log group of a trail. */
export function silencedAlarms(
  snapshot: Parameters<typeof feedsOf>[0] & Pick<Snapshot, 'logGroup.filters' | 'alarms' | 'partition'>,
  trails: readonly CoveringTrail[],
): string[] {
  const groups = new Set(trails.flatMap(({ trail }) => trail.CloudWatchLogsLogGroupArn?.replace(/:\*$/, '') ?? []));
  const names = [...groups].flatMap((arn) => {
    const filters = partOf(snapshot['logGroup.filters'], arn);
    const alarms = partOf(snapshot.alarms, `${accountOf(arn)}/${regionOf(arn)}`);
    if (filters.state !== 'read' || alarms.state !== 'read') return [];
    const { feeds } = feedsOf(snapshot, arn);
    const isDead = (pattern: string) =>
      deadParts(pattern, feeds, snapshot.partition).some(({ cause }) => cause === 'trail/no-excluded-sources');
    return Object.values(filters.value)
      .filter(({ filterPattern }) => isDead(filterPattern))
      .flatMap((filter) => alarmsOn(alarms.value, filter));
  });
  return [...new Set(names.map(({ AlarmName }) => AlarmName))].sort();
}
