import type { EnvironmentConfig } from '../config/config.ts';
import { matchesGlob } from '../config/glob.ts';
import { describeError, TrailCheckError } from '../ops/error.ts';
import type { TargetAws, TargetConfig } from './target.ts';

export interface Member {
  id: string;
  name: string;
}

type Selector = NonNullable<EnvironmentConfig['organization']>;

/** The session that may ask AWS Organizations, and where. */
interface Asking {
  session: ReturnType<TargetAws['reader']>;
  region: string;
}

/** All active accounts of the organization. */
export function listMembers(config: TargetConfig, aws: TargetAws): Promise<Member[]> {
  return asking(config, aws, async ({ session, region }) => {
    const members: Member[] = [];
    for await (const { Accounts } of session.pages('organizations:ListAccounts', region, {})) {
      members.push(...active(Accounts));
    }
    return members;
  });
}

/**
 * The active accounts that fit a selector: every kind it names (unit, tag, name) has to fit, and of several values of
 * one kind, one. Rejects when a unit is not found, so that a typing error does not become an empty environment.
 */
export async function selectMembers(selector: Selector, config: TargetConfig, aws: TargetAws): Promise<Member[]> {
  const { ou, tag, name } = selector;
  const all =
    ou === undefined
      ? await listMembers(config, aws)
      : await asking(config, aws, async (organization) => {
          const units = await Promise.all(ou.map((unit) => unitId(organization, unit)));
          const members = await Promise.all(units.map((unit) => membersBelow(organization, unit)));
          return [...new Map(members.flat().map((member) => [member.id, member])).values()];
        });
  const named = all.filter((member) => name === undefined || name.some((glob) => matchesGlob(member.name, glob)));
  if (tag === undefined) return named;
  return asking(config, aws, async (organization) => {
    const fits = await Promise.all(named.map(async ({ id }) => hasTags(await tagsOf(organization, id), tag)));
    return named.filter((_, index) => fits[index]);
  });
}

async function asking<T>(
  { aws: { region, organization } }: TargetConfig,
  aws: TargetAws,
  work: (asking: Asking) => Promise<T>,
): Promise<T> {
  const account = organization?.account ?? (await managementAccount(region, aws));
  try {
    return await work({ session: aws.reader(account), region });
  } catch (error) {
    if (error instanceof UnknownUnit) throw error;
    throw unreadable(account, error);
  }
}

/** Every account may ask which account manages its organization. */
async function managementAccount(region: string, aws: TargetAws): Promise<string> {
  const { account } = await aws.caller();
  try {
    const { Organization } = await aws.reader(account).call('organizations:DescribeOrganization', region, {});
    return Organization?.MasterAccountId ?? account;
  } catch (error) {
    throw unreadable(account, error);
  }
}

function unreadable(account: string, cause: unknown): TrailCheckError {
  return new TrailCheckError(`AWS Organizations cannot be read: ${describeError(cause)}`, {
    what: `organizations in account ${account}`,
    next: 'Set aws.organization.account to the management account or a delegated administrator whose reader role may list accounts.',
    cause,
  });
}

class UnknownUnit extends TrailCheckError {}

/** Id of a unit given by id, or by its path of names from the root. */
async function unitId({ session, region }: Asking, unit: string): Promise<string> {
  if (/^(ou-[a-z0-9]+-[a-z0-9]+|r-[a-z0-9]+)$/.test(unit)) return unit;
  const roots: string[] = [];
  for await (const { Roots = [] } of session.pages('organizations:ListRoots', region, {})) {
    roots.push(...Roots.flatMap(({ Id }) => Id ?? []));
  }
  let parent = roots[0] ?? '';
  for (const step of unit.split('/').filter((name) => name !== '' && name !== 'Root')) {
    const children = await unitsBelow({ session, region }, parent);
    const child = children.find(({ name }) => name === step);
    if (child === undefined) {
      const known = children.map(({ name }) => name).join(', ') || 'none';
      throw new UnknownUnit(`There is no organizational unit ${unit}`, {
        what: `${step} is not among: ${known}`,
        next: 'Correct `ou` of the environment in trail-check.yaml.',
      });
    }
    parent = child.id;
  }
  return parent;
}

async function unitsBelow({ session, region }: Asking, parent: string): Promise<Member[]> {
  const units: Member[] = [];
  const pages = session.pages('organizations:ListOrganizationalUnitsForParent', region, { ParentId: parent });
  for await (const { OrganizationalUnits = [] } of pages) {
    units.push(...OrganizationalUnits.map(({ Id = '', Name = '' }) => ({ id: Id, name: Name })));
  }
  return units;
}

async function membersBelow(asking: Asking, unit: string): Promise<Member[]> {
  const { session, region } = asking;
  const members: Member[] = [];
  for await (const { Accounts } of session.pages('organizations:ListAccountsForParent', region, { ParentId: unit })) {
    members.push(...active(Accounts));
  }
  const units = await unitsBelow(asking, unit);
  const below = await Promise.all(units.map(({ id }) => membersBelow(asking, id)));
  return [...members, ...below.flat()];
}

interface ListedAccount {
  Id?: string | undefined;
  Name?: string | undefined;
  State?: string | undefined;
  Status?: string | undefined;
}

/** Only active accounts can be entered. `Status` is the name that `State` had until September 2026. */
function active(accounts: readonly ListedAccount[] = []): Member[] {
  return accounts
    .filter(({ State, Status }) => (State ?? Status) === 'ACTIVE')
    .map(({ Id = '', Name = '' }) => ({ id: Id, name: Name }));
}

async function tagsOf({ session, region }: Asking, account: string): Promise<Map<string, string>> {
  const tags = new Map<string, string>();
  for await (const { Tags = [] } of session.pages('organizations:ListTagsForResource', region, {
    ResourceId: account,
  })) {
    for (const { Key = '', Value = '' } of Tags) tags.set(Key, Value);
  }
  return tags;
}

function hasTags(tags: ReadonlyMap<string, string>, wanted: NonNullable<Selector['tag']>): boolean {
  return Object.entries(wanted).every(([key, globs]) => {
    const value = tags.get(key);
    return value !== undefined && globs.some((glob) => matchesGlob(value, glob));
  });
}
