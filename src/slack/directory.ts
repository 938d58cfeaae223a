import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Directory, Person } from '../fixes/people.ts';
import { createCache } from './cache.ts';
import { slackCode } from './errors.ts';

/** How long what Slack said about people and groups is believed. */
const TTL_MS = 60_000;
/** Groups are asked for anew before a decision, but no oftener: Slack allows 20 such calls a minute. */
const GROUPS_FRESH_MS = 5_000;

const user = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  is_restricted: z.boolean().default(false),
  is_ultra_restricted: z.boolean().default(false),
  is_stranger: z.boolean().default(false),
  is_email_confirmed: z.boolean().default(true),
  enterprise_user: z
    .object({ enterprise_id: z.string().optional(), teams: z.array(z.string()).default([]) })
    .optional(),
  profile: z.object({ display_name: z.string().optional(), email: z.string().optional() }).default({}),
});
const groups = z.array(z.object({ id: z.string(), handle: z.string(), users: z.array(z.string()).default([]) }));

/** Slack says of its own bot that it is none. */
const SLACKBOT = 'USLACKBOT';

/** Who the bot is: users of another team come from a shared channel. */
export interface Workspace {
  teamId: string;
  enterpriseId: string | undefined;
}

/** People and user groups of the workspace, as Slack knows them. */
export function createDirectory(
  web: WebClient,
  { now, workspace }: { now: () => Date; workspace: () => Promise<Workspace> },
): Directory {
  const people = createCache<Person | undefined>({ ttlMs: TTL_MS, now });
  const all = createCache<z.output<typeof groups>>({ ttlMs: TTL_MS, now });
  const allGroups = () =>
    all.get('groups', async () => groups.parse((await web.usergroups.list({ include_users: true })).usergroups ?? []));
  const groupNamed = async (group: string) => {
    const wanted = group.replace(/^@/, '');
    return (await allGroups()).find(({ id, handle }) => id === wanted || handle === wanted);
  };

  return {
    person: (id) => people.get(id, () => askPerson(web, id, workspace)),
    members: async (group) => (await groupNamed(group))?.users ?? [],
    groupId: async (group) => (await groupNamed(group))?.id,
    forget(id) {
      people.forget(id);
      all.forget('groups', GROUPS_FRESH_MS);
    },
  };
}

async function askPerson(web: WebClient, id: string, ours: () => Promise<Workspace>): Promise<Person | undefined> {
  try {
    const [answer, workspace] = await Promise.all([web.users.info({ user: id }), ours()]);
    return toPerson(user.parse(answer.user), workspace);
  } catch (error) {
    if (slackCode(error) === 'user_not_found' || slackCode(error) === 'user_not_visible') return undefined;
    throw error;
  }
}

function toPerson(found: z.output<typeof user>, { teamId, enterpriseId }: Workspace): Person {
  const { profile } = found;
  const { enterprise_id: enterprise, teams = [] } = found.enterprise_user ?? {};
  // In an organization of several workspaces a person has one home; they are ours if they are in this workspace too.
  const within = enterpriseId !== undefined && enterprise === enterpriseId && teams.includes(teamId);
  const ours = found.team_id === teamId || within;
  const guest = found.is_restricted || found.is_ultra_restricted || found.is_stranger;
  const name = [profile.display_name, found.real_name, found.name].find((each) => each !== undefined && each !== '');
  return {
    id: found.id,
    name: name ?? found.id,
    member: ours && !guest && !found.deleted && !found.is_bot && found.id !== SLACKBOT,
    ...(profile.email !== undefined && found.is_email_confirmed ? { email: profile.email.toLowerCase() } : {}),
  };
}
