import type { Config, EnvironmentConfig } from '../config/config.ts';
import type { Directory } from '../fixes/people.ts';
import { isListed } from '../fixes/people.ts';
import type { Channels } from './channels.ts';

/** Who asks, and where: no channel is the person's own Home. */
export interface Asker {
  user: string;
  channel?: string;
}

/** Who may see what, and where (decision 10). Each question is answered by why not, or by nothing. */
export interface Access {
  /** Full members of this workspace only: no guests, nobody from elsewhere. */
  member(user: string): Promise<string | undefined>;
  /** May this person see the answers about a target (environment, account, alias) in this channel? */
  target(asker: Asker, target: string): Promise<string | undefined>;
  /** The environments that the person may see in a place of their own. */
  visible(user: string): Promise<string[]>;
}

export function createAccess({
  config,
  directory,
  channels,
}: {
  config: Config;
  directory: Directory;
  channels: Channels;
}): Access {
  async function member(user: string) {
    const person = await directory.person(user);
    return person?.member === true ? undefined : 'Only full members of this workspace can use trail-check.';
  }

  async function place(channel: string | undefined, environment: EnvironmentConfig) {
    const { channels: listed, viewers } = environment;
    if (listed === undefined) return true;
    // Bound to channels and to nobody by name: it is shown there alone.
    if (channel === undefined) return viewers !== undefined;
    if (listed.includes(channel)) return true;
    const found = await channels.info(channel);
    return found !== undefined && listed.includes(`#${found.name}`);
  }

  async function target({ user, channel }: Asker, wanted: string) {
    const refusal = await member(user);
    if (refusal !== undefined) return refusal;
    // Direct messages have two people in them, whom the bot knows; every other channel may reach into other companies.
    if (channel !== undefined && !channel.startsWith('D')) {
      const found = await channels.info(channel);
      if (found === undefined) return 'trail-check cannot see this channel. Invite it with /invite first.';
      if (found.shared) return 'This channel is shared with another company, so nothing is shown here.';
    }
    for (const [name, environment] of meant(config, wanted)) {
      const { viewers } = environment;
      if (viewers !== undefined && !(await isListed(user, viewers, directory, { pin: false }))) {
        return `You are not among the viewers of "${name}".`;
      }
      if (!(await place(channel, environment))) return `"${name}" is not shown in this channel.`;
    }
    return undefined;
  }

  return {
    member,
    target,
    async visible(user) {
      if ((await member(user)) !== undefined) return [];
      const names = Object.keys(config.environments);
      const refusals = await Promise.all(names.map((name) => target({ user }, name)));
      return names.filter((_, at) => refusals[at] === undefined);
    },
  };
}

/**
 * Environments whose limits apply to a target. For an account these are all that name it, and all that choose their
 * accounts from AWS Organizations: which those are is not known before AWS was asked, so the strictest applies.
 */
function meant({ environments }: Config, target: string): [string, EnvironmentConfig][] {
  const exact = environments[target];
  if (exact !== undefined) return [[target, exact]];
  return Object.entries(environments).filter(
    ([, { accounts = [], organization }]) =>
      organization !== undefined || accounts.some(({ id, name }) => id === target || name === target),
  );
}
