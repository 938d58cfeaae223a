import type { Aws } from '../aws/aws.ts';
import type { Config } from '../config/config.ts';
import { suggest } from '../config/suggest.ts';
import { environmentsOf } from './account-facts.ts';
import { listMembers, type Member, selectMembers } from './members.ts';

export interface TargetAccount {
  id: string;
  name: string;
  /** Names of the environments that hold it. */
  environments: string[];
}

/** The accounts behind a word that a person typed. */
export interface Target {
  name: string;
  accounts: TargetAccount[];
}

export type TargetConfig = Pick<Config, 'aws' | 'environments'>;
export type TargetAws = Pick<Aws, 'reader' | 'caller'>;

/**
 * What `<target>` means: an environment, an account id, the name or alias of an account; without a word the account of
 * the default credentials. When nothing fits, names that were probably meant. Rejects with a TrailCheckError when an
 * environment is selected from AWS Organizations and that cannot be read.
 */
export async function resolveTarget(
  word: string | undefined,
  config: TargetConfig,
  aws: TargetAws,
): Promise<Target | { suggestions: string[] }> {
  if (word === undefined) {
    const { account } = await aws.caller();
    return { name: account, accounts: [accountFrom(account, config)] };
  }
  if (Object.hasOwn(config.environments, word)) return environmentTarget(word, config, aws);
  if (/^\d{12}$/.test(word)) return { name: word, accounts: [accountFrom(word, config)] };
  return namedAccount(word, config, aws);
}

async function environmentTarget(name: string, config: TargetConfig, aws: TargetAws): Promise<Target> {
  const { accounts = [], organization } = config.environments[name] ?? {};
  const selected = organization === undefined ? [] : await selectMembers(organization, config, aws);
  const found = new Map<string, TargetAccount>();
  for (const { id, name: called } of selected) {
    const environments = [...new Set([name, ...environmentsOf(id, config)])];
    found.set(id, { id, name: called, environments });
  }
  for (const { id, name: called } of accounts) {
    const known = found.get(id) ?? accountFrom(id, config);
    found.set(id, called === undefined ? known : { ...known, name: called });
  }
  return { name, accounts: [...found.values()] };
}

/** An account by its name in the configuration, by its alias, or by its name in AWS Organizations. */
async function namedAccount(
  word: string,
  config: TargetConfig,
  aws: TargetAws,
): Promise<Target | { suggestions: string[] }> {
  const listed = listedAccounts(config);
  const same = (name: string | undefined) => name?.toLowerCase() === word.toLowerCase();
  const byName = listed.find(({ name }) => same(name));
  if (byName !== undefined) return { name: word, accounts: [accountFrom(byName.id, config)] };
  const ids = [...new Set(listed.map(({ id }) => id))];
  const [members, aliases] = await Promise.all([
    // Without AWS Organizations a name can still be one that the configuration or an alias tells.
    listMembers(config, aws).catch((): Member[] => []),
    Promise.all(ids.map(async (id) => ({ id, alias: await aliasOf(id, config, aws) }))),
  ]);
  const id = aliases.find(({ alias }) => same(alias))?.id ?? members.find(({ name }) => same(name))?.id;
  if (id !== undefined) return { name: word, accounts: [{ ...accountFrom(id, config), name: word }] };
  const names = [
    ...Object.keys(config.environments),
    ...listed.map(({ name }) => name),
    ...aliases.map(({ alias }) => alias),
    ...members.map(({ name }) => name),
  ].filter((name) => name !== undefined);
  const near = suggest(word, names);
  return { suggestions: near === undefined ? [] : [near] };
}

/** An account that does not tell its alias has none for us. */
async function aliasOf(
  account: string,
  { aws: { region } }: TargetConfig,
  aws: TargetAws,
): Promise<string | undefined> {
  try {
    const { AccountAliases = [] } = await aws.reader(account).call('iam:ListAccountAliases', region, {});
    return AccountAliases[0];
  } catch {
    return undefined;
  }
}

function accountFrom(id: string, config: TargetConfig): TargetAccount {
  const name = listedAccounts(config).find((account) => account.id === id && account.name !== undefined)?.name;
  return { id, name: name ?? id, environments: environmentsOf(id, config) };
}

function listedAccounts({ environments }: TargetConfig): { id: string; name?: string }[] {
  return Object.values(environments).flatMap(({ accounts = [] }) => accounts);
}
