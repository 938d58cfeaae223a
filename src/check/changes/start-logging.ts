import type { Trail } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';

/** cloudtrail:StartLogging by ARN in the home region. There is no way back: stopping a trail is not what this bot does. */
export function startLogging(trail: Pick<Trail, 'TrailARN' | 'Name' | 'HomeRegion' | 'owner'>): Change {
  return {
    account: trail.owner,
    region: trail.HomeRegion,
    operation: 'cloudtrail:StartLogging',
    resource: trail.TrailARN,
    input: { Name: trail.TrailARN },
    summary: `Start logging on ${trail.Name}.`,
    target: `trail.status:${trail.TrailARN}`,
    expect: { IsLogging: false },
    result: { IsLogging: true },
  };
}
