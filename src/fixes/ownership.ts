import type { Change } from '../check/plan.ts';
import { splitPartKey } from '../check/state.ts';
import type { Config } from '../config/config.ts';
import { matchesGlob } from '../config/glob.ts';
import type { Snapshot } from '../snapshot/types.ts';

const LANDING_ZONE_NAMES = [
  { pattern: /(^|[:/])aws-controltower-/i, owner: 'AWS Control Tower' },
  { pattern: /AWSControlTower/i, owner: 'AWS Control Tower' },
  { pattern: /(^|[:/])aws-accelerator-/i, owner: 'the Landing Zone Accelerator' },
];

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
    const stack = tagsOf(target, snapshot)['aws:cloudformation:stack-name'];
    if (stack !== undefined) return `${resource} belongs to the CloudFormation stack ${stack}`;
    if (managedBy.some((selector) => fits(selector, resource, tagsOf(target, snapshot)))) {
      return `${resource} is managed by other means, says the configuration`;
    }
  }
  return undefined;
}

/** Everything a selector names must fit: one of its names, and each of its tags. */
function fits({ name, tag }: Config['managedBy'][number], resource: string, tags: { [key: string]: string }): boolean {
  const short = resource.split(/[:/]/).at(-1) ?? resource;
  const named = name === undefined || name.some((glob) => matchesGlob(short, glob) || matchesGlob(resource, glob));
  const tagged = Object.entries(tag ?? {}).every(([key, globs]) => {
    const value = tags[key];
    return value !== undefined && globs.some((glob) => matchesGlob(value, glob));
  });
  return named && tagged;
}

function tagsOf(target: Change['target'], snapshot: Snapshot): { [key: string]: string } {
  const { name, key } = splitPartKey(target);
  const part = name.startsWith('bucket')
    ? snapshot['bucket.tags'][key]
    : name.startsWith('trail')
      ? snapshot['trail.tags'][key]
      : undefined;
  return part?.state === 'read' ? part.value : {};
}
