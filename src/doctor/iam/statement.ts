/** What a parameter of a role names, as ARNs. */
export type Named = 'buckets' | 'keys' | 'roles';

export type Condition = { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };

/**
 * A statement before it is written as JSON, CloudFormation or Terraform. Texts hold `{partition}`, `{account}`, `{hub}`
 * and `{externalId}` where each of these puts its own.
 */
export interface Statement {
  sid: string;
  effect: 'Allow' | 'Deny';
  /** Who may, in a trust policy. */
  principal?: string;
  actions: readonly string[];
  /** ARN patterns, or the resources that a parameter names: without any there, the statement is left out. */
  resources?: readonly string[] | Named;
  condition?: Condition;
}

/** A role with all that belongs to it. */
export interface Role {
  kind: 'reader' | 'fixer';
  trust: readonly Statement[];
  permissions: readonly Statement[];
  /** What roles made by this one may do at most. Absent where it makes none. */
  boundary?: readonly Statement[];
}

/** Values that are known when a role is written; as defaults of parameters where there are parameters. */
export interface Given {
  partition: string;
  /** The role's account; `*` for any. */
  account: string;
  hub?: string | undefined;
  externalId?: string | undefined;
  /** ARNs. */
  buckets: readonly string[];
  keys: readonly string[];
  roles: readonly string[];
}

/** The parameters that some statement of a role asks for, in a fixed order. */
export function namedIn({ permissions }: Role): Named[] {
  const all: readonly Named[] = ['buckets', 'keys', 'roles'];
  return all.filter((name) => permissions.some(({ resources }) => resources === name));
}

export const NAMED_DESCRIPTIONS: { readonly [name in Named]: string } = {
  buckets: 'ARNs of the log buckets that may be changed; none: no bucket. A * stands for anything.',
  keys: 'ARNs of the KMS keys that may be changed or used; none: no key.',
  roles: 'ARNs of the roles that CloudTrail and AWS Config write with; none: only those that fixes made.',
};
