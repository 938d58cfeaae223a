import { canonicalPrincipal } from './evaluators/canonical/policy.ts';
import type { PolicyDocument, PrincipalId, RawPolicy } from './evaluators/policy/types.ts';
import { isRecord, stringsOf } from './evaluators/values.ts';

/**
 * The accounts, one a region, from which CloudTrail wrote before it had a service principal. Regions opened since have
 * none, so a policy that names these alone serves old regions only.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
const LEGACY_ACCOUNTS = new Set(
  `035351147821 086441151436 113285607260 193415116832 216624486486 262312530599 282025262664 284668455005
  388731089494 475085895292 492519147666 608710470296 681348832753 765225791966 814480443879 819402241893
  829690693026 859597730677 903692715234 977081816279`.split(/\s+/),
);

/** Is the principal one of the accounts CloudTrail once wrote from? */
export function isLegacyPrincipal(principal: PrincipalId): boolean {
  const [kind, account = ''] = canonicalPrincipal(principal).split(':');
  return kind === 'AWS' && LEGACY_ACCOUNTS.has(account);
}

/** Does an Allow of the policy name one of them? */
export function namesLegacyPrincipals(policy: PolicyDocument | undefined): boolean {
  return (
    policy?.statements.some(
      ({ effect, principal }) => effect === 'Allow' && !principal?.not && principal?.values.some(isLegacyPrincipal),
    ) ?? false
  );
}

/** The policy without them: Allow statements for nobody else go, the others lose these principals and nothing more. */
export function withoutLegacyPrincipals(policy: PolicyDocument): RawPolicy {
  const statements = policy.statements.flatMap(({ effect, principal, raw }) => {
    if (effect !== 'Allow' || principal === undefined || principal.not) return [raw];
    if (!principal.values.some(isLegacyPrincipal)) return [raw];
    if (principal.values.every(isLegacyPrincipal)) return [];
    const { AWS, ...others } = isRecord(raw.Principal) ? raw.Principal : {};
    const kept = (stringsOf(AWS) ?? []).filter((id) => !isLegacyPrincipal({ kind: 'AWS', id }));
    return [{ ...raw, Principal: kept.length === 0 ? others : { ...others, AWS: kept } }];
  });
  return { ...policy.raw, Statement: statements };
}
