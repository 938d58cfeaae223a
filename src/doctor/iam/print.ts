import { cloudFormation } from './cloudformation.ts';
import { roleDocuments } from './json.ts';
import { keepWithinLimits } from './limits.ts';
import type { Given, Role } from './statement.ts';
import { terraform } from './terraform.ts';

export const ROLE_FORMATS = ['json', 'cloudformation', 'terraform'] as const;
export type RoleFormat = (typeof ROLE_FORMATS)[number];

const WHAT: { readonly [kind in Role['kind']]: string } = {
  reader: 'trail-check reads the posture of this account with this role; it changes nothing',
  fixer: 'trail-check makes approved changes in this account with this role, and nothing else',
};

/** A role as text for people to deploy. Rejects where IAM would refuse it for its length. */
export function printRole(role: Role, given: Given, format: RoleFormat): string {
  keepWithinLimits(role, given);
  switch (format) {
    case 'json':
      return `${JSON.stringify(roleDocuments(role, given), null, 2)}\n`;
    case 'cloudformation':
      return cloudFormation(role, given, WHAT[role.kind]);
    case 'terraform':
      return terraform(role, given, WHAT[role.kind]);
  }
}
