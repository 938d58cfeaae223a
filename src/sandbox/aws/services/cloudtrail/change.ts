/** Everything else that changes a trail: logging, selectors, insights, tags, deletion. */
import { accountOf } from '../../arn.ts';
import { recordsIn, stringIn, stringsIn } from '../../input.ts';
import { regionOf } from '../../region.ts';
import { AwsError, type Input, type Operation, type Output, type RequestContext, type Trail } from '../../types.ts';
import { jsonOf } from '../members.ts';
import { storeOf } from './event-data-stores.ts';
import { arnAsked, trailToChange } from './find.ts';
import { WRITE } from './quotas.ts';
import { tagsAsked } from './read.ts';
import { recordsManagementWrites, selectorsIn, selectorsOf } from './selectors.ts';

const MAX_TAGS = 50;

export const startLogging = changing('StartLogging', 'Name', ({ estate }, trail) => {
  if (!trail.logging) trail.startedAt = estate.now();
  trail.logging = true;
  return {};
});

export const stopLogging = changing('StopLogging', 'Name', ({ estate }, trail) => {
  if (trail.logging) trail.stoppedAt = estate.now();
  trail.logging = false;
  return {};
});

export const deleteTrail = changing('DeleteTrail', 'Name', ({ estate }, trail) => {
  const owner = estate.accounts.get(accountOf(trail.arn));
  if (owner) {
    const { trails } = regionOf(owner, trail.homeRegion);
    for (const [key, candidate] of trails) if (candidate === trail) trails.delete(key);
  }
  return {};
});

export const putEventSelectors = changing('PutEventSelectors', 'TrailName', (_context, trail, input) => {
  Object.assign(trail, selectorsIn(input));
  return { TrailARN: trail.arn, ...selectorsOf(trail) };
});

export const putInsightSelectors = changing('PutInsightSelectors', 'TrailName', (_context, trail, input) => {
  const selectors = recordsIn(input, 'InsightSelectors');
  const invalid = (why: string) => new AwsError('InvalidInsightSelectorsException', why);
  for (const selector of selectors) {
    const type = stringIn(selector, 'InsightType') ?? '';
    if (!['ApiCallRateInsight', 'ApiErrorRateInsight'].includes(type))
      throw invalid(`InsightType ${type} is not valid.`);
    const categories = stringsIn(selector, 'EventCategories');
    if (!categories.every((category) => ['Management', 'Data'].includes(category))) {
      throw invalid(`EventCategories ${categories.join(', ')} is not valid.`);
    }
    const ofManagement = categories.length === 0 || categories.includes('Management');
    if (type === 'ApiCallRateInsight' && ofManagement && !recordsManagementWrites(trail)) {
      throw invalid('The API call rate insight needs a trail that records write management events.');
    }
  }
  trail.insightSelectors = selectors.map(jsonOf);
  return { TrailARN: trail.arn, InsightSelectors: trail.insightSelectors };
});

export const addTags = tagging('AddTags', (tagged, input) => {
  const tags = { ...tagged.tags, ...tagsAsked(input) };
  if (Object.keys(tags).length > MAX_TAGS)
    throw new AwsError('TagsLimitExceededException', `At most ${MAX_TAGS} tags.`);
  if (Object.keys(tags).some((key) => key === '' || key.length > 128)) {
    throw new AwsError('InvalidTagParameterException', 'A tag key has 1 to 128 characters.');
  }
  tagged.tags = tags;
});

export const removeTags = tagging('RemoveTags', (tagged, input) => {
  const removed = Object.keys(tagsAsked(input));
  tagged.tags = Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !removed.includes(key)));
});

/** Tags of a trail or of an event data store. */
function tagging(name: string, change: (tagged: Pick<Trail, 'tags'>, input: Input) => void): Operation {
  const ofTrail = changing(name, 'ResourceId', (_context, trail, input) => {
    change(trail, input);
    return {};
  });
  return {
    ...ofTrail,
    handle(context, input) {
      const id = stringIn(input, 'ResourceId') ?? '';
      if (!id.includes(':eventdatastore/')) return ofTrail.handle(context, input);
      change(storeOf(context, id), input);
      return {};
    },
  };
}

function changing(
  name: string,
  member: string,
  change: (context: RequestContext, trail: Trail, input: Input) => Output,
): Operation {
  return {
    quota: WRITE,
    permissions: (context, input) => [
      { action: `cloudtrail:${name}`, resource: arnAsked(context, stringIn(input, member) ?? '') },
    ],
    handle: (context, input) => change(context, trailToChange(context, input, member), input),
  };
}
