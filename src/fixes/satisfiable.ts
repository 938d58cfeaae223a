import type { Config } from '../config/config.ts';
import type { AnyCheck } from '../posture/catalogue.ts';
import type { Directory, Person } from './people.ts';
import { hoursOf, type Policy, peopleNeeded, policyOf, stepUpNeeded, usualPlan } from './policy.ts';
import { nextOpening } from './windows.ts';

/** A policy that cannot work as it stands (`problem`), or works less than it seems to (`note`). */
export interface PolicyProblem {
  level: 'problem' | 'note';
  /** The environments it is about, or the accounts in none. */
  where: string;
  /** Checks whose fixes it concerns; absent: all. */
  checks?: readonly string[];
  what: string;
  next: string;
}

/**
 * What nobody could satisfy: no such users or groups, guests and deactivated people, fewer distinct people than are needed,
 * pinned lists without user ids, windows that never meet. Asks the workspace about everyone who is listed.
 */
export async function policyProblems(
  { config, directory, checks }: { config: Config; directory: Directory; checks: Iterable<AnyCheck> },
  now: Date,
): Promise<PolicyProblem[]> {
  const listed = createListed(directory);
  const fixable = [...checks].flatMap((check) => usualPlan(check) ?? []);
  const found: PolicyProblem[] = [];
  for (const environments of places(config)) {
    const where = environments.map((name) => name ?? 'accounts in no environment').join(' with ');
    for (const plan of fixable) {
      const policies = environments.map((name) => policyOf(config, plan, name));
      for (const problem of [...codesProblem(config, policies), ...(await problemsOf(policies, listed, now))])
        found.push({ ...problem, where, checks: [plan.check] });
    }
  }
  return merged(found, fixable.length);
}

/** Without a key no one-time code can be checked, so nobody's word would ever count. */
function codesProblem({ secrets }: Config, policies: readonly Policy[]): Found[] {
  if (stepUpNeeded(policies) !== 'code' || secrets.stepUpKey !== undefined) return [];
  return [problem('one-time codes are asked for, and there is no key for them', 'Set TRAIL_CHECK_STEP_UP_KEY.')];
}

/** Each environment that has fixes, accounts in none, and the sets of environments that share an account. */
function places({ environments }: Config): (string | undefined)[][] {
  const open = Object.entries(environments).filter(([, { mode }]) => mode !== 'observe');
  const names = open.map(([name]) => name);
  const accounts = new Set(open.flatMap(([, { accounts: listed = [] }]) => listed.map(({ id }) => id)));
  const shared = [...accounts].map((id) =>
    open.flatMap(([name, { accounts: listed = [] }]) => (listed.some((each) => each.id === id) ? [name] : [])),
  );
  const sets = [[undefined], ...names.map((name) => [name]), ...shared];
  return [...new Map(sets.map((set) => [JSON.stringify(set), set])).values()];
}

type Found = Pick<PolicyProblem, 'level' | 'what' | 'next'>;

async function problemsOf(policies: readonly Policy[], listed: Listed, now: Date): Promise<Found[]> {
  if (nextOpening(hoursOf(policies), now) === undefined) {
    return [problem('its change windows have no time in common', 'Let them meet, or take one out.')];
  }
  if (policies.some(({ approve }) => approve.length === 0)) {
    return [note('nobody may approve, so there are no buttons', 'List approvers under approval.default.approve.')];
  }
  const approvers = await listed.inAll(policies.map(({ approve, pin }) => ({ people: approve, pin })));
  const requesters = policies.some(({ request }) => request !== undefined)
    ? await listed.inAll(
        policies.flatMap(({ request, pin }) => (request === undefined ? [] : [{ people: request, pin }])),
      )
    : undefined;
  const details = [...new Set([...approvers.problems, ...(requesters?.problems ?? [])])];
  const needed = peopleNeeded(policies);
  const own = policies.every(({ requesterCounts }) => requesterCounts);
  const alone = needed === 1 && policies.every(({ direct }) => direct);
  const most = decidable(approvers.people, requesters?.people, { own, alone });
  const found = details.map((detail) => note(detail, 'Correct the list, or the people and groups in Slack.'));
  if (most < needed) found.unshift(problem(tooFew(needed, most), 'List more people, or ask for fewer.'));
  else if (decidable(approvers.people, requesters?.people, { own, alone: false }) < Math.max(2, needed)) {
    found.push(note('an undo takes two people, who are not there', 'List more people if fixes should be undone here.'));
  }
  const emergency = policies.flatMap(({ breakGlass, pin }) =>
    breakGlass.length === 0 ? [] : [{ people: breakGlass, pin }],
  );
  if (emergency.length === policies.length && (await listed.inAll(emergency)).people.length === 0) {
    found.push(problem('nobody of those who may break the glass could', 'Correct the list, or take it out.'));
  }
  return found;
}

