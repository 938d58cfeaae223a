import { TrailCheckError } from '../../ops/error.ts';
import { type RoleDocuments, roleDocuments } from './json.ts';
import type { Given, Role } from './statement.ts';

/**
 * Characters, white space left out, that IAM takes of a role's own policies, of its trust and of a managed policy:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const LIMITS: { readonly [name in keyof RoleDocuments]-?: number } = {
  permissions: 10_240,
  trust: 2_048,
  boundary: 6_144,
};

/** Throws where a document would be refused by IAM for its length. */
export function keepWithinLimits(role: Role, given: Given): void {
  for (const [name, document] of Object.entries(roleDocuments(role, given))) {
    const length = JSON.stringify(document).replaceAll(/\s/g, '').length;
    const limit = Object.entries(LIMITS).find(([known]) => known === name)?.[1] ?? 0;
    if (length <= limit) continue;
    throw new TrailCheckError(`The ${name} of this ${role.kind} has ${length} characters, and IAM takes ${limit}`, {
      next: 'Name fewer resources, with a * where names begin alike, or leave families or checks out.',
    });
  }
}
