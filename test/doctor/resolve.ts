import { parse as parseHcl } from '@cdktf/hcl2json';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

/*
 * What CloudFormation and Terraform would make of a template: the documents of the role, with every reference resolved.
 * Only what our templates use is known here; anything else throws.
 */

export interface Values {
  partition: string;
  account: string;
  hub: string;
  externalId: string;
  buckets: string[];
  keys: string[];
  roles: string[];
}

export interface Documents {
  trust: unknown;
  permissions: unknown;
  boundary?: unknown;
}

const template = z.object({
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Description: z.string() })),
  Resources: z.object({
    Boundary: z.object({ Properties: z.object({ PolicyDocument: z.unknown(), Path: z.string() }) }).optional(),
    Role: z.object({
      Properties: z.object({
        AssumeRolePolicyDocument: z.unknown(),
        Policies: z.tuple([z.object({ PolicyDocument: z.unknown() })]),
      }),
    }),
  }),
});

const NO_VALUE = Symbol('AWS::NoValue');

/** The documents of a template; `Ref`, `Fn::Sub` and `Fn::If` on whether a list is empty are resolved. */
export function fromCloudFormation(text: string, values: Values): Documents {
  const { Resources, Parameters } = template.parse(parseYaml(text, { version: '1.1' }));
  const given: { [name: string]: unknown } = {
    Hub: values.hub,
    ExternalId: values.externalId,
    Buckets: values.buckets,
    Keys: values.keys,
    Roles: values.roles,
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
    if (others.length > 0 || !/^(Ref|Fn::.*)$/.test(name)) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
    }
    if (name === 'Ref' && argument === 'AWS::NoValue') return NO_VALUE;
    if (name === 'Ref' && typeof argument === 'string' && argument in Parameters) return scalar(given[argument]);
    if (name === 'Fn::Sub' && typeof argument === 'string') {
      return substitute(argument, { 'AWS::Partition': values.partition, 'AWS::AccountId': values.account });
    }
    if (name === 'Fn::If' && Array.isArray(argument)) {
      const [condition, then, otherwise] = argument;
      const list = given[String(condition).replace(/^Has/, '')];
      return resolve(Array.isArray(list) && list.length > 0 ? then : otherwise);
    }
    throw new Error(`${name} ${JSON.stringify(argument)} is not known here`);
  };
  const { Role, Boundary } = Resources;
  return {
    trust: resolve(Role.Properties.AssumeRolePolicyDocument),
    permissions: resolve(Role.Properties.Policies[0].PolicyDocument),
    ...(Boundary && { boundary: resolve(Boundary.Properties.PolicyDocument) }),
  };
}

const condition = z.object({ test: z.string(), variable: z.string(), values: z.array(z.string()) });
const statement = z.object({
  sid: z.string(),
  effect: z.string(),
  actions: z.array(z.string()),
  resources: z.union([z.array(z.string()), z.string()]).optional(),
  principals: z.tuple([z.object({ type: z.literal('AWS'), identifiers: z.array(z.string()) })]).optional(),
  condition: z.array(condition).optional(),
});
const dynamic = z.object({ for_each: z.string(), content: z.tuple([statement]) });
const module = z.object({
  data: z.object({
    aws_iam_policy_document: z.record(
      z.string(),
      z.tuple([
        z.object({
          statement: z.array(statement).optional(),
          dynamic: z.object({ statement: z.array(dynamic) }).optional(),
        }),
      ]),
    ),
  }),
});

/** The policy documents of a module, by the labels they have there. */
export async function fromTerraform(text: string, values: Values): Promise<Documents> {
  const { data } = module.parse(await parseHcl('role.tf', text));
  const resolve = (value: string) =>
    substitute(value, {
      'data.aws_partition.current.partition': values.partition,
      'data.aws_caller_identity.current.account_id': values.account,
      'var.hub': values.hub,
      'var.external_id': values.externalId,
    });
  const lists = new Map([
    ['buckets', values.buckets],
    ['keys', values.keys],
    ['roles', values.roles],
  ]);
  const listed = (reference: string) => lists.get(/^\$\{var\.(\w+)\}$/.exec(reference)?.[1] ?? '') ?? [];
  const written = ({
    sid,
    effect,
    actions,
    resources,
    principals,
    condition: conditions,
  }: z.infer<typeof statement>) => ({
    Sid: sid,
    Effect: effect,
    ...(principals && { Principal: { AWS: scalar(principals[0].identifiers.map(resolve)) } }),
    Action: scalar(actions),
    ...(resources !== undefined && {
      Resource: scalar(typeof resources === 'string' ? listed(resources) : resources.map(resolve)),
    }),
    ...(conditions && { Condition: conditionsOf(conditions, resolve) }),
  });
  const documentOf = (name: string) => {
    const [found] = data.aws_iam_policy_document[name] ?? [];
    const always = (found?.statement ?? []).map(written);
    const perhaps = (found?.dynamic?.statement ?? [])
      .filter(({ for_each }) => listed(`\${var.${/length\(var\.(\w+)\) > 0/.exec(for_each)?.[1] ?? ''}}`).length > 0)
      .map(({ content }) => written(content[0]));
    return { Version: '2012-10-17', Statement: [...always, ...perhaps] };
  };
  return {
    trust: documentOf('trust'),
    permissions: documentOf('permissions'),
    ...('boundary' in data.aws_iam_policy_document && { boundary: documentOf('boundary') }),
  };
}

function conditionsOf(all: readonly z.infer<typeof condition>[], resolve: (value: string) => string) {
  const blocks = Map.groupBy(all, ({ test }) => test);
  return Object.fromEntries(
    [...blocks].map(([test, found]) => [
      test,
      Object.fromEntries(found.map(({ variable, values }) => [variable, scalar(values.map(resolve))])),
    ]),
  );
}

function substitute(text: string, values: { [name: string]: string }): string {
  return text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${name} is not known here`);
    return value;
  });
}

function scalar(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
