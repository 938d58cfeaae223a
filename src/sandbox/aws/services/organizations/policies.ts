/** Service control policies as the Organizations API lists them. */
import { controlPolicies } from '../../controls.ts';
import { neededString } from '../../input.ts';
import {
  AwsError,
  type Input,
  type Operation,
  type Organization,
  type OrganizationPolicy,
  type Output,
  type RequestContext,
} from '../../types.ts';
import { operation, organizationArn, paged, targetArn } from './common.ts';

const CONTROL = 'SERVICE_CONTROL_POLICY';
const TYPES = [
  CONTROL,
  'RESOURCE_CONTROL_POLICY',
  'TAG_POLICY',
  'BACKUP_POLICY',
  'AISERVICES_OPT_OUT_POLICY',
  'CHATBOT_POLICY',
  'DECLARATIVE_POLICY_EC2',
  'SECURITYHUB_POLICY',
];

export function policyTypesOf(organization: Organization): Output[] {
  return [...organization.policyTypes].map((Type) => ({ Type, Status: 'ENABLED' }));
}

function summaryOf({ estate, ...context }: RequestContext, organization: Organization, policy: OrganizationPolicy) {
  const path = `service_control_policy/${policy.id}`;
  return {
    Id: policy.id,
    Arn: policy.awsManaged
      ? `arn:${estate.partition}:organizations::aws:policy/${path}`
      : organizationArn({ estate, ...context }, organization, `policy/${organization.id}/${path}`),
    Name: policy.name,
    Description: policy.awsManaged ? 'Allows access to every operation' : '',
    Type: CONTROL,
    AwsManaged: policy.awsManaged,
  };
}

/** The policies of the type a request filters by: only service control policies exist here. */
function filtered({ estate }: RequestContext, input: Input): OrganizationPolicy[] {
  const type = neededString(input, 'Filter', 'InvalidInputException');
  if (!TYPES.includes(type)) throw new AwsError('InvalidInputException', `${type} is not a type of policy.`);
  return type === CONTROL ? controlPolicies(estate) : [];
}

function neededPolicy({ estate }: RequestContext, input: Input): OrganizationPolicy {
  const id = neededString(input, 'PolicyId', 'InvalidInputException');
  const policy = controlPolicies(estate).find((candidate) => candidate.id === id);
  if (!policy) throw new AwsError('PolicyNotFoundException', `You specified a policy that doesn't exist: ${id}`);
  return policy;
}

function targetOf(context: RequestContext, organization: Organization, id: string): Output {
  const account = context.estate.accounts.get(id);
  const unit = organization.units.get(id);
  return {
    TargetId: id,
    Arn: targetArn(context, organization, id),
    Name: account?.name ?? unit?.name ?? 'Root',
    Type: account ? 'ACCOUNT' : unit ? 'ORGANIZATIONAL_UNIT' : 'ROOT',
  };
}

const read = (
  name: string,
  handle: Parameters<typeof operation>[2],
  asked: Parameters<typeof operation>[3],
): [string, Operation] => [name, operation(name, 'administrator', handle, asked)];

const ofType = (input: Input) => ({ context: { 'organizations:PolicyType': String(input.Filter ?? '') } });

const onPolicy = (context: RequestContext, organization: Organization, input: Input) => ({
  resource: summaryOf(context, organization, neededPolicy(context, input)).Arn,
  context: { 'organizations:PolicyType': CONTROL },
});

export const policyOperations: Record<string, Operation> = Object.fromEntries([
  read(
    'ListPolicies',
    (context, organization, input) =>
      paged(
        filtered(context, input).map((policy) => summaryOf(context, organization, policy)),
        input,
        'Policies',
      ),
    (_context, _organization, input) => ofType(input),
  ),
  read(
    'ListPoliciesForTarget',
    (context, organization, input) => {
      const target = neededString(input, 'TargetId', 'InvalidInputException');
      const known = target === organization.rootId || organization.units.has(target);
      if (!known && context.estate.accounts.get(target)?.parentId === undefined) {
        throw new AwsError('TargetNotFoundException', `You specified a target that doesn't exist: ${target}`);
      }
      const attached = filtered(context, input).filter((policy) => policy.targets.has(target));
      return paged(
        attached.map((policy) => summaryOf(context, organization, policy)),
        input,
        'Policies',
      );
    },
    (context, organization, input) => ({
      resource: targetArn(context, organization, String(input.TargetId ?? '')),
      ...ofType(input),
    }),
  ),
  read(
    'DescribePolicy',
    (context, organization, input) => {
      const policy = neededPolicy(context, input);
      return {
        Policy: {
          PolicySummary: summaryOf(context, organization, policy),
          Content: JSON.stringify(policy.document),
        },
      };
    },
    onPolicy,
  ),
  read(
    'ListTargetsForPolicy',
    (context, organization, input) =>
      paged(
        [...neededPolicy(context, input).targets].map((id) => targetOf(context, organization, id)),
        input,
        'Targets',
      ),
    onPolicy,
  ),
]);
