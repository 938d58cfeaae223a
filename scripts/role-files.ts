import { DEFAULT_FAMILIES } from '../src/doctor/iam/families.ts';
import { fixerRole } from '../src/doctor/iam/fixer.ts';
import { givenFrom } from '../src/doctor/iam/given.ts';
import { printRole } from '../src/doctor/iam/print.ts';
import { readerRole } from '../src/doctor/iam/reader.ts';
import { type Catalogue, partsNeeded } from '../src/posture/catalogue.ts';

/** The roles for all checks as templates, with nothing filled in; the fixer with the families it has by default. */
export function roleFiles(catalogue: Catalogue): (readonly [path: string, text: string])[] {
  const checks = [...catalogue.values()];
  const operations = checks.map(({ fix }) => fix.operations);
  const roles = [readerRole([...partsNeeded(checks)]), fixerRole(operations, DEFAULT_FAMILIES)];
  const given = givenFrom({ buckets: [], keys: [], roles: [] }, 'aws');
  return roles.flatMap((role) => [
    [`deploy/roles/${role.kind}.cloudformation.yaml`, printRole(role, given, 'cloudformation')] as const,
    [`deploy/roles/${role.kind}.tf`, printRole(role, given, 'terraform')] as const,
  ]);
}
