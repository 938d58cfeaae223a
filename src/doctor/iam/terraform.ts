import { type Body, type Expression, printBlock, quote, type Value } from './hcl.ts';
import { BOUNDARY } from './narrow.ts';
import { type Given, NAMED_DESCRIPTIONS, namedIn, type Role, type Statement } from './statement.ts';

type Block = readonly [head: string, body: Body];

/** One role as a module. `head` is the comment above it. */
export function terraform(role: Role, given: Given, head: string): string {
  const { kind, trust, permissions, boundary } = role;
  const blocks: Block[] = [
    ...variables(role, given),
    ['data "aws_partition" "current"', {}],
    ['data "aws_caller_identity" "current"', {}],
    document('trust', trust),
    document('permissions', permissions),
    [
      `resource "aws_iam_role" "${kind}"`,
      { arguments: { name: expression('var.role_name'), assume_role_policy: jsonOf('trust') } },
    ],
    [
      `resource "aws_iam_role_policy" "${kind}"`,
      {
        arguments: {
          name: 'trail-check',
          role: expression(`aws_iam_role.${kind}.id`),
          policy: jsonOf('permissions'),
        },
      },
    ],
    ...(boundary === undefined ? [] : bounded(boundary)),
    ['output "role_arn"', { arguments: { value: expression(`aws_iam_role.${kind}.arn`) } }],
  ];
  const unused = blocks.filter(([name]) => name !== 'data "aws_caller_identity" "current"' || kind === 'fixer');
  const used = unused.filter(([name]) => name !== 'data "aws_partition" "current"' || kind === 'fixer');
  return [`# ${head}\n`, ...used.map(([name, body]) => printBlock(name, body))].join('\n');
}

function variables(role: Role, given: Given): Block[] {
  return [
    variable('role_name', 'The same in every account.', quote(`trail-check-${role.kind}`)),
    variable('hub', 'ARN of the role or user that enters: the bot, or its hub role.', quoted(given.hub)),
    variable('external_id', 'The external id that trail-check.yaml names for this role.', quoted(given.externalId)),
    ...namedIn(role).map((name) => {
      const list = `[${given[name].map(quote).join(', ')}]`;
      return variable(name, NAMED_DESCRIPTIONS[name], list, 'list(string)');
    }),
  ];
}

function variable(name: string, description: string, value: string | undefined, type = 'string'): Block {
  return [
    `variable "${name}"`,
    {
      arguments: {
        type: expression(type),
        description,
        ...(value !== undefined && { default: expression(value) }),
      },
    },
  ];
}

function bounded(boundary: readonly Statement[]): Block[] {
  return [
    document('boundary', boundary),
    [
      'resource "aws_iam_policy" "boundary"',
      {
        arguments: {
          name: BOUNDARY.name,
          path: BOUNDARY.path,
          description: 'The most that a role made by a fix may do.',
          policy: jsonOf('boundary'),
        },
      },
    ],
  ];
}

function document(name: string, statements: readonly Statement[]): Block {
  return [`data "aws_iam_policy_document" "${name}"`, { blocks: statements.map(statementBlock) }];
}

function statementBlock({ sid, effect, principal, actions, resources, condition = {} }: Statement): Block {
  const named = typeof resources === 'string' ? resources : undefined;
  const body: Body = {
    arguments: {
      sid,
      effect,
      actions,
      resources: typeof resources === 'string' ? expression(`var.${resources}`) : resources?.map(reference),
    },
    blocks: [
      ...(principal === undefined ? [] : [principals(principal)]),
      ...Object.entries(condition).flatMap(([test, keys]) =>
        Object.entries(keys).map(([key, values]) => conditionBlock(test, key, [values].flat())),
      ),
    ],
  };
  if (named === undefined) return ['statement', body];
  const each = expression(`length(var.${named}) > 0 ? [1] : []`);
  return ['dynamic "statement"', { arguments: { for_each: each }, blocks: [['content', body]] }];
}

function principals(principal: string): Block {
  return ['principals', { arguments: { type: 'AWS', identifiers: [reference(principal)] } }];
}

function conditionBlock(test: string, variableName: string, values: readonly string[]): Block {
  return ['condition', { arguments: { test, variable: variableName, values: values.map(reference) } }];
}

function reference(text: string): string | Expression {
  if (text === '{hub}') return expression('var.hub');
  if (text === '{externalId}') return expression('var.external_id');
  const filled = quote(text)
    .replaceAll('{partition}', () => `$\{data.aws_partition.current.partition}`)
    .replaceAll('{account}', () => `$\{data.aws_caller_identity.current.account_id}`);
  return expression(filled);
}

function jsonOf(name: string): Value {
  return expression(`data.aws_iam_policy_document.${name}.json`);
}

function expression(text: string): Expression {
  return { expression: text };
}

const quoted = (value: string | undefined) => (value === undefined ? undefined : quote(value));
