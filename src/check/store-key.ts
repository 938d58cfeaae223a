import type { PolicyDocument, RawStatement } from './evaluators/policy/types.ts';
import { askPolicy, type Obstacle } from './service-access.ts';
import { CLOUDTRAIL } from './topic-publish.ts';

/**
 * What keeps CloudTrail from using a key for an event data store; undefined where nothing does. Its calls for a store
 * carry neither source nor encryption context of a trail, so that a statement for trails does not serve.
 */
export function storeKeyObstacle(policy: PolicyDocument, keyArn: string): Obstacle | undefined {
  const context = {
    'aws:sourcearn': [],
    'aws:sourceaccount': [],
    'aws:sourceorgid': [],
    'kms:encryptioncontext:aws:cloudtrail:arn': [],
    'kms:calleraccount': [],
    'aws:principalisawsservice': ['true'],
    'aws:principalservicename': [CLOUDTRAIL],
    'aws:securetransport': ['true'],
  };
  return ['kms:GenerateDataKey', 'kms:Decrypt']
    .map((action) =>
      askPolicy(
        policy,
        { principal: { service: CLOUDTRAIL }, action, resource: keyArn, context },
        `${action} for stores`,
      ),
    )
    .find((obstacle) => obstacle !== undefined);
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
export function storeKeyStatement(): RawStatement {
  return {
    Sid: 'CloudTrailLake',
    Effect: 'Allow',
    Principal: { Service: CLOUDTRAIL },
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: '*',
  };
}
