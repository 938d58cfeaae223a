import type { DescribeTrailsCommandOutput, GetTrailStatusCommandOutput } from '@aws-sdk/client-cloudtrail';
import type { InputOf, OutputOf } from '../aws/operations/table.ts';
import { accountIn, placeOf, regionIn } from './arn.ts';
import { batched } from './batch.ts';
import { readTags } from './cloudtrail-tags.ts';
import { isoTime, toJsonObjects } from './json.ts';
import { absent, chainPart, mapPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import type { Place, Reading } from './reading.ts';
import type { Part, Parts, Trail, TrailSelectors, TrailStatus } from './types.ts';

/** DescribeTrails takes any number of names; the answer is not paged. */
const TRAILS_PER_CALL = 50;
/**
 * One question about a trail, asked of its owner. Where that account cannot be entered, the account that speaks for the
 * organization is asked: told the ARN, a delegated administrator of CloudTrail is answered as the owner is.
 */
async function askOwner<
  Name extends 'cloudtrail:GetTrailStatus' | 'cloudtrail:GetEventSelectors' | 'cloudtrail:DescribeTrails',
>(reading: Reading, operation: Name, place: Place, input: InputOf<Name>): Promise<Part<OutputOf<Name>>> {
  const answer = await reading.ask(operation, place, input);
  const account = reading.around.organizationAccount;
  if (answer.state !== 'unreachable' || account === undefined || account === place.account) return answer;
  const other = await reading.ask(operation, { ...place, account }, input);
  return other.state === 'read' ? other : answer;
}

/**
 * A trail, asked of its owner in its home region: only there every member is told. Trails of one owner and region that
 * are asked for together are one call.
 */
function readTrail(reading: Reading, arn: string): Promise<Part<Trail>> {
  const place = placeOf(arn);
  const describe = reading.once(`trails of ${place.account}/${place.region}`, () =>
    batched<Part<Trail>>(async (arns) => {
      const answer = await askOwner(reading, 'cloudtrail:DescribeTrails', place, {
        trailNameList: arns,
        // To anybody but the owner an organization trail is a shadow.
        includeShadowTrails: true,
      });
      return arns.map((one) =>
        chainPart(answer, ({ trailList = [] }) => {
          const found = trailList.find(({ TrailARN }) => TrailARN === one);
          return found === undefined ? absent('TrailNotFoundException') : read(trailFrom(found, one));
        }),
      );
    }, TRAILS_PER_CALL),
  );
  return describe(arn);
}

type DescribedTrail = NonNullable<DescribeTrailsCommandOutput['trailList']>[number];

function trailFrom(trail: DescribedTrail, arn: string): Trail {
  return {
    TrailARN: arn,
    Name: trail.Name ?? '',
    HomeRegion: trail.HomeRegion ?? regionIn(arn),
    S3BucketName: trail.S3BucketName ?? '',
    ...(trail.S3KeyPrefix ? { S3KeyPrefix: trail.S3KeyPrefix } : {}),
    ...(trail.SnsTopicARN ? { SnsTopicARN: trail.SnsTopicARN } : {}),
    IncludeGlobalServiceEvents: trail.IncludeGlobalServiceEvents ?? false,
    IsMultiRegionTrail: trail.IsMultiRegionTrail ?? false,
    IsOrganizationTrail: trail.IsOrganizationTrail ?? false,
    LogFileValidationEnabled: trail.LogFileValidationEnabled ?? false,
    ...(trail.KmsKeyId ? { KmsKeyId: trail.KmsKeyId } : {}),
    ...(trail.CloudWatchLogsLogGroupArn ? { CloudWatchLogsLogGroupArn: trail.CloudWatchLogsLogGroupArn } : {}),
    ...(trail.CloudWatchLogsRoleArn ? { CloudWatchLogsRoleArn: trail.CloudWatchLogsRoleArn } : {}),
    HasInsightSelectors: trail.HasInsightSelectors ?? false,
    owner: accountIn(arn),
  };
}

/** Status of a trail in one region. By ARN: by name a trail is known in its home region only. */
async function readStatus(reading: Reading, arn: string, region = regionIn(arn)): Promise<Part<TrailStatus>> {
  const place = { account: accountIn(arn), region };
  return mapPart(await askOwner(reading, 'cloudtrail:GetTrailStatus', place, { Name: arn }), statusFrom);
}

function statusFrom(status: GetTrailStatusCommandOutput): TrailStatus {
  const texts = {
    LatestDeliveryError: status.LatestDeliveryError,
    LatestDigestDeliveryError: status.LatestDigestDeliveryError,
    LatestCloudWatchLogsDeliveryError: status.LatestCloudWatchLogsDeliveryError,
    LatestNotificationError: status.LatestNotificationError,
  };
  const times = {
    LatestDeliveryTime: status.LatestDeliveryTime,
    LatestDigestDeliveryTime: status.LatestDigestDeliveryTime,
    LatestCloudWatchLogsDeliveryTime: status.LatestCloudWatchLogsDeliveryTime,
    LatestNotificationTime: status.LatestNotificationTime,
    StartLoggingTime: status.StartLoggingTime,
    StopLoggingTime: status.StopLoggingTime,
  };
  return {
    IsLogging: status.IsLogging ?? false,
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text)),
    ...Object.fromEntries(
      Object.entries(times).flatMap(([name, time]) => (time === undefined ? [] : [[name, isoTime(time)]])),
    ),
  };
}

