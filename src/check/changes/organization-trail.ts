import type { Part, Snapshot, Trail } from '../../snapshot/types.ts';
import { partOf } from '../check.ts';
import { bucketDeliveryStatements } from '../evaluators/policy/statements.ts';
import type { Change } from '../plan.ts';
import { addToBucketPolicy } from './put-policy.ts';
import { startLogging } from './start-logging.ts';
import { updateTrail } from './update-trail.ts';

const PRINCIPAL = 'cloudtrail.amazonaws.com';

/**
 * Makes a trail of the management account the organization's: trusted access, the service-linked role and the bucket
 * policy come first, because UpdateTrail is refused without them. Trusted access is never taken back: that would break
 * every organization trail.
 */
export function convertToOrganizationTrail(
  snapshot: Pick<Snapshot, 'partition' | 'organization' | 'organization.serviceAccess' | 'bucket' | 'bucket.policy'>,
  account: string,
  trail: Trail,
  status: Part<{ IsLogging: boolean }>,
): { changes: Change[] } | { problem: string } {
  const { partition } = snapshot;
  const organization = partOf(snapshot.organization, 'organization');
  const bucket = partOf(snapshot.bucket, trail.S3BucketName);
  if (organization.state !== 'read') return { problem: 'The organization could not be read.' };
  if (bucket.state !== 'read' || bucket.value.owner === undefined) return { problem: 'The bucket is out of reach.' };
  const { Id } = organization.value;
  const edit = addToBucketPolicy(
    { ...bucket.value, owner: bucket.value.owner },
    partition,
    partOf(snapshot['bucket.policy'], trail.S3BucketName),
    bucketDeliveryStatements({
      partition,
      bucket: trail.S3BucketName,
      prefix: trail.S3KeyPrefix,
      trailArn: trail.TrailARN,
      accountId: account,
      organizationId: Id,
    }),
    { summary: 'Let the trail deliver for the whole organization.', undo: 'Put the saved bucket policy back.' },
  );
  if ('problem' in edit) return edit;
  const access = partOf(snapshot['organization.serviceAccess'], 'organization');
  const trusted = access.state === 'read' && access.value[PRINCIPAL] === true;
  const members = {
    ...(trail.IsOrganizationTrail ? {} : { IsOrganizationTrail: true }),
    ...(trail.IsMultiRegionTrail ? {} : { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true }),
  };
  return {
    changes: [
      ...(trusted ? [] : [enableTrustedAccess(partition, account, Id)]),
      ...(edit.change === undefined ? [] : [edit.change]),
      ...(Object.keys(members).length === 0
        ? []
        : [
            updateTrail(trail, members, {
              summary: `Make ${trail.Name} record every account and region of the organization.`,
              undo: `Limit ${trail.Name} to what it recorded before.`,
            }),
          ]),
      ...(status.state === 'read' && !status.value.IsLogging ? [startLogging(trail)] : []),
    ],
  };
}

function enableTrustedAccess(partition: string, account: string, organization: string): Change {
  return {
    account,
    region: '',
    operation: 'organizations:EnableAWSServiceAccess',
    resource: `arn:${partition}:organizations::${account}:organization/${organization}`,
    input: { ServicePrincipal: PRINCIPAL },
    summary: 'Trust CloudTrail in the organization.',
    target: 'organization.serviceAccess:organization',
    expect: { [PRINCIPAL]: null },
    result: { [PRINCIPAL]: true },
  };
}
