import type { Permission, Where } from '../operation.ts';

/** IAM knows keys by key ARN only, so what is behind an alias cannot be named, nor told from other keys. */
export function keyArn(key: string, { partition, region, account }: Where): string {
  if (/^arn:[^:]+:kms:[^:]*:[^:]*:key\//.test(key)) return key;
  const id = key.includes('alias/') || key === '' ? '*' : key;
  return `arn:${partition}:kms:${region}:${account}:key/${id}`;
}

/** What a service does with a key in the caller's name; nothing where no key is named. */
export function usesKey(key: string | undefined, where: Where, ...actions: string[]): Permission[] {
  return key ? actions.map((action) => ({ action, resource: keyArn(key, where) })) : [];
}
