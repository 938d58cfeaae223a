import type { Snapshot, TrailSelectors } from '../snapshot/types.ts';
import { alarmsOn } from './alarms.ts';
import { partOf } from './check.ts';
import type { CoveringTrail } from './coverage.ts';
import { isEditRefused } from './evaluators/event-selectors/edits.ts';
import { recorded, recordsAllManagement } from './evaluators/event-selectors/recording.ts';
import { withoutManagement } from './evaluators/event-selectors/removals.ts';
import { recordsAsMuch, selectorsOf } from './management-kinds.ts';
import { sampledStatus } from './sampled-status.ts';
import { fromEvaluator } from './selectors.ts';
import { accountOf, regionOf } from './subject.ts';

/** The parts that say whether a trail may lose its management events. */
export const POORER_NEEDS = ['trail.regionalStatus', 'logGroup.filters', 'alarms'] as const;

type PoorerSnapshot = Pick<Snapshot, (typeof POORER_NEEDS)[number] | 'takenAt'>;

/** The trail that can lose its management events, with the one that keeps them, and why others cannot. */
export interface Choice {
  chosen?: { loser: CoveringTrail; keeper: CoveringTrail; before: TrailSelectors; after: TrailSelectors };
  hindrances: string[];
}

const HOUR_MS = 3_600_000;
const MAX_AGE_HOURS = 24;

/**
 * Of the account's own trails among `copied` the poorest one that can lose its management events without loss: another
 * logging trail records all of them in every region, delivers, and is signed and encrypted as well.
 */
export function poorerTrail(
  snapshot: PoorerSnapshot,
  copied: readonly CoveringTrail[],
  logging: readonly CoveringTrail[],
): Choice {
  const hindrances: string[] = [];
  const own = copied.filter(({ inherited }) => !inherited).sort(byRichness);
  for (const loser of own) {
    const { Name } = loser.trail;
    const keeper = logging.find((other) => other !== loser && replaces(snapshot, other, loser));
    const edit = withoutManagement(selectorsOf(loser));
    const reason = hindranceOf(snapshot, loser);
    if (reason !== undefined) hindrances.push(`${Name} cannot lose them: ${reason}.`);
    else if (keeper === undefined) {
      hindrances.push(
        `${Name} cannot lose them: no other trail records as much in every region, delivers, and is signed and encrypted as well.`,
      );
    } else if (isEditRefused(edit)) hindrances.push(`${Name} cannot lose them: ${edit.problem}`);
    else if (loser.selectors.state === 'read') {
      const before = loser.selectors.value;
      return { chosen: { loser, keeper, before, after: fromEvaluator(edit.selectors) }, hindrances };
    }
  }
  return { hindrances };
}

/** What hangs on the management events of this trail, half a sentence. */
function hindranceOf(snapshot: PoorerSnapshot, { trail }: CoveringTrail): string | undefined {
  if (trail.IsOrganizationTrail) return 'other accounts of the organization are recorded by it';
  if (trail.HasInsightSelectors) return 'its Insights are found in them';
  if (trail.CloudWatchLogsLogGroupArn === undefined) return undefined;
  const arn = trail.CloudWatchLogsLogGroupArn.replace(/:\*$/, '');
  const filters = partOf(snapshot['logGroup.filters'], arn);
  if (filters.state === 'absent') return undefined;
  const alarms = partOf(snapshot.alarms, `${accountOf(arn)}/${regionOf(arn)}`);
  if (filters.state !== 'read' || (alarms.state !== 'read' && alarms.state !== 'absent')) {
    return 'whether its log group feeds an alarm could not be read';
  }
  const fed = Object.values(filters.value).flatMap((filter) =>
    alarms.state === 'read' ? alarmsOn(alarms.value, filter) : [],
  );
  return fed[0] === undefined ? undefined : `its log group feeds the alarm ${fed[0].AlarmName}`;
}

/** Is nothing lost when the other trail no longer records management events? */
function replaces(snapshot: PoorerSnapshot, keeper: CoveringTrail, loser: CoveringTrail): boolean {
  const { trail, status } = keeper;
  const { LogFileValidationEnabled, KmsKeyId = '' } = loser.trail;
  if (!trail.IsMultiRegionTrail || !recordsAllManagement(recorded(selectorsOf(keeper)))) return false;
  if (LogFileValidationEnabled && !trail.LogFileValidationEnabled) return false;
  if (KmsKeyId !== '' && (trail.KmsKeyId ?? '') === '') return false;
  if (!recordsAsMuch(keeper, loser) || status.state !== 'read') return false;
  const { regions } = sampledStatus(snapshot, trail, status, true);
  if (regions.some(({ status: { LatestDeliveryError = '' } }) => LatestDeliveryError !== '')) return false;
  const { LatestDeliveryTime: time } = status.value;
  return time !== undefined && Date.parse(snapshot.takenAt) - Date.parse(time) <= MAX_AGE_HOURS * HOUR_MS;
}

function byRichness(a: CoveringTrail, b: CoveringTrail): number {
  return richness(a) - richness(b) || a.trail.TrailARN.localeCompare(b.trail.TrailARN);
}

function richness({ trail }: CoveringTrail): number {
  return [
    trail.IsMultiRegionTrail,
    trail.LogFileValidationEnabled,
    (trail.KmsKeyId ?? '') !== '',
    trail.CloudWatchLogsLogGroupArn !== undefined,
  ].filter(Boolean).length;
}
