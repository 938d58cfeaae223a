/** Security Hub itself: on or off in a region, and the standards it checks. */
import { arn } from '../../arn.ts';
import { stringIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { regionOf } from '../../region.ts';
import { AwsError, type Hub, type Operation, type Output, type RequestContext } from '../../types.ts';
import { createServiceLinkedRole } from '../iam/roles.ts';
import { flagIn } from '../members.ts';

const SERVICE = 'securityhub.amazonaws.com';
const ROLE = 'AWSServiceRoleForSecurityHub';

/** Throws InvalidAccessException where Security Hub is off. */
export function neededHub({ account, region }: RequestContext): Hub {
  const { hub } = regionOf(account, region);
  if (!hub)
    throw new AwsError('InvalidAccessException', `Account ${account.id} is not subscribed to AWS Security Hub`, 401);
  return hub;
}

function hubArn({ estate, account, region }: RequestContext): string {
  return arn(estate, 'securityhub', region, account.id, 'hub/default');
}

const onHub = (action: string) => (context: RequestContext) => [
  { action: `securityhub:${action}`, resource: hubArn(context) },
];

function subscription({ estate, account, region }: RequestContext, standard: string): Output {
  const name = standard.slice(standard.indexOf('/') + 1);
  return {
    StandardsSubscriptionArn: arn(estate, 'securityhub', region, account.id, `subscription/${name}`),
    StandardsArn: standard,
    StandardsInput: {},
    StandardsStatus: 'READY',
  };
}

const enableSecurityHub: Operation = {
  permissions(context) {
    const { estate, account } = context;
    const needed = onHub('EnableSecurityHub')(context);
    if (account.roles.has(ROLE)) return needed;
    const resource = arn(estate, 'iam', '', account.id, `role/aws-service-role/${SERVICE}/${ROLE}`);
    const role = { action: 'iam:CreateServiceLinkedRole', resource, context: { 'iam:AWSServiceName': SERVICE } };
    return [...needed, role];
  },
  handle(context, input) {
    const { account, region, estate } = context;
    const state = regionOf(account, region);
    if (state.hub) {
      throw new AwsError('ResourceConflictException', 'Account is already subscribed to Security Hub', 409);
    }
    if (!account.roles.has(ROLE)) createServiceLinkedRole(context, SERVICE);
    const standards = [
      arn(estate, 'securityhub', region, '', 'standards/aws-foundational-security-best-practices/v/1.0.0'),
      arn(estate, 'securityhub', '', '', 'ruleset/cis-aws-foundations-benchmark/v/1.2.0'),
    ];
    state.hub = {
      subscribedAt: estate.now(),
      autoEnableControls: true,
      standards: flagIn(input, 'EnableDefaultStandards') === false ? [] : standards,
      findings: new Map(),
    };
    return {};
  },
};

export const hubOperations: Record<string, Operation> = {
  DescribeHub: {
    permissions: onHub('DescribeHub'),
    handle(context, input) {
      const hub = neededHub(context);
      const asked = stringIn(input, 'HubArn');
      if (asked !== undefined && asked !== hubArn(context)) {
        throw new AwsError('ResourceNotFoundException', `There is no hub ${asked}.`, 404);
      }
      return {
        HubArn: hubArn(context),
        SubscribedAt: hub.subscribedAt.toISOString(),
        AutoEnableControls: hub.autoEnableControls,
        ControlFindingGenerator: 'SECURITY_CONTROL',
      };
    },
  },
  DisableSecurityHub: {
    permissions: onHub('DisableSecurityHub'),
    handle(context) {
      neededHub(context);
      regionOf(context.account, context.region).hub = undefined;
      return {};
    },
  },
  EnableSecurityHub: enableSecurityHub,
  GetEnabledStandards: {
    permissions: () => [{ action: 'securityhub:GetEnabledStandards', resource: '*' }],
    handle(context, input) {
      const standards = neededHub(context).standards.map((standard) => subscription(context, standard));
      const invalid = new AwsError('InvalidInputException', 'Invalid parameter: NextToken');
      const { items, next } = pageOf(standards, input.NextToken, sizeOf(input.MaxResults, 100), invalid);
      return { StandardsSubscriptions: items, NextToken: next };
    },
  },
};
