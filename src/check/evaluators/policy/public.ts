import { parseRange } from './ip.ts';
import { arnParts } from './operators.ts';
import { isEveryone } from './principal.ts';
import type { Condition, PolicyDocument, Statement } from './types.ts';

/** Keys that say who or from where, which a caller cannot choose, and whose value must be written out. */
const LIMITING_IDS = new Set([
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:sourceaccount',
  'aws:sourceorgid',
  // How the default policy of SNS names the topic's own account.
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
]);
const LIMITING_ARNS = new Set(['aws:principalarn', 'aws:sourcearn', 's3:dataaccesspointarn']);
const LIMITING_PATHS = new Set(['aws:principalorgpaths', 'aws:sourceorgpaths']);
const MATCHING = new Set(['stringequals', 'stringequalsignorecase', 'stringlike', 'arnequals', 'arnlike']);
/** Variables that stand for the owner of the resource. */
const OWN = /^\$\{aws:resource(account|orgid)\}$/i;

/**
 * The Allow statements that open something to everybody without a condition that limits who: the principal is `*`, or
 * a NotPrincipal. A condition limits if it must be present, is positive, and pins a key that the caller cannot choose.
 * Close to what S3 calls public:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function publicStatements(
  policy: PolicyDocument,
): readonly { readonly index: number; readonly reason: string }[] {
  return policy.statements.flatMap((statement, index) => {
    if (statement.effect !== 'Allow' || !isEveryone(statement.principal)) return [];
    if (statement.conditions.some(limitsWho)) return [];
    return [{ index, reason: reasonOf(statement) }];
  });
}

/** Does the condition keep strangers out? */
export function limitsWho({ operator, set, ifExists, key, values }: Condition): boolean {
  // With IfExists or ForAllValues a request without the key gets through.
  if (ifExists || set === 'all' || values.length === 0) return false;
  if (operator === 'ipaddress' && key === 'aws:sourceip') return values.every(isNarrowRange);
  if (!MATCHING.has(operator)) return false;
  if (LIMITING_IDS.has(key)) return values.every((value) => OWN.test(value) || isLiteral(value));
  if (LIMITING_ARNS.has(key)) return values.every(namesOwner);
  if (LIMITING_PATHS.has(key)) return values.every((value) => /^o-[^*?/]+\//.test(value));
  if (key === 'aws:userid') return values.every((value) => isLiteral(value) || /^[^*?:]+:\*$/.test(value));
  return false;
}

function isLiteral(value: string): boolean {
  return !/[*?]|\$\{/.test(value) && value !== '';
}

/** An ARN whose account is written out; ARNs of buckets have none, there the name must be. */
function namesOwner(value: string): boolean {
  const [, , , , account, resource] = arnParts(value);
  if (account === undefined || resource === undefined) return false;
  if (account !== '') return isLiteral(account);
  return isLiteral(resource.split('/')[0] ?? '');
}

/** S3 takes ranges broader than /8 (IPv6: /32) for everybody. */
function isNarrowRange(value: string): boolean {
  const range = parseRange(value);
  if (range === undefined) return false;
  return range.length >= (range.version === 4 ? 8 : 32);
}

function reasonOf({ principal, conditions }: Statement): string {
  const who = principal?.not ? 'everybody but a few (Allow with NotPrincipal)' : 'everybody';
  if (conditions.length === 0) return `open to ${who}, without a condition`;
  const keys = [...new Set(conditions.map(({ key }) => key))].join(', ');
  return `open to ${who}; its conditions (${keys}) do not limit who`;
}
