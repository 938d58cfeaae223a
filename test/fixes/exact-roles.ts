import type { Plan } from '../../src/check/plan.ts';
import { FAMILIES } from '../../src/doctor/iam/families.ts';
import { fixerRole } from '../../src/doctor/iam/fixer.ts';
import { roleDocuments } from '../../src/doctor/iam/json.ts';
import { BOUNDARY } from '../../src/doctor/iam/narrow.ts';
import { readerRole } from '../../src/doctor/iam/reader.ts';
import type { Given, Role } from '../../src/doctor/iam/statement.ts';
import { type AnyCheck, partsNeeded } from '../../src/posture/catalogue.ts';
import { DEMO_EXTERNAL_ID, DEMO_FIXER, DEMO_READER, managedPolicy, role } from '../../src/sandbox/aws/index.ts';
import { parsePolicy } from '../../src/sandbox/aws/policy-document.ts';
import type { Account, Estate, PolicyDocument } from '../../src/sandbox/aws/types.ts';
import { catalogue, HUBS } from '../support/fixes.ts';

/** The buckets, keys and roles that the parameters of the fixer name, as ARNs. */
export type Names = Pick<Given, 'buckets' | 'keys' | 'roles'>;
export const NOTHING: Names = { buckets: [], keys: [], roles: [] };

/** The roles that `trail-check iam` prints for these checks, with every family of fixes. */
export function rolesFor(checks: readonly AnyCheck[]): { reader: Role; fixer: Role } {
  return {
    reader: readerRole([...partsNeeded(checks)]),
    fixer: fixerRole(
      checks.map(({ fix }) => fix.operations),
      FAMILIES,
    ),
  };
}

/** Puts the roles for all checks into every account, in the place of any other. */
export async function exactRoles(): Promise<(estate: Estate, names?: Names) => void> {
  const { reader, fixer } = rolesFor([...(await catalogue()).values()]);
  return (estate, names = NOTHING) => {
    for (const account of estate.accounts.values()) {
      put(account, DEMO_READER, reader, NOTHING);
      put(account, DEMO_FIXER, fixer, names);
    }
  };
}

function put(account: Account, name: string, wanted: Role, names: Names): void {
  const given = { partition: 'aws', account: account.id, hub: HUBS[0], externalId: DEMO_EXTERNAL_ID, ...names };
  const { trust, permissions, boundary } = roleDocuments(wanted, given);
  role(account, name, { trust: parsed(trust), inline: { exact: parsed(permissions) } });
  if (boundary !== undefined) managedPolicy(account, BOUNDARY.name, parsed(boundary), { path: BOUNDARY.path });
}

function parsed(document: object | undefined): PolicyDocument {
  return parsePolicy(JSON.stringify(document));
}

/** What somebody who wants this plan made would name in the parameters of the fixer. */
export function namesOf({ changes }: Pick<Plan, 'changes'>): Names {
  const calls = changes.flatMap((change) => (change.undo === undefined ? [change] : [change, change.undo]));
  const arns = (operations: RegExp, form: RegExp) =>
    calls
      .filter(({ operation }) => operations.test(operation))
      .flatMap(({ resource, input }) => JSON.stringify([resource, input]).match(form) ?? []);
  const unique = (found: readonly string[]) => [...new Set(found)];
  const buckets = calls.flatMap(({ operation, input }) => (operation.startsWith('s3:') ? [String(input.Bucket)] : []));
  return {
    buckets: unique(buckets.map((name) => `arn:aws:s3:::${name}`)),
    keys: unique(arns(/^kms:|EventDataStore$/, /arn:aws:kms:[\w-]+:\d{12}:key\/[\w-]+/g)),
    roles: unique(
      arns(/^cloudtrail:|^config:|^iam:(Put|Delete)RolePolicy$|^iam:Update/, /arn:aws:iam::\d{12}:role\/[^"\\]+/g),
    ).filter((arn) => !/:role\/(trail-check|aws-service-role)\//.test(arn)),
  };
}

/** Actions that a role is allowed, sorted. */
export function allowedActions({ permissions }: Role): string[] {
  const allowed = permissions.filter(({ effect }) => effect === 'Allow');
  return [...new Set(allowed.flatMap(({ actions }) => actions))].sort();
}
