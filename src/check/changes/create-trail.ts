import type { Trail } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';

export type NewTrail = Pick<Trail, 'TrailARN' | 'Name' | 'HomeRegion' | 'owner' | 'S3BucketName'>;

/**
 * cloudtrail:CreateTrail for every region with validation on. The API starts no logging by itself: a plan that creates
 * a trail starts it too. Deleting it again is never automatic.
 */
export function createTrail(trail: NewTrail, { organization = false }: { organization?: boolean } = {}): Change {
  const call = { account: trail.owner, region: trail.HomeRegion, resource: trail.TrailARN };
  const members = {
    IsMultiRegionTrail: true,
    IncludeGlobalServiceEvents: true,
    ...(organization ? { IsOrganizationTrail: true } : {}),
  };
  return {
    ...call,
    operation: 'cloudtrail:CreateTrail',
    input: { Name: trail.Name, S3BucketName: trail.S3BucketName, ...members, EnableLogFileValidation: true },
    summary: `Create the trail ${trail.Name} for every region, with log file validation.`,
    target: `trail:${trail.TrailARN}`,
    expect: null,
    result: { S3BucketName: trail.S3BucketName, ...members, LogFileValidationEnabled: true },
    undo: {
      ...call,
      operation: 'cloudtrail:DeleteTrail',
      input: { Name: trail.TrailARN },
      summary: `Delete the trail ${trail.Name}; the bucket and every delivered file stay.`,
      automatic: false,
    },
  };
}
