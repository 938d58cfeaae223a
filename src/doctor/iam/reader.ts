import type { OperationName } from '../../aws/operations/table.ts';
import { actionNames } from '../../aws/permissions.ts';
import { iamActionsOf } from '../../snapshot/catalogue.ts';
import { OWNER_PARTS } from '../../snapshot/owner-parts.ts';
import type { PartName } from '../../snapshot/types.ts';
import type { Role } from './statement.ts';
import { READER_TRUST } from './trust.ts';

/** How a target is found: an environment by organizational unit, tag or name, an account by its alias. */
const FINDING: readonly OperationName[] = [
  'iam:ListAccountAliases',
  'organizations:DescribeOrganization',
  'organizations:ListAccounts',
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListRoots',
  'organizations:ListTagsForResource',
];

/** The role that reads these parts, and what every scan reads besides. */
export function readerRole(parts: readonly PartName[]): Role {
  const actions = new Set([...iamActionsOf([...parts, ...OWNER_PARTS]), ...FINDING.flatMap(actionNames)]);
  return {
    kind: 'reader',
    trust: READER_TRUST,
    permissions: [{ sid: 'Read', effect: 'Allow', actions: [...actions].sort(), resources: ['*'] }],
  };
}
