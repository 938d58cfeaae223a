import { placeOf } from './arn.ts';
import { batched } from './batch.ts';
import { mapPart } from './part.ts';
import type { Reading } from './reading.ts';
import type { Part } from './types.ts';

type Tags = { [key: string]: string };

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTags.html */
const TAGS_PER_CALL = 20;

/** Tags of a trail or an event data store; those of one owner and region that are asked for together are one call. */
export function readTags(reading: Reading, arn: string): Promise<Part<Tags>> {
  const place = placeOf(arn);
  const list = reading.once(`tags of ${place.account}/${place.region}`, () =>
    batched<Part<Tags>>((arns) => tagsOf(reading, arns), TAGS_PER_CALL),
  );
  return list(arn);
}

async function tagsOf(reading: Reading, arns: string[]): Promise<Part<Tags>[]> {
  const place = placeOf(arns[0] ?? '');
  const answer = await reading.askAll('cloudtrail:ListTags', place, { ResourceIdList: arns });
  // One trail that is gone or closed fails the whole call.
  if (answer.state !== 'read' && arns.length > 1) {
    return (await Promise.all(arns.map((arn) => tagsOf(reading, [arn])))).flat();
  }
  return arns.map((arn) =>
    mapPart(answer, (pages) => {
      const lists = pages.flatMap(({ ResourceTagList = [] }) => ResourceTagList);
      const tags = lists.filter(({ ResourceId }) => ResourceId === arn).flatMap(({ TagsList = [] }) => TagsList);
      return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    }),
  );
}
