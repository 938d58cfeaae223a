import { lowerCase, matchListed } from './decide.ts';
import { isStar } from './principal.ts';
import type { PolicyDocument, PrincipalKind } from './types.ts';

export type Writer = {
  /** `everyone` for `*`, `everyone-but` for NotPrincipal. */
  readonly kind: PrincipalKind | 'everyone' | 'everyone-but';
  /** A service, an ARN, an account id or another id; `*` for everyone; those left out for everyone-but. */
  readonly principal: string;
  readonly index: number;
};

/** Who is allowed (under whatever conditions) to put objects anywhere into the bucket, and by which statement. */
export function writers(policy: PolicyDocument, bucketArn: string): readonly Writer[] {
  return policy.statements.flatMap(({ effect, principal, action, resource }, index): readonly Writer[] => {
    if (effect !== 'Allow' || principal === undefined || resource === undefined) return [];
    if (matchListed(lowerCase(action), 's3:putobject', {}, '') === 'no') return [];
    if (matchListed(resource, `${bucketArn}/*`, {}, policy.version) === 'no') return [];
    const ids = principal.values.map(({ id }) => id);
    if (principal.not) return [{ kind: 'everyone-but', principal: ids.join(', '), index }];
    return principal.values.map((it) => ({ kind: isStar(it) ? 'everyone' : it.kind, principal: it.id, index }));
  });
}
