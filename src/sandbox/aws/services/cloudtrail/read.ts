/** Reading trails: ListTrails, DescribeTrails, GetTrail, GetEventSelectors, GetInsightSelectors, ListTags. */
import { recordsIn, stringIn, stringsIn, tagList } from '../../input.ts';
import { pageOf } from '../../paging.ts';
import { AwsError, type Input, type Operation, type Output, type RequestContext, type Trail } from '../../types.ts';
import { flagIn } from '../members.ts';
import { storeOf } from './event-data-stores.ts';
import { arnAsked, trailsIn, trailsSeenBy, trailToRead } from './find.ts';
import { READ } from './quotas.ts';
import { selectorsOf } from './selectors.ts';

const TRAILS_PER_PAGE = 25;

export const listTrails: Operation = {
  quota: READ,
  permissions: () => [{ action: 'cloudtrail:ListTrails', resource: '*' }],
  handle({ estate, account }, input) {
    const trails = trailsSeenBy(estate, account).filter(
      (trail) => trail.multiRegion || account.enabledRegions.includes(trail.homeRegion),
    );
    const invalid = new AwsError('InvalidTokenException', 'The NextToken is not valid.');
    const { items, next } = pageOf(trails, input.NextToken, TRAILS_PER_PAGE, invalid);
    const Trails = items.map((trail) => ({ TrailARN: trail.arn, Name: trail.name, HomeRegion: trail.homeRegion }));
    return { Trails, NextToken: next };
  },
};

export const describeTrails: Operation = {
  quota: READ,
  permissions: () => [{ action: 'cloudtrail:DescribeTrails', resource: '*' }],
  handle(context, input) {
    const { estate, account, region } = context;
    const names = stringsIn(input, 'trailNameList');
    const shadows = flagIn(input, 'includeShadowTrails') ?? true;
    const isHome = (trail: Trail) => trail.homeRegion === region && trail.arn.split(':')[4] === account.id;
    const trails = trailsIn(estate, account, region)
      .filter((trail) => shadows || isHome(trail))
      // A name means a trail of this region and account; what lives elsewhere goes by its ARN.
      .filter(
        (trail) => names.length === 0 || names.includes(trail.arn) || (names.includes(trail.name) && isHome(trail)),
      );
    return { trailList: trails.map(described) };
  },
};

export const getTrail = reading('GetTrail', 'Name', (_context, trail) => ({ Trail: described(trail) }));

export const getEventSelectors = reading('GetEventSelectors', 'TrailName', (_context, trail) => ({
  TrailARN: trail.arn,
  ...selectorsOf(trail),
}));

export const getInsightSelectors = reading('GetInsightSelectors', 'TrailName', (_context, trail) => {
  if (trail.insightSelectors.length === 0) {
    throw new AwsError(
      'InsightNotEnabledException',
      `Trail ${trail.arn} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again.`,
    );
  }
  return { TrailARN: trail.arn, InsightSelectors: trail.insightSelectors };
});

export const listTags: Operation = {
  quota: READ,
  permissions: (_context, input) =>
    stringsIn(input, 'ResourceIdList').map((resource) => ({ action: 'cloudtrail:ListTags', resource })),
  handle(context, input) {
    const ids = stringsIn(input, 'ResourceIdList');
    if (ids.length > 20) throw new AwsError('InvalidParameterException', 'At most 20 resources can be asked for.');
    const ResourceTagList = ids.map((id) => ({
      ResourceId: id,
      TagsList: tagList(
        id.includes(':eventdatastore/') ? storeOf(context, id).tags : trailToRead(context, { id }, 'id').tags,
      ),
    }));
    return { ResourceTagList };
  },
};

/** The simulator signs no digests yet that a key would belong to. */
export const listPublicKeys: Operation = {
  quota: READ,
  permissions: () => [{ action: 'cloudtrail:ListPublicKeys', resource: '*' }],
  handle: () => ({ PublicKeyList: [] }),
};

/** A read of one trail, named by `member`. */
export function reading(
  name: string,
  member: string,
  answer: (context: RequestContext, trail: Trail) => Output,
): Operation {
  return {
    quota: READ,
    permissions: (context, input) => [
      { action: `cloudtrail:${name}`, resource: arnAsked(context, stringIn(input, member) ?? '') },
    ],
    handle: (context, input) => answer(context, trailToRead(context, input, member)),
  };
}

export function described(trail: Trail): Output {
  return {
    ...settingsOf(trail),
    HomeRegion: trail.homeRegion,
    HasCustomEventSelectors: trail.eventSelectors !== undefined || trail.advancedEventSelectors !== undefined,
    HasInsightSelectors: trail.insightSelectors.length > 0,
  };
}

/** What CreateTrail and UpdateTrail answer with, too. */
export function settingsOf(trail: Trail): Output {
  return {
    Name: trail.name,
    S3BucketName: trail.bucket,
    S3KeyPrefix: trail.prefix,
    SnsTopicName: trail.topicArn?.split(':').at(-1),
    SnsTopicARN: trail.topicArn,
    IncludeGlobalServiceEvents: trail.globalEvents,
    IsMultiRegionTrail: trail.multiRegion,
    TrailARN: trail.arn,
    LogFileValidationEnabled: trail.validation,
    CloudWatchLogsLogGroupArn: trail.logGroupArn,
    CloudWatchLogsRoleArn: trail.logRoleArn,
    KmsKeyId: trail.kmsKeyId,
    IsOrganizationTrail: trail.organization,
  };
}

export function tagsAsked(input: Input): Record<string, string> {
  return Object.fromEntries(recordsIn(input, 'TagsList').map((tag) => [String(tag.Key), String(tag.Value ?? '')]));
}
