import { isUnreadable, mapPart, read } from './part.ts';
import type { Place, Reading } from './reading.ts';
import type { OrganizationPolicies, Part } from './types.ts';

type Tree = Pick<OrganizationPolicies, 'enabled' | 'parents' | 'roots'>;
type Policy = OrganizationPolicies['policies'][string];

/** Roots, units and service control policies, as the account at `place` may see them. */
export async function readPolicyTree(reading: Reading, place: Place): Promise<Part<OrganizationPolicies>> {
  const tree = await readTree(reading, place);
  if (tree.state !== 'read') return tree;
  // The type that is off cannot be listed (PolicyTypeNotEnabledException), and nothing of it is in force.
  if (!tree.value.enabled) return read({ ...tree.value, policies: {} });
  return mapPart(await readPolicies(reading, place), (policies) => ({ ...tree.value, policies }));
}

async function readTree(reading: Reading, place: Place): Promise<Part<Tree>> {
  const pages = await reading.askAll('organizations:ListRoots', place, {});
  if (pages.state !== 'read') return pages;
  const roots = pages.value.flatMap(({ Roots = [] }) => Roots);
  const enabled = roots.some(({ PolicyTypes = [] }) =>
    PolicyTypes.some(({ Type, Status }) => Type === 'SERVICE_CONTROL_POLICY' && Status === 'ENABLED'),
  );
  const ids = roots.flatMap(({ Id }) => Id ?? []);
  const parents: { [id: string]: string } = {};
  const below = await Promise.all(ids.map((id) => addBelow(reading, place, id, parents)));
  const refused = below.find(isUnreadable);
  return refused ?? read({ enabled, parents, roots: ids });
}

/** Adds what hangs below a root or unit, however deep; gives what stood in the way. */
async function addBelow(
  reading: Reading,
  place: Place,
  parent: string,
  parents: { [id: string]: string },
): Promise<Part<true>> {
  const [accounts, units] = await Promise.all([
    reading.askAll('organizations:ListAccountsForParent', place, { ParentId: parent }),
    reading.askAll('organizations:ListOrganizationalUnitsForParent', place, { ParentId: parent }),
  ]);
  if (accounts.state !== 'read') return accounts;
  if (units.state !== 'read') return units;
  const unitIds = units.value
    .flatMap(({ OrganizationalUnits = [] }) => OrganizationalUnits)
    .flatMap(({ Id }) => Id ?? []);
  const accountIds = accounts.value.flatMap(({ Accounts = [] }) => Accounts).flatMap(({ Id }) => Id ?? []);
  for (const id of [...unitIds, ...accountIds]) parents[id] = parent;
  const below = await Promise.all(unitIds.map((id) => addBelow(reading, place, id, parents)));
  return below.find(isUnreadable) ?? read(true);
}

async function readPolicies(reading: Reading, place: Place): Promise<Part<{ [id: string]: Policy }>> {
  const pages = await reading.askAll('organizations:ListPolicies', place, { Filter: 'SERVICE_CONTROL_POLICY' });
  if (pages.state !== 'read') return pages;
  const listed = pages.value.flatMap(({ Policies = [] }) => Policies);
  const policies: { [id: string]: Policy } = {};
  const all = await Promise.all(
    listed.map(async ({ Id: id = '', Name = '', AwsManaged = false }) => {
      const [document, targets] = await Promise.all([
        reading.ask('organizations:DescribePolicy', place, { PolicyId: id }),
        reading.askAll('organizations:ListTargetsForPolicy', place, { PolicyId: id }),
      ]);
      if (document.state !== 'read') return document;
      if (targets.state !== 'read') return targets;
      policies[id] = {
        Name,
        AwsManaged,
        Content: document.value.Policy?.Content ?? '',
        targets: targets.value.flatMap(({ Targets = [] }) => Targets).flatMap(({ TargetId }) => TargetId ?? []),
      };
      return read(true);
    }),
  );
  return all.find(isUnreadable) ?? read(policies);
}
