import type { Snapshot, Unreadable } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { type EstateSnapshot, inEstate } from './estate-accounts.ts';
import { cloudTrailContext } from './evaluators/policy/contexts.ts';
import { decide } from './evaluators/policy/decide.ts';
import { arnParts } from './evaluators/policy/operators.ts';
import type { Condition, PolicyDocument, Statement } from './evaluators/policy/types.ts';

export const CLOUDTRAIL = 'cloudtrail.amazonaws.com';
export const SOURCE_KEYS = ['aws:SourceArn', 'aws:SourceAccount', 'aws:SourceOrgID'] as const;

export type SourceSnapshot = EstateSnapshot & Pick<Snapshot, 'organization' | 'partition'>;

/** For whose trails a statement lets CloudTrail in. */
export interface Source {
  index: number;
  /** Something beyond reading the bucket's own settings and listing it. */
  writes: boolean;
  /** `open`: for anybody's. `foreign`: for somebody's who is outside the estate. */
  state: 'ours' | 'open' | 'foreign' | 'unread';
  /** Values of the condition that are outside the estate. */
  foreign: string[];
  /** Trails that are named one by one. */
  trails: string[];
  because?: Unreadable;
}

/**
 * The Allow statements that name CloudTrail, and whose trails they are for. One condition of `accept` all of whose values
 * are in the estate is enough: conditions are joined by and.
 */
export function trailSources(policy: PolicyDocument, snapshot: SourceSnapshot, accept: readonly string[]): Source[] {
  const keys = accept.map((key) => key.toLowerCase());
  return policy.statements.flatMap((statement, index): Source[] => {
    if (!letsCloudTrailIn(statement)) return [];
    const conditions = statement.conditions.filter((it) => keys.includes(it.key) && isDemand(it));
    const judged = conditions.map((condition) => judge(condition, snapshot));
    const trails = conditions.filter(({ key }) => key === 'aws:sourcearn').flatMap(({ values }) => values);
    const source = { index, writes: writes(statement), trails, foreign: judged.flatMap(({ foreign }) => foreign) };
    if (judged.length === 0) return [{ ...source, state: 'open' }];
    if (judged.some(({ foreign, unread }) => foreign.length === 0 && unread === undefined)) {
      return [{ ...source, state: 'ours', foreign: [] }];
    }
    const because = judged.find(({ foreign }) => foreign.length === 0)?.unread;
    return [because === undefined ? { ...source, state: 'foreign' } : { ...source, state: 'unread', because }];
  });
}

/** An Allow for CloudTrail by name. Everybody is the business of bucket/policy-not-public. */
function letsCloudTrailIn({ effect, principal }: Statement): boolean {
  if (effect !== 'Allow' || principal === undefined || principal.not) return false;
  return principal.values.some(({ kind, id }) => kind === 'Service' && id === CLOUDTRAIL);
}

function writes({ action }: Statement): boolean {
  return action.not || action.values.some((name) => !/^s3:(get|list)/i.test(name));
}

const POSITIVE = new Set(['stringequals', 'stringequalsignorecase', 'stringlike', 'arnequals', 'arnlike']);

/** Must the key be there and have one of the values? */
export function isDemand({ operator, set, ifExists, values }: Condition): boolean {
  return POSITIVE.has(operator) && !ifExists && set !== 'all' && values.length > 0;
}

function judge({ key, values }: Condition, snapshot: SourceSnapshot): { foreign: string[]; unread?: Unreadable } {
  const judged = values.map((value) => ({ value, ours: isOurs(key, value, snapshot) }));
  const unread = judged.flatMap(({ ours }) => (typeof ours === 'boolean' ? [] : [ours]))[0];
  const foreign = judged.filter(({ ours }) => ours === false).map(({ value }) => value);
  return { foreign, ...(unread === undefined ? {} : { unread }) };
}

/** Is a value of a source condition of the estate? An account that is not written out is nobody's. */
export function isOurs(key: string, value: string, snapshot: SourceSnapshot): boolean | Unreadable {
  // Variables for the account, or the organization, of the bucket itself.
  if (/^\$\{aws:resource(account|orgid)\}$/i.test(value)) return true;
  if (key === 'aws:sourceorgid') {
    const organization = partOf(snapshot.organization, 'organization');
    if (organization.state === 'absent') return false;
    return organization.state === 'read' ? organization.value.Id === value : organization;
  }
  const account = key === 'aws:sourcearn' ? (arnParts(value)[4] ?? '') : value;
  return /^\d{12}$/.test(account) ? inEstate(snapshot, account) : false;
}

/**
 * Is every trail outside the estate kept from writing by a Deny, whatever Allow there is? Asked for somebody of whom
 * nothing is known, and for whom the values of `foreign` name: a Deny may spare them.
 */
export function deniesStrangers(
  policy: PolicyDocument,
  bucketArn: string,
  partition: string,
  foreign: readonly string[],
): boolean {
  const accounts = ['000000000000', ...foreign.flatMap((value) => /\b\d{12}\b/.exec(value) ?? [])];
  const organizations = [null, 'o-stranger00', ...foreign.filter((value) => value.startsWith('o-'))];
  return accounts.every((accountId) =>
    organizations.every((organizationId) => {
      const trailArn = `arn:${partition}:cloudtrail:us-east-1:${accountId}:trail/stranger`;
      const keyArn = `arn:${partition}:kms:us-east-1:${accountId}:key/stranger`;
      return (['AES256', { keyArn }] as const).every((encryption) => {
        const context = cloudTrailContext({ trailArn, accountId, organizationId, encryption });
        const principal = { service: CLOUDTRAIL };
        const request = { principal, action: 's3:PutObject', resource: `${bucketArn}/*`, context };
        return decide(policy, request).effect === 'deny';
      });
    }),
  );
}