/** How many words can be had at most, of people who are one by their e-mail, without the one who asked unless they count. */
function decidable(
  approvers: readonly Person[],
  requesters: readonly Person[] | undefined,
  { own, alone }: { own: boolean; alone: boolean },
): number {
  const all = distinct(approvers);
  if (alone || requesters === undefined || all.size === 0) return all.size;
  const asking = distinct(requesters);
  if (asking.size === 0) return 0;
  const outsider = [...asking].some((one) => !all.has(one));
  return own || outsider ? all.size : all.size - 1;
}

function distinct(people: readonly Person[]): Set<string> {
  return new Set(people.map(({ id, email }) => email ?? id));
}

function tooFew(needed: number, most: number): string {
  if (most === 0) return 'nobody can approve';
  return `only ${most} ${most === 1 ? 'person' : 'people'} can approve, and ${needed} ${needed === 1 ? 'is' : 'are'} needed`;
}

function problem(what: string, next: string): Found {
  return { level: 'problem', what, next };
}

function note(what: string, next: string): Found {
  return { level: 'note', what, next };
}

interface List {
  people: readonly string[];
  pin: boolean;
}

interface Listed {
  /** Full members whom every one of the lists names, and what is wrong with the lists. */
  inAll(lists: readonly List[]): Promise<{ people: Person[]; problems: string[] }>;
}

/** Looks each person and group up once. */
function createListed(directory: Directory): Listed {
  const people = new Map<string, Promise<Person | undefined>>();
  const groups = new Map<string, Promise<{ known: boolean; members: readonly string[] }>>();
  const person = (id: string) => {
    const asked = people.get(id) ?? directory.person(id);
    people.set(id, asked);
    return asked;
  };
  const group = (name: string) => {
    const asked = groups.get(name) ?? askGroup(directory, name);
    groups.set(name, asked);
    return asked;
  };
  async function resolve({ people: entries, pin }: List) {
    const ids = entries.filter((entry) => !isGroup(entry));
    const named = entries.filter(isGroup);
    const problems: string[] = [];
    if (pin && named.length > 0) problems.push(`${named.join(', ')} cannot count: pin takes listed user ids only`);
    const found = new Set(ids);
    for (const name of pin ? [] : named) {
      const { known, members } = await group(name);
      if (!known) problems.push(`there is no user group ${name} that the bot can see`);
      else if (members.length === 0) problems.push(`the user group ${name} is empty`);
      for (const id of members) found.add(id);
    }
    const looked = await Promise.all([...found].map(async (id) => ({ id, person: await person(id) })));
    for (const { id, person: one } of looked) {
      if (one === undefined) problems.push(`${id} is nobody in this workspace`);
      else if (!one.member && ids.includes(id))
        problems.push(`${one.name} (${id}) is a guest, deactivated, a bot or from elsewhere`);
    }
    return { people: looked.flatMap(({ person: one }) => (one?.member === true ? [one] : [])), problems };
  }
  return {
    async inAll(lists) {
      const all = await Promise.all(lists.map(resolve));
      const [first, ...others] = all.map(({ people: found }) => found);
      const inEach = (first ?? []).filter(({ id }) => others.every((found) => found.some((each) => each.id === id)));
      return { people: inEach, problems: [...new Set(all.flatMap(({ problems }) => problems))] };
    },
  };
}

function isGroup(entry: string): boolean {
  return entry.startsWith('S') || entry.startsWith('@');
}

async function askGroup(directory: Directory, name: string) {
  const [id, members] = await Promise.all([directory.groupId(name), directory.members(name)]);
  return { known: id !== undefined, members };
}

/** One entry for all checks of which the same is true. */
function merged(found: readonly PolicyProblem[], all: number): PolicyProblem[] {
  const groups = new Map<string, PolicyProblem & { checks: string[] }>();
  for (const { checks = [], ...rest } of found) {
    const key = JSON.stringify([rest.level, rest.where, rest.what]);
    const group = groups.get(key) ?? { ...rest, checks: [] };
    group.checks.push(...checks);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ checks, ...rest }) => (checks.length === all ? rest : { ...rest, checks }))
    .sort((one, other) => Number(other.level === 'problem') - Number(one.level === 'problem'));
}
