import type { PolicyDocument } from './types.ts';

/**
 * Principals that were deleted: AWS then shows the unique id of the user or role in place of its ARN, and refuses a
 * policy that still names it when it is put back.
 */
export function deadPrincipals(policy: PolicyDocument): readonly { readonly id: string; readonly index: number }[] {
  return policy.statements.flatMap(({ principal }, index) => {
    const ids = principal?.values.filter(({ kind }) => kind === 'AWS').map(({ id }) => id) ?? [];
    return ids.filter((id) => /^(AIDA|AROA)[A-Z0-9]{12,}$/.test(id)).map((id) => ({ id, index }));
  });
}
