import type { Change } from '../check/plan.ts';
import { splitPartKey } from '../check/state.ts';
import { resourceOf, type Subject } from '../check/subject.ts';
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
    const owner = ownerOf(resource, target, snapshot, managedBy);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

function ownerOf(
  resource: string,
  target: Change['target'],
  snapshot: Snapshot,
  managedBy: Config['managedBy'],
): string | undefined {
  const landingZone = LANDING_ZONE_NAMES.find(({ pattern }) => pattern.test(resource));
  if (landingZone !== undefined) return `${resource} belongs to ${landingZone.owner}`;
  const tags = tagsOf(target, snapshot);
  const stack = tags['aws:cloudformation:stack-name'];
  if (stack !== undefined) return `${resource} belongs to the CloudFormation stack ${stack}`;
  return managedBy.some((selector) => fits(selector, resource, tags))
    ? `${resource} is managed by other means, says the configuration`
    : undefined;
}

/** As `ownedElsewhere`, of what a finding is about: people who mend by hand should know, too. */
export function subjectOwnedElsewhere(
  subject: Subject,
  snapshot: Snapshot,
  managedBy: Config['managedBy'],
): string | undefined {
  const target = targetOf(subject);
  return target === undefined
    ? undefined
    : ownerOf(resourceOf(subject, snapshot.partition), target, snapshot, managedBy);
}

function targetOf(subject: Subject): Change['target'] | undefined {
  switch (subject.kind) {
    case 'trail':
      return `trail:${subject.arn}`;
    case 'bucket':
      return `bucket:${subject.name}`;
    case 'key':
      return `key:${subject.reference}`;
    case 'log-group':
      return `logGroup:${subject.arn}`;
    case 'topic':
      return `topic:${subject.arn}`;
    case 'event-data-store':
      return subject.arn === undefined ? undefined : `eventDataStore:${subject.arn}`;
    case 'account':
    case 'organization':
      return undefined;
  }
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
      return readValue(snapshot['bucket.tags'][key]) ?? {};
    case 'trail':
      return readValue(snapshot['trail.tags'][key]) ?? {};
    case 'key':
      return readValue(snapshot['key.tags'][key]) ?? {};
    case 'logGroup':
      return readValue(snapshot['logGroup.tags'][key]) ?? {};
    case 'topic':
      return readValue(snapshot['topic.tags'][key]) ?? {};
    case 'eventDataStore':
      return readValue(snapshot.eventDataStore[key])?.tags ?? {};
    case 'iam':
      return readValue(snapshot['iam.role'][key])?.tags ?? {};
    default:
      return {};
  }
}

function readValue<T>(part: Part<T> | undefined): T | undefined {
  return part?.state === 'read' ? part.value : undefined;
}
