import type { ConfigDeliveryChannel, Part } from '../snapshot/types.ts';
import { putChannel, putRecorder, startRecorder } from './changes/config-recorder.ts';
import { type Judged, ofLandingZone } from './config-recorder.ts';
import type { Change, ManualStep } from './plan.ts';

/** The one region that is to record global types; undefined where one does already. */
export function regionForGlobals(judged: readonly { region: string; is: Judged }[]): string | undefined {
  if (judged.some(({ is }) => is.global)) return undefined;
  const free = judged.filter(({ is: { recorder, faults } }) => {
    if (recorder === undefined) return true;
    // A list of exclusions that is allowed is not thrown away for it.
    const whole = recorder.recordingGroup.allSupported === true || faults.some(({ kind }) => kind === 'partial');
    return whole && !ofLandingZone(recorder.name);
  });
  return (free.find(({ region }) => region === 'us-east-1') ?? free[0])?.region;
}

/** The declared bucket, else where another region of the account delivers to. A topic is of its own region: left out. */
export function destinationFor(
  bucket: string,
  judged: readonly { is: Judged }[],
): Omit<ConfigDeliveryChannel, 'name'> | undefined {
  if (bucket !== '') return { s3BucketName: bucket };
  const channel = judged.flatMap(({ is }) => is.channel ?? [])[0];
  if (channel === undefined) return undefined;
  const { s3BucketName, s3KeyPrefix, s3KmsKeyArn } = channel;
  return {
    s3BucketName,
    ...(s3KeyPrefix === undefined ? {} : { s3KeyPrefix }),
    ...(s3KmsKeyArn === undefined ? {} : { s3KmsKeyArn }),
  };
}

/** What people have to do about a region. */
export function stepsFor(region: string, { faults, recorder }: Judged): ManualStep[] {
  const texts = faults.filter(({ byHand }) => byHand).map(({ text }) => text);
  if (texts.length === 0) return [];
  if (recorder !== undefined && ofLandingZone(recorder.name)) {
    const text = `${region} ${texts.join(' and ')}, and ${recorder.name} belongs to the landing zone: mend it there.`;
    return [{ text }];
  }
  return [
    {
      text: `${region} ${texts.join(' and ')}: let config.amazonaws.com write to the bucket and use its key.`,
      command: `aws configservice describe-delivery-channel-status --region ${region}`,
    },
  ];
}

export function changesFor(
  place: { partition: string; account: string; region: string },
  { recorder, channel, faults }: Judged,
  wanted: {
    before: Part<object> | undefined;
    roleARN: string;
    global: boolean;
    destination: Omit<ConfigDeliveryChannel, 'name'> | undefined;
  },
): Change[] {
  const name = recorder?.name ?? 'default';
  const partial = faults.some(({ kind }) => kind === 'partial');
  const changes: Change[] = [];
  if (recorder === undefined || partial || wanted.global) {
    const before =
      recorder === undefined ? beforeNew(wanted.before) : { name, recordingGroup: recorder.recordingGroup };
    const roleARN = recorder?.roleARN ?? wanted.roleARN;
    changes.push(putRecorder(place, { recorder, before, roleARN, global: wanted.global }));
  }
  if (channel === undefined && wanted.destination !== undefined) changes.push(putChannel(place, wanted.destination));
  if (recorder?.recording !== true) changes.push(startRecorder(place, name));
  return changes;
}

/** A recorder that an AWS service keeps stays beside the customer's. */
function beforeNew(part: Part<object> | undefined): { name: string } | null {
  return part?.state === 'read' && 'name' in part.value ? { name: String(part.value.name) } : null;
}
