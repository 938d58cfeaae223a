import type { Config } from '../config/config.ts';
import type { Db } from '../store/database.ts';
import { fixesIn } from '../store/fixes.ts';
import { beginFreeze, type Freeze, findFreeze, liftFreeze, openFreezes, requestLift } from '../store/freezes.ts';
import type { Tx } from '../store/store.ts';
import { earlierInForce } from './configurations.ts';
import type { FixesContext } from './context.ts';
import type { FixView } from './fix.ts';
import { isListed, peopleOf, samePerson } from './people.ts';
import type { PolicyConfig } from './policy.ts';

export type FreezeAnswer = { ok: true; freeze: Freeze; lifted: boolean } | { ok: false; message: string };

type FreezeContext = Pick<FixesContext, 'store' | 'config' | 'directory' | 'logger'>;

/** The freeze that stops a fix, if one is on: everywhere, or in an environment that it touches (decision 36). */
export async function freezeFor(db: Db, { proposal }: Pick<FixView, 'proposal'>): Promise<Freeze | undefined> {
  const touched = Object.values(proposal.environments).flat();
  const all = await openFreezes(db);
  return all.find(({ environment }) => environment === null || touched.includes(environment));
}

/** Stops all fixes of an environment, or of the estate, at once: any approver there may, and it runs before the next call. */
export async function freeze(
  context: FreezeContext,
  { environment, reason, user }: { environment: string | undefined; reason: string; user: string },
): Promise<FreezeAnswer> {
  const refusal = await notAllowed(context, environment, user);
  if (refusal !== undefined) return { ok: false, message: refusal };
  return context.store.transaction(async (tx) => {
    const begun = await beginFreeze(tx, { environment: environment ?? null, reason, by: user });
    if (begun === undefined) return { ok: false, message: `${placeOf(environment ?? null)} is frozen already.` };
    tx.audit({ actor: user, action: 'freeze.begun', subject: subjectOf(begun), data: { environment, reason } });
    await say(context.config, tx, begun);
    return { ok: true, freeze: begun, lifted: false };
  });
}

/** One word of the two that lift a freeze; what waited goes on after the second. */
export async function lift(context: FreezeContext, { id, user }: { id: string; user: string }): Promise<FreezeAnswer> {
  const found = await findFreeze(context.store.query, id);
  if (found === undefined) return { ok: false, message: 'There is no such freeze.' };
  const environment = found.environment ?? undefined;
  const refusal =
    (await notAllowed(context, environment, user)) ?? (await notAllowedBefore(context, environment, user));
  if (refusal !== undefined) return { ok: false, message: refusal };
  const people = await peopleOf(context.directory, [user, found.liftRequestedBy ?? undefined]);
  return context.store.transaction(async (tx): Promise<FreezeAnswer> => {
    const current = await findFreeze(tx.query, id);
    if (current === undefined || current.liftedAt !== null) return { ok: false, message: 'It is lifted already.' };
    const first = current.liftRequestedBy;
    if (first !== null && samePerson(people, user, first)) {
      return { ok: false, message: 'You have asked for it already: a second person has to agree.' };
    }
    // Somebody asked between the two reads, who may be the same person under another id: ask again.
    if (first !== found.liftRequestedBy) return { ok: false, message: 'Somebody was quicker. Look again.' };
    const second = first !== null;
    const moved = second ? await liftFreeze(tx, id, user) : await requestLift(tx, id, user);
    if (!moved) return { ok: false, message: 'Somebody was quicker. Look again.' };
    tx.audit({ actor: user, action: second ? 'freeze.lifted' : 'freeze.lift-requested', subject: subjectOf(current) });
    if (second) await goOn(tx);
    const freeze = (await findFreeze(tx.query, id)) ?? current;
    await say(context.config, tx, freeze);
    return { ok: true, freeze, lifted: second };
  });
}

/** Approved fixes look again whether they may run. */
async function goOn(tx: Tx): Promise<void> {
  for (const { id } of await fixesIn(tx.query, ['approved'])) await tx.enqueue('fix.apply', { fixId: id });
}

async function notAllowed(
  { config, directory }: FreezeContext,
  environment: string | undefined,
  user: string,
): Promise<string | undefined> {
  if (environment !== undefined && config.environments[environment] === undefined) {
    return `There is no environment "${environment}".`;
  }
  const person = await directory.person(user);
  if (person?.member !== true) return 'Only full members of this workspace can do that.';
  const approvers = approversOf(config, environment);
  if (await isListed(user, approvers, directory, { pin: config.approval.default.pin })) return undefined;
  return `Only approvers of ${environment ?? 'this installation'} can freeze it, and lift a freeze.`;
}

/** While a changed configuration settles, only who was an approver before it too may lift a freeze (decision 38). */
async function notAllowedBefore(
  context: FreezeContext,
  environment: string | undefined,
  user: string,
): Promise<string | undefined> {
  for (const { deciding } of await earlierInForce(context)) {
    const { pin } = deciding.approval.default;
    if (await isListed(user, approversOf(deciding, environment), context.directory, { pin })) continue;
    return 'The configuration has just changed: only approvers of the one before it too can lift a freeze.';
  }
  return undefined;
}

/** Everyone who may approve anything there. */
export function approversOf({ approval, environments }: PolicyConfig, environment: string | undefined): string[] {
  const own = environment === undefined ? Object.values(environments) : [environments[environment]];
  const rules = approval.rules.filter(
    ({ when }) => environment === undefined || when.environment === undefined || when.environment.includes(environment),
  );
  const lists = [
    approval.default.approve,
    ...own.map((each) => each?.approval?.approve),
    ...rules.map((rule) => rule.approve),
  ];
  return [...new Set(lists.flatMap((list) => list ?? []))];
}

/** Said where people look: the audit channel, and the channels of what is frozen. */
async function say({ audit, slack, environments }: Config, tx: Tx, { id, environment }: Freeze): Promise<void> {
  const places = environment === null ? Object.values(environments) : [environments[environment]];
  const named = places.flatMap((place) => place?.channels ?? []);
  const channels = new Set([audit.channel, ...(named.length === 0 ? [slack.channel] : named)]);
  for (const channel of channels) {
    if (channel !== undefined)
      await tx.say({ key: `freeze:${id}:${channel}`, channel, subject: { kind: 'freeze', id } });
  }
}

function subjectOf({ id }: Freeze) {
  return { kind: 'freeze', id };
}

/** What is frozen, in words. */
export function placeOf(environment: string | null): string {
  return environment === null ? 'Everything' : environment;
}
