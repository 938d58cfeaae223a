/** A person as the workspace knows them at this moment; read anew before a decision counts. */
export interface Person {
  id: string;
  name: string;
  /** Verified e-mail in lower case: two accounts of one person are one person. */
  email?: string;
  /** Full member of a workspace of ours: no guest, no stranger from a shared channel, no bot, not deactivated. */
  member: boolean;
}

/** Where people and their groups are looked up. */
export interface Directory {
  person(id: string): Promise<Person | undefined>;
  /** User ids of a user group, by its id (`S…`) or handle (`@trail-approvers`). Empty when there is no such group. */
  members(group: string): Promise<readonly string[]>;
  /** The id (`S…`) of a user group, by its id or handle: only by that can it be mentioned. */
  groupId(group: string): Promise<string | undefined>;
  /** To be called before a decision counts: what is known about this person and about groups is asked anew. */
  forget(user: string): void;
}

/** Is the person named by a list of user ids and groups? `pin` accepts user ids only, for admins can edit groups. */
export async function isListed(
  user: string,
  list: readonly string[],
  directory: Directory,
  { pin }: { pin: boolean },
): Promise<boolean> {
  if (list.includes(user)) return true;
  if (pin) return false;
  const groups = list.filter((entry) => entry.startsWith('S') || entry.startsWith('@'));
  const members = await Promise.all(groups.map((group) => directory.members(group)));
  return members.some((ids) => ids.includes(user));
}

/** These people by id, as the workspace knows them now. */
export async function peopleOf(
  directory: Directory,
  users: readonly (string | undefined)[],
): Promise<Map<string, Person>> {
  const ids = [...new Set(users.filter((user) => user !== undefined))];
  const people = await Promise.all(ids.map((id) => directory.person(id)));
  return new Map(people.flatMap((person) => (person === undefined ? [] : [[person.id, person] as const])));
}

/** One person, by id or by verified e-mail. */
export function samePerson(people: Map<string, Person>, one: string, other: string | undefined): boolean {
  if (other === undefined) return false;
  const email = people.get(one)?.email;
  return one === other || (email !== undefined && email === people.get(other)?.email);
}
