import type { Given } from './statement.ts';

/** What people name on the command line: buckets and roles by name or by ARN, keys by ARN. */
export interface Words {
  account?: string | undefined;
  hub?: string | undefined;
  externalId?: string | undefined;
  buckets: readonly string[];
  keys: readonly string[];
  roles: readonly string[];
}

/** The partition of a region, where nothing else tells it. */
export function partitionOfRegion(region: string | undefined = ''): string {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('cn-') ? 'aws-cn' : 'aws';
}

/** The same as ARNs. Roles of a name are meant in whatever account the policy stands. */
export function givenFrom({ account = '*', hub, externalId, buckets, keys, roles }: Words, partition: string): Given {
  const arns = (names: readonly string[], prefix: string) =>
    names.map((name) => (name.startsWith('arn:') ? name : `${prefix}${name.replace(/^\//, '')}`));
  return {
    partition,
    account,
    hub,
    externalId,
    buckets: arns(buckets, `arn:${partition}:s3:::`),
    keys,
    roles: arns(roles, `arn:${partition}:iam::${account}:role/`),
  };
}
