import { decide } from './evaluators/policy/decide.ts';
import type { PolicyDocument, RawStatement } from './evaluators/policy/types.ts';

/** Plain HTTP; and a TLS older than any minimum that a policy may demand. */
const PLAIN = { 'aws:securetransport': ['false'], 's3:tlsversion': [] };
const OLD_TLS = { 'aws:securetransport': ['true'], 's3:tlsversion': ['1.0'] };

/**
 * Does the policy deny everybody every action on the bucket and on its objects when they come by plain HTTP? `by-version`
 * where only a demand of a minimum TLS version says so. A Deny that spares somebody does not count.
 */
export function refusesPlainHttp(policy: PolicyDocument, bucketArn: string): 'yes' | 'by-version' | 'no' {
  // NotPrincipal leaves somebody out, so it does not hold for everybody.
  const everybody = policy.statements.filter(({ principal }) => principal?.not === false);
  const demands = everybody.filter(({ conditions }) => conditions.some(({ key }) => key === 's3:tlsversion'));
  const denied = (statements: typeof everybody, resource: string, context: { [key: string]: string[] }) =>
    decide({ ...policy, statements }, { principal: { anyone: true }, action: 's3:*', resource, context }).effect ===
    'deny';
  const resources = [bucketArn, `${bucketArn}/*`];
  if (resources.every((resource) => denied(everybody, resource, PLAIN))) return 'yes';
  const either = (resource: string) => denied(everybody, resource, PLAIN) || denied(demands, resource, OLD_TLS);
  return resources.every(either) ? 'by-version' : 'no';
}

export function tlsOnlyStatement(bucketArn: string): RawStatement {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
