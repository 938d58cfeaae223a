import { SlackError } from '../errors.ts';
import type { Dict } from '../json.ts';
import type { Person, UserGroup, Workspace } from '../types.ts';
import { flag, type Method, paged, required } from './call.ts';

export const info: Method = ({ site, args }) => {
  const wanted = required(args, 'user');
  const user = everyone(site.workspace).find(({ id }) => id === wanted);
  if (!user) throw new SlackError('user_not_found');
  return { user };
};

export const listAll: Method = ({ site, args }) => {
  const { page, next } = paged(args, everyone(site.workspace), 100, 1000);
  return { members: page, cache_ts: Math.floor(site.workspace.now() / 1000), response_metadata: { next_cursor: next } };
};

export const lookupByEmail: Method = ({ site, args }) => {
  const email = required(args, 'email').toLowerCase();
  const person = site.workspace.people.find((candidate) => candidate.email === email);
  if (!person) throw new SlackError('users_not_found');
  return { user: userObject(site.workspace, person) };
};

export const groups: Method = ({ site, args }) => {
  const withUsers = flag(args, 'include_users');
  return { usergroups: site.workspace.groups.map((group) => groupObject(site.workspace, group, withUsers)) };
};

export const groupUsers: Method = ({ site, args }) => {
  const wanted = required(args, 'usergroup');
  const group = site.workspace.groups.find(({ id }) => id === wanted);
  if (!group) throw new SlackError('no_such_subteam');
  return { users: group.users };
};

function everyone(workspace: Workspace): Dict[] {
  return [...workspace.people.map((person) => userObject(workspace, person)), botObject(workspace)];
}

function userObject(workspace: Workspace, person: Person): Dict {
  return {
    id: person.id,
    team_id: person.team_id ?? workspace.team.id,
    name: person.name,
    real_name: person.real_name,
    deleted: person.deleted ?? false,
    tz: 'Europe/Lisbon',
    is_admin: false,
    is_owner: false,
    is_restricted: person.is_restricted,
    is_ultra_restricted: false,
    is_bot: person.is_bot ?? false,
    is_app_user: false,
    is_email_confirmed: true,
    is_stranger: person.is_stranger ?? false,
    ...(person.enterprise_user === undefined ? {} : { enterprise_user: person.enterprise_user }),
    profile: {
      real_name: person.real_name,
      display_name: person.name,
      title: person.title,
      email: person.email,
      team: workspace.team.id,
    },
  };
}

function botObject({ app, team }: Workspace): Dict {
  return {
    id: app.botUser,
    team_id: team.id,
    name: app.name,
    real_name: app.name,
    deleted: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: true,
    is_app_user: false,
    profile: { real_name: app.name, display_name: app.name, api_app_id: app.id, bot_id: app.botId, team: team.id },
  };
}

function groupObject(workspace: Workspace, group: UserGroup, withUsers: boolean): Dict {
  return {
    id: group.id,
    team_id: workspace.team.id,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    date_delete: 0,
    user_count: group.users.length,
    ...(withUsers ? { users: group.users } : {}),
  };
}
