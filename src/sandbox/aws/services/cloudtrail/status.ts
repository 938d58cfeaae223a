/** GetTrailStatus: flags from the trail, delivery from the state of everything delivery depends on. */
import { deliveryProblem, digestProblem, logsProblem, notificationProblem } from '../../delivery.ts';
import type { Estate, Output, Trail } from '../../types.ts';
import { reading } from './read.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const getTrailStatus = reading('GetTrailStatus', 'Name', (context, trail) =>
  statusOf(context.estate, trail, context.region),
);

function statusOf(estate: Estate, trail: Trail, region: string): Output {
  return {
    IsLogging: trail.logging,
    StartLoggingTime: trail.startedAt,
    StopLoggingTime: trail.stoppedAt,
    // No longer in use, and still sent: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
    TimeLoggingStarted: trail.startedAt?.toISOString() ?? '',
    TimeLoggingStopped: trail.stoppedAt?.toISOString() ?? '',
    LatestDeliveryAttemptTime: '',
    LatestDeliveryAttemptSucceeded: '',
    LatestNotificationAttemptTime: '',
    LatestNotificationAttemptSucceeded: '',
    ...(trail.logging ? workingStatus(estate, trail, region) : pastStatus(trail, region)),
  };
}

function workingStatus(estate: Estate, trail: Trail, region: string): Output {
  const error = trail.deliveryErrors.get(region) ?? deliveryProblem(estate, trail, region);
  const logs = trail.logGroupArn ? logsProblem(estate, trail) : undefined;
  const topic = trail.topicArn ? notificationProblem(estate, trail) : undefined;
  const digest = trail.deliveryErrors.get(region) ?? digestProblem(estate, trail, region);
  const recent = recentDelivery(estate, trail, region);
  return {
    LatestDeliveryError: error,
    LatestDeliveryTime: error ? trail.lastDelivery.get(region) : recent,
    ...(trail.validation
      ? { LatestDigestDeliveryError: digest, LatestDigestDeliveryTime: digest ? undefined : lastDigest(estate, trail) }
      : {}),
    ...(trail.topicArn ? { LatestNotificationError: topic, LatestNotificationTime: topic ? undefined : recent } : {}),
    ...(trail.logGroupArn
      ? { LatestCloudWatchLogsDeliveryError: logs, LatestCloudWatchLogsDeliveryTime: logs ? undefined : recent }
      : {}),
  };
}

function pastStatus(trail: Trail, region: string): Output {
  return {
    LatestDeliveryTime: trail.lastDelivery.get(region) ?? (trail.homeRegion === region ? trail.stoppedAt : undefined),
    LatestDeliveryError: trail.deliveryErrors.get(region),
  };
}

/** Files arrive some five minutes after the events; regions other than the home region are taken to be quiet. */
function recentDelivery(estate: Estate, trail: Trail, region: string): Date | undefined {
  const override = trail.lastDelivery.get(region);
  if (override || region !== trail.homeRegion) return override;
  return since(trail, new Date(estate.now().getTime() - 5 * MINUTE));
}

/** Digests come every hour, whether anything happened or not. */
function lastDigest(estate: Estate, trail: Trail): Date | undefined {
  return since(trail, new Date(Math.floor(estate.now().getTime() / HOUR) * HOUR));
}

function since(trail: Trail, time: Date): Date | undefined {
  return trail.startedAt && trail.startedAt <= time ? time : undefined;
}
