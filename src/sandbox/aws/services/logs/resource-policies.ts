/** Resource policies of CloudWatch Logs: of a region, or of one log group. */
import { createHash } from 'node:crypto';
import { neededString, stringIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { parsePolicy } from '../../policy-document.ts';
import { regionOf } from '../../region.ts';
import {
  AwsError,
  type Input,
  type LogResourcePolicy,
  type Operation,
  type Output,
  type RequestContext,
} from '../../types.ts';
import { groupOf, INVALID, nameIn } from './groups.ts';

/** Of a region; a log group has one of its own. */
const MOST = 10;
const MAX_CHARACTERS = 5120;

function policiesOf({ account, region }: RequestContext): Map<string, LogResourcePolicy> {
  return regionOf(account, region).logResourcePolicies;
}

function described(policy: LogResourcePolicy): Output {
  const text = JSON.stringify(policy.document);
  return {
    policyName: policy.name,
    policyDocument: text,
    lastUpdatedTime: policy.updatedAt.getTime(),
    policyScope: policy.resourceArn === undefined ? 'ACCOUNT' : 'RESOURCE',
    resourceArn: policy.resourceArn,
    revisionId: policy.resourceArn && createHash('sha256').update(text).digest('hex').slice(0, 32),
  };
}

/** Those of the region, unless the scope or a log group is named. */
export const describeResourcePolicies: Operation = {
  permissions: () => [{ action: 'logs:DescribeResourcePolicies', resource: '*' }],
  handle(context, input) {
    const arn = stringIn(input, 'resourceArn')?.replace(/:\*$/, '');
    const scope = stringIn(input, 'policyScope') ?? (arn === undefined ? 'ACCOUNT' : 'RESOURCE');
    if (scope === 'RESOURCE' && arn === undefined) throw new AwsError(INVALID, 'resourceArn is missing.');
    const policies = [...policiesOf(context).values()].filter((policy) =>
      scope === 'ACCOUNT' ? policy.resourceArn === undefined : policy.resourceArn === arn,
    );
    const invalid = new AwsError(INVALID, 'The specified nextToken is invalid.');
    const { items, next } = pageOf(policies, input.nextToken, sizeOf(input.limit, 50), invalid);
    return { resourcePolicies: items.map(described), nextToken: next };
  },
};

/** A policy of one log group goes by the group's ARN, one of the region by its name. */
function asked(context: RequestContext, input: Input): { key: string; resourceArn: string | undefined } {
  const arn = stringIn(input, 'resourceArn')?.replace(/:\*$/, '');
  if (arn === undefined) return { key: neededString(input, 'policyName', INVALID), resourceArn: undefined };
  groupOf(context, { logGroupName: nameIn(arn) });
  return { key: arn, resourceArn: arn };
}

export const putResourcePolicy: Operation = {
  permissions: () => [{ action: 'logs:PutResourcePolicy', resource: '*' }],
  handle(context, input) {
    const { key, resourceArn } = asked(context, input);
    const text = neededString(input, 'policyDocument', INVALID);
    if (text.length > MAX_CHARACTERS) throw new AwsError(INVALID, 'The policy document is too long.');
    const policies = policiesOf(context);
    const ofRegion = [...policies.values()].filter((policy) => policy.resourceArn === undefined);
    if (resourceArn === undefined && !policies.has(key) && ofRegion.length >= MOST) {
      throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
    }
    const made: LogResourcePolicy = {
      name: stringIn(input, 'policyName') ?? key,
      document: parsePolicy(text, INVALID),
      resourceArn,
      updatedAt: context.estate.now(),
    };
    policies.set(key, made);
    const resourcePolicy = described(made);
    return { resourcePolicy, revisionId: resourcePolicy.revisionId };
  },
};

export const deleteResourcePolicy: Operation = {
  permissions: () => [{ action: 'logs:DeleteResourcePolicy', resource: '*' }],
  handle(context, input) {
    if (policiesOf(context).delete(asked(context, input).key)) return {};
    throw new AwsError('ResourceNotFoundException', 'The specified policy does not exist.');
  },
};
