import type { State } from './types.ts';

/** What ids are called in this workspace; undefined where nobody has that id. */
export interface Names {
  user(id: string): string | undefined;
  channel(id: string): string | undefined;
  usergroup(id: string): string | undefined;
}

/** Looks names up in the state of the page. */
export function namesOf(state: State): Names {
  const users = new Map(state.people.map((person) => [person.id, person.real_name]));
  users.set(state.bot.user_id, state.bot.name);
  const channels = new Map(state.channels.map((channel) => [channel.id, channel.name]));
  const groups = new Map((state.usergroups ?? []).map((group) => [group.id, group.handle]));
  return {
    user: (id) => users.get(id),
    channel: (id) => channels.get(id),
    usergroup: (id) => groups.get(id),
  };
}