/** Delivery differs by region, so a multi-region trail is sampled in every other region its owner has enabled. */
async function readRegionalStatus(reading: Reading, arn: string): Promise<Parts<TrailStatus>> {
  const [trail, regions] = await Promise.all([
    reading.part('trail', arn),
    reading.part('account.regions', accountIn(arn)),
  ]);
  if (trail.state !== 'read' || !trail.value.IsMultiRegionTrail || regions.state !== 'read') return {};
  const others = regions.value.filter((region) => region !== trail.value.HomeRegion);
  const statuses = await Promise.all(
    others.map(async (region) => [region, await readStatus(reading, arn, region)] as const),
  );
  return Object.fromEntries(statuses);
}

async function readSelectors(reading: Reading, arn: string): Promise<Part<TrailSelectors>> {
  const answer = await askOwner(reading, 'cloudtrail:GetEventSelectors', placeOf(arn), { TrailName: arn });
  return mapPart(answer, ({ EventSelectors = [], AdvancedEventSelectors = [] }) => {
    if (AdvancedEventSelectors.length > 0) return { AdvancedEventSelectors: toJsonObjects(AdvancedEventSelectors) };
    return EventSelectors.length > 0 ? { EventSelectors: toJsonObjects(EventSelectors) } : {};
  });
}

export const trailParts: PartReaders<
  'trail' | 'trail.status' | 'trail.regionalStatus' | 'trail.selectors' | 'trail.tags'
> = {
  trail: { key: 'trail ARN', operations: ['cloudtrail:DescribeTrails'], needs: [], read: readTrail },
  'trail.status': {
    key: 'trail ARN',
    operations: ['cloudtrail:GetTrailStatus'],
    needs: [],
    read: (reading, arn) => readStatus(reading, arn),
  },
  'trail.regionalStatus': {
    key: 'trail ARN',
    operations: ['cloudtrail:GetTrailStatus'],
    needs: ['trail', 'account.regions'],
    read: readRegionalStatus,
  },
  'trail.selectors': {
    key: 'trail ARN',
    operations: ['cloudtrail:GetEventSelectors'],
    needs: [],
    read: readSelectors,
  },
  'trail.tags': { key: 'trail ARN', operations: ['cloudtrail:ListTags'], needs: [], read: readTags },
};
