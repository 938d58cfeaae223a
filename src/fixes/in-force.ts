import { canonicalJson } from '../check/evaluators/canonical.ts';
import type { Config } from '../config/config.ts';
import type { Deciding } from './configuration-summary.ts';
import { type Earlier, earlierInForce } from './configurations.ts';
import type { FixesContext } from './context.ts';
import type { FixView } from './fix.ts';

type Deciders = Pick<FixesContext, 'store' | 'config'>;

/** A fix as another configuration, which is heard beside this one, sees it. */
export interface Elsewhere {
  config: Config;
  fix: Pick<FixView, 'proposal' | 'severity'>;
  until: Date | undefined;
}

/** How the configurations that are heard beside this one see a fix (decision 38). */
export async function seenByOthers(
  context: Deciders,
  { proposal, severity }: Pick<FixView, 'proposal' | 'severity'>,
): Promise<Elsewhere[]> {
  const { config } = context;
  return (await earlierInForce(context)).map(({ deciding, until }) => {
    const accounts = [...new Set(proposal.plan.changes.map(({ account }) => account))];
    const environments = accounts.map((id): [string, string[]] => [
      id,
      environmentsUnder(deciding, config, id, proposal.environments[id] ?? []),
    ]);
    const fix = { severity, proposal: { ...proposal, environments: Object.fromEntries(environments) } };
    return { config: configUnder(deciding, config), fix, until };
  });
}

/** The same for an account of which there is no plan. */
export async function accountSeenByOthers(
  context: Deciders,
  account: string,
  environments: readonly string[],
): Promise<{ config: Config; environments: string[]; until: Date | undefined }[]> {
  return (await earlierInForce(context)).map(({ deciding, until }) => ({
    config: configUnder(deciding, context.config),
    environments: environmentsUnder(deciding, context.config, account, environments),
    until,
  }));
}

/** This configuration with modes, exemptions and standing approvals no laxer than those of the ones heard beside it. */
export async function configInForce(context: Deciders): Promise<Config> {
  return strictest(context.config, await earlierInForce(context));
}

export function strictest(config: Config, earlier: readonly Pick<Earlier, 'deciding'>[]): Config {
  if (earlier.length === 0) return config;
  const all = earlier.map(({ deciding }) => deciding);
  const environments = Object.entries(config.environments).map(([name, environment]) => {
    const mode = strictestMode([environment.mode, ...all.map((each) => each.environments[name]?.mode)]);
    return [name, mode === undefined ? environment : { ...environment, mode }] as const;
  });
  return {
    ...config,
    environments: Object.fromEntries(environments),
    exemptions: inAll(
      config.exemptions,
      all.map(({ exemptions }) => exemptions),
    ),
    auto: inAll(
      config.auto,
      all.map(({ auto }) => auto),
    ),
  };
}

type Mode = NonNullable<Config['environments'][string]['mode']>;

/** From the strictest; an environment that says nothing asks people. */
const MODES: readonly Mode[] = ['observe', 'ask', 'auto'];

function strictestMode(modes: readonly (Mode | undefined)[]): Mode | undefined {
  if (modes.every((mode) => mode === undefined)) return undefined;
  return MODES.find((each) => modes.some((mode) => (mode ?? 'ask') === each));
}

function inAll<T>(list: readonly T[], others: readonly (readonly unknown[])[]): T[] {
  const known = others.map((other) => new Set(other.map((entry) => canonicalJson(entry))));
  return list.filter((entry) => known.every((texts) => texts.has(canonicalJson(entry))));
}

/** The environments that an account was in under another configuration, as far as that can be known: rather too many. */
function environmentsUnder(deciding: Deciding, config: Config, account: string, now: readonly string[]): string[] {
  return Object.entries(deciding.environments).flatMap(([name, { accounts = [], organization }]) => {
    if (accounts.some(({ id }) => id === account)) return [name];
    if (organization === undefined) return [];
    // The same selector chooses the same accounts; what another one would choose nobody knows any more.
    const present = config.environments[name];
    const same = present !== undefined && canonicalJson(present.organization ?? null) === canonicalJson(organization);
    return !same || now.includes(name) ? [name] : [];
  });
}

function configUnder({ approval, environments, exemptions, auto }: Deciding, config: Config): Config {
  return { ...config, approval, environments, exemptions, auto };
}
