import { canonicalJson } from './canonical/json.ts';

export { canonicalJson, sha256Hex } from './canonical/json.ts';
export { canonicalLifecycle } from './canonical/lifecycle.ts';
export { type CanonicalPolicy, type CanonicalStatement, canonicalPolicy } from './canonical/policy.ts';
export { canonicalSelectors } from './canonical/selectors.ts';

/**
 * Do two documents say the same? AWS rewrites what it is given, so documents are compared in a canonical form:
 * `sameDocument(before, after, canonicalPolicy)`. Without a form, plain JSON with sorted keys is compared.
 */
export function sameDocument<T>(a: T, b: T, canonical: (document: T) => unknown = (it) => it): boolean {
  return canonicalJson(canonical(a)) === canonicalJson(canonical(b));
}
