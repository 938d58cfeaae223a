import type { Snapshot, Trail } from '../snapshot/types.ts';
import { serviceContext } from './evaluators/policy/contexts.ts';
import { lowerCase, matchListed } from './evaluators/policy/decide.ts';
import type { PolicyDocument, RawStatement, Statement } from './evaluators/policy/types.ts';
import { organizationIdOf } from './organization.ts';
import { askPolicy, type TrailObstacles } from './service-access.ts';

export const CLOUDTRAIL = 'cloudtrail.amazonaws.com';

export type PublishSnapshot = Pick<Snapshot, 'organization' | 'organization.accounts'>;

/** What keeps CloudTrail from publishing to a topic for these trails; trails that may are left out. */
export function publishObstacles(
  policy: PolicyDocument,
  topicArn: string,
  trails: readonly Trail[],
  snapshot: PublishSnapshot,
): TrailObstacles[] {
  return trails.flatMap((trail) => {
    const obstacle = askPolicy(
      policy,
      {
        principal: { service: CLOUDTRAIL },
        action: 'sns:Publish',
        resource: topicArn,
        context: {
          ...serviceContext({
            service: CLOUDTRAIL,
            sourceArn: trail.TrailARN,
            sourceAccount: trail.owner,
            organizationId: organizationIdOf(snapshot, trail.owner),
          }),
          // The policy that SNS gives to a new topic is for its own account; CloudTrail asks for a statement of its own.
          'aws:sourceowner': [],
        },
      },
      'publishing to the topic',
    );
    return obstacle === undefined ? [] : [{ trail: trail.TrailARN, obstacles: [obstacle] }];
  });
}

/**
 * What a topic needs so that trails can tell it of their deliveries.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
 */
export function topicPublishStatement(topicArn: string, trailArns: readonly string[]): RawStatement {
  return {
    Sid: 'AWSCloudTrailNotifications',
    Effect: 'Allow',
    Principal: { Service: CLOUDTRAIL },
    Action: 'sns:Publish',
    Resource: topicArn,
    Condition: { StringEquals: { 'aws:SourceArn': [...trailArns] } },
  };
}

/** Does an Allow statement name CloudTrail itself, for publishing? Statements for everybody are another matter. */
export function letsCloudTrailPublish({ effect, principal, action }: Statement): boolean {
  if (effect !== 'Allow' || principal === undefined || principal.not) return false;
  if (!principal.values.some(({ kind, id }) => kind === 'Service' && id === CLOUDTRAIL)) return false;
  return matchListed(lowerCase(action), 'sns:publish', {}, '') !== 'no';
}
