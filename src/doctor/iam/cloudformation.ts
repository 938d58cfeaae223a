import { stringify } from 'yaml';
import { fill, scalar } from './json.ts';
import { BOUNDARY } from './narrow.ts';
import { type Given, NAMED_DESCRIPTIONS, type Named, namedIn, type Role, type Statement } from './statement.ts';

type Template = { [name: string]: unknown };

const PARAMETER: { readonly [name in Named]: string } = { buckets: 'Buckets', keys: 'Keys', roles: 'Roles' };

/** One role as a template, for a stack or a StackSet. `head` is what its first line says. */
export function cloudFormation(role: Role, given: Given, head: string): string {
  const { kind, trust, permissions, boundary } = role;
  const named = namedIn(role);
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: head,
    Parameters: {
      RoleName: parameter('The same in every account.', `trail-check-${kind}`),
      Hub: parameter('ARN of the role or user that enters: the bot, or its hub role.', given.hub),
      ExternalId: parameter('The external id that trail-check.yaml names for this role.', given.externalId),
      ...Object.fromEntries(named.map((name) => [PARAMETER[name], listParameter(name, given)])),
    },
    ...(named.length > 0 && {
      Conditions: Object.fromEntries(named.map((name) => [`Has${PARAMETER[name]}`, isNotEmpty(PARAMETER[name])])),
    }),
    Resources: {
      ...(boundary && {
        Boundary: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: {
            ManagedPolicyName: BOUNDARY.name,
            Path: BOUNDARY.path,
            Description: 'The most that a role made by a fix may do.',
            PolicyDocument: policy(boundary),
          },
        },
      }),
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: { Ref: 'RoleName' },
          AssumeRolePolicyDocument: policy(trust),
          Policies: [{ PolicyName: 'trail-check', PolicyDocument: policy(permissions) }],
        },
      },
    },
    Outputs: { RoleArn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
  };
  return stringify(template, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

function parameter(description: string, value: string | undefined): Template {
  return { Type: 'String', Description: description, MinLength: 1, ...(value !== undefined && { Default: value }) };
}

function listParameter(name: Named, given: Given): Template {
  return { Type: 'CommaDelimitedList', Description: NAMED_DESCRIPTIONS[name], Default: given[name].join(',') };
}

function isNotEmpty(name: string): Template {
  return { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', { Ref: name }] }, ''] }] };
}

function policy(statements: readonly Statement[]): Template {
  return { Version: '2012-10-17', Statement: statements.map(statementOf) };
}

function statementOf({ sid, effect, principal, actions, resources, condition }: Statement): unknown {
  const written = fill(
    {
      Sid: sid,
      Effect: effect,
      ...(principal !== undefined && { Principal: { AWS: principal } }),
      Action: scalar(actions),
      ...(typeof resources === 'object' && { Resource: scalar(resources) }),
      ...(condition !== undefined && { Condition: condition }),
    },
    reference,
  );
  if (typeof resources !== 'string') return written;
  const name = PARAMETER[resources];
  const whole = Object.assign({}, written, { Resource: { Ref: name } });
  return { 'Fn::If': [`Has${name}`, whole, { Ref: 'AWS::NoValue' }] };
}

function reference(text: string): unknown {
  if (text === '{hub}') return { Ref: 'Hub' };
  if (text === '{externalId}') return { Ref: 'ExternalId' };
  const filled = text
    .replaceAll('{partition}', () => `$\{AWS::Partition}`)
    .replaceAll('{account}', () => `$\{AWS::AccountId}`);
  return filled === text ? text : { 'Fn::Sub': filled };
}
