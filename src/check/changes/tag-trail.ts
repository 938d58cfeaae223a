import type { Trail } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';

/**
 * cloudtrail:AddTags with keys that the trail does not have: AddTags overwrites silently, so no other key may be in it.
 * The way back takes away just these.
 */
export function tagTrail(trail: Trail, tags: { [key: string]: string }): Change {
  const keys = Object.keys(tags).sort();
  const call = { account: trail.owner, region: trail.HomeRegion, resource: trail.TrailARN };
  return {
    ...call,
    operation: 'cloudtrail:AddTags',
    input: { ResourceId: trail.TrailARN, TagsList: keys.map((Key) => ({ Key, Value: tags[Key] ?? '' })) },
    summary: `Tag ${trail.Name} with ${keys.join(', ')}.`,
    target: `trail.tags:${trail.TrailARN}`,
    expect: Object.fromEntries(keys.map((key) => [key, null])),
    result: Object.fromEntries(keys.map((key) => [key, tags[key] ?? ''])),
    undo: {
      ...call,
      operation: 'cloudtrail:RemoveTags',
      input: { ResourceId: trail.TrailARN, TagsList: keys.map((Key) => ({ Key })) },
      summary: `Take ${keys.join(', ')} away again.`,
      automatic: true,
    },
  };
}
