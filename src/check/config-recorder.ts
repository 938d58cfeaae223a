import { z } from 'zod';
import type { ConfigDeliveryChannel, ConfigRecorder, Part, Snapshot, Unreadable } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { CLOSED_NEEDS, isClosedRegion } from './closed-regions.ts';

export const RECORDER_NEEDS = [
  ...CLOSED_NEEDS,
  'account.regions',
  'config.deliveryChannel',
  'config.recorder',
] as const;

export type RecorderSnapshot = Pick<Snapshot, (typeof RECORDER_NEEDS)[number] | 'partition'>;

/** What is to be mended about the recorder of a region, and how far that is a matter of calls. */
export interface Fault {
  kind: 'missing' | 'stopped' | 'partial' | 'channel' | 'delivery';
  /** Finishes a sentence that begins with the region. */
  text: string;
  /** No call on recorder or channel mends it, or a landing zone would put it back. */
  byHand: boolean;
}

/** The recorder of one region. `skipped` says why a region is not judged. */
export type RegionState =
  | { state: 'judged'; faults: Fault[]; global: boolean; recorder?: ConfigRecorder; channel?: ConfigDeliveryChannel }
  | { state: 'skipped'; note: string }
  | { state: 'unknown'; part: Unreadable };

export type Judged = Extract<RegionState, { state: 'judged' }>;

/** Recorders of every region asked for, by region. */
export function recorderStates(
  snapshot: RecorderSnapshot,
  account: string,
  regions: readonly string[],
  allowedExclusions: readonly string[],
): { region: string; is: RegionState }[] {
  return regions.map((region) => ({ region, is: stateIn(snapshot, account, region, allowedExclusions) }));
}

function stateIn(
  snapshot: RecorderSnapshot,
  account: string,
  region: string,
  allowedExclusions: readonly string[],
): RegionState {
  const place = `${account}/${region}`;
  if (isClosedRegion(snapshot, account, region, snapshot['config.recorder'])) {
    return { state: 'skipped', note: `${region} is closed by a service control policy.` };
  }
  const recorder = partOf(snapshot['config.recorder'], place);
  const channel = partOf(snapshot['config.deliveryChannel'], place);
  if (recorder.state === 'unsupported') return { state: 'skipped', note: `AWS Config is not offered in ${region}.` };
  if (isUnreadable(recorder)) return { state: 'unknown', part: recorder };
  if (recorder.state !== 'read' || recorder.value.servicePrincipal !== undefined) {
    const text = recorder.state === 'read' ? 'has a recorder of an AWS service only' : 'has no recorder';
    const there = channel.state === 'read' ? { channel: channel.value } : {};
    return { state: 'judged', faults: [{ kind: 'missing', text, byHand: false }], global: false, ...there };
  }
  if (isUnreadable(channel)) return { state: 'unknown', part: channel };
  return {
    state: 'judged',
    recorder: recorder.value,
    ...(channel.state === 'read' ? { channel: channel.value } : {}),
    ...judge(recorder.value, channel.state === 'read', allowedExclusions),
  };
}

function isUnreadable(part: Part<unknown>): part is Unreadable {
  return part.state !== 'read' && part.state !== 'absent';
}

const recordingGroup = z.object({
  allSupported: z.boolean().default(false),
  includeGlobalResourceTypes: z.boolean().default(false),
  exclusionByResourceTypes: z.object({ resourceTypes: z.array(z.string()).default([]) }).optional(),
  recordingStrategy: z.object({ useOnly: z.string().optional() }).optional(),
});

/** The types that AWS Config calls global; the other ones of services without regions are recorded where they live. */
const GLOBAL_TYPES = ['AWS::IAM::User', 'AWS::IAM::Group', 'AWS::IAM::Role', 'AWS::IAM::Policy'];

function judge(
  { recording, recordingGroup: raw, lastStatus, lastErrorCode, name }: ConfigRecorder,
  hasChannel: boolean,
  allowedExclusions: readonly string[],
): { faults: Fault[]; global: boolean } {
  const group = recordingGroup.parse(raw);
  const excluded = group.exclusionByResourceTypes?.resourceTypes ?? [];
  const excluding = group.recordingStrategy?.useOnly === 'EXCLUSION_BY_RESOURCE_TYPES';
  const complete = group.allSupported || (excluding && excluded.every((type) => allowedExclusions.includes(type)));
  // An exclusion list takes in the global types unless it names them; the flag is for recorders of everything.
  const global = excluding ? !GLOBAL_TYPES.some((type) => excluded.includes(type)) : group.includeGlobalResourceTypes;
  const byHand = ofLandingZone(name);
  const outside = excluded.filter((type) => !allowedExclusions.includes(type));
  const selection = excluding ? `leaves out ${outside.join(', ')}` : 'records some resource types only';
  const fault = (kind: Fault['kind'], text: string, hands = byHand): Fault => ({ kind, text, byHand: hands });
  const faults = [
    ...(recording ? [] : [fault('stopped', 'has a recorder that is stopped')]),
    ...(complete ? [] : [fault('partial', selection)]),
    ...(hasChannel ? [] : [fault('channel', 'has no delivery channel')]),
    // What stands in the way is the bucket, the key or the role: no call on the recorder mends it.
    ...(lastStatus?.toUpperCase() === 'FAILURE'
      ? [fault('delivery', `fails to deliver${lastErrorCode === undefined ? '' : ` (${lastErrorCode})`}`, true)]
      : []),
  ];
  return { faults, global: global && recording };
}

/** Control Tower and the Landing Zone Accelerator put their recorders back as they were. */
export function ofLandingZone(name: string): boolean {
  return /^aws-controltower-|AWSControlTower|^aws-accelerator-/i.test(name);
}
