import type { Change } from '../check/plan.ts';
import { splitPartKey } from '../check/state.ts';
import type { Config } from '../config/config.ts';
import { matchesGlob } from '../config/glob.ts';
import type { Part, Snapshot } from '../snapshot/types.ts';

/** The accelerator names its roles and its trail by a prefix of its own, everything else in lower case. */
const LANDING_ZONE_NAMES = [
  { pattern: /(^|[:/])aws-controltower[-/]/i, owner: 'AWS Control Tower' },
  { pattern: /AWSControlTower/i, owner: 'AWS Control Tower' },
  { pattern: /(^|[:/])(aws-accelerator-|AWSAccelerator-)/i, owner: 'the Landing Zone Accelerator' },
];

type Tags = { [key: string]: string };

/**
 * Who else owns one of the resources a plan touches, as a sentence; undefined when nobody does as far as names, tags
 * and configuration tell (decision 7). Such a change is offered as text instead of a button.
 */
export function ownedElsewhere(
  changes: readonly Change[],
  snapshot: Snapshot,
  managedBy: Config['managedBy'],
): string | undefined {
  for (const { resource, target } of changes) {
    const landingZone = LANDING_ZONE_NAMES.find(({ pattern }) => pattern.test(resource));
    if (landingZone !== undefined) return `${resource} belongs to ${landingZone.owner}`;
    const tags = tagsOf(target, snapshot);
    const stack = tags['aws:cloudformation:stack-name'];
    if (stack !== undefined) return `${resource} belongs to the CloudFormation stack ${stack}`;
    if (managedBy.some((selector) => fits(selector, resource, tags))) {
      return `${resource} is managed by other means, says the configuration`;
    }
  }
  return undefined;
}

/** Everything a selector names must fit: one of its names, and each of its tags. */
function fits({ name, tag }: Config['managedBy'][number], resource: string, tags: Tags): boolean {
  const short = resource.split(/[:/]/).at(-1) ?? resource;
  const named = name === undefined || name.some((glob) => matchesGlob(short, glob) || matchesGlob(resource, glob));
  const tagged = Object.entries(tag ?? {}).every(([key, globs]) => {
    const value = tags[key];
    return value !== undefined && globs.some((glob) => matchesGlob(value, glob));
  });
  return named && tagged;
}

/** The tags of what a part belongs to: `bucket.policy:logs` is changed with the bucket. */
function tagsOf(target: Change['target'], snapshot: Snapshot): Tags {
  const { name, key } = splitPartKey(target);
  switch (name.split('.')[0]) {
    case 'bucket':
      return valueOf(snapshot['bucket.tags'][key]) ?? {};
    case 'trail':
      return valueOf(snapshot['trail.tags'][key]) ?? {};
    case 'key':
      return valueOf(snapshot['key.tags'][key]) ?? {};
    case 'logGroup':
      return valueOf(snapshot['logGroup.tags'][key]) ?? {};
    case 'topic':
      return valueOf(snapshot['topic.tags'][key]) ?? {};
    case 'eventDataStore':
      return valueOf(snapshot.eventDataStore[key])?.tags ?? {};
    case 'iam':
      return valueOf(snapshot['iam.role'][key])?.tags ?? {};
    default:
      return {};
  }
}

function valueOf<T>(part: Part<T> | undefined): T | undefined {
  return part?.state === 'read' ? part.value : undefined;
}
