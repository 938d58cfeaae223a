import type { Finding } from '../../check/finding.ts';
import { runDetail } from '../../posture/summary.ts';
import { cutMiddle } from './limits.ts';
import { oneLine, type Piece } from './text.ts';

/** The name people use for the resource of a finding: the end of its ARN, the account's name for a whole account. */
export function resourceName(
  { resource, account }: Pick<Finding, 'resource' | 'account'>,
  names: AccountNames,
): string {
  const [, , service = '', , , ...rest] = resource.split(':');
  const tail = rest.join(':').replace(/:\*$/, '');
  if (tail === 'root') return names.get(account) ?? account;
  if (service === 'logs') return shorten(tail.replace(/^log-group:/, ''));
  if (service === 's3') return shorten(tail);
  const name = tail.split('/').slice(1).join('/');
  return shorten(name === '' ? tail || resource : name);
}

function shorten(name: string): string {
  return oneLine(cutMiddle(name, 80));
}

/** Resource and whereabouts as the pieces of one line, in which a whole account is named once. */
export function located(finding: Pick<Finding, 'resource' | 'account' | 'region'>, names: AccountNames): Piece[] {
  const where = whereabouts(finding, names);
  return finding.resource.endsWith(':root')
    ? [{ bold: where }]
    : [{ bold: resourceName(finding, names) }, ` · ${where}`];
}

/** Names of accounts by id. */
export type AccountNames = ReadonlyMap<string, string>;

/** Names of the accounts of a run, as far as its summary knows them. */
export function accountNames(counts: unknown): AccountNames {
  const detail = runDetail(counts);
  if (detail === undefined || !('summary' in detail)) return new Map();
  const { accounts } = detail.summary;
  return new Map((Array.isArray(accounts) ? accounts : []).map(({ id, name }) => [id, oneLine(name, 60)]));
}

/** `prod-web 333333333333 · eu-west-1`, without what is not known. */
export function whereabouts({ account, region }: Pick<Finding, 'account' | 'region'>, names: AccountNames): string {
  const name = names.get(account);
  const owner = name === undefined ? account : `${name} ${account}`;
  return [oneLine(owner), oneLine(region)].filter((part) => part !== '').join(' · ');
}
