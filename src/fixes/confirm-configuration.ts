import { z } from 'zod';
import { canonicalJson } from '../check/evaluators/canonical.ts';
import {
  type Confirmation,
  findConfiguration,
  lockConfigurations,
  type StoredConfiguration,
  saveConfirmations,
} from '../store/configurations.ts';
import { type Deciding, decidingHash, decidingOf } from './configuration-summary.ts';
import { earlierInForce, sayAgain, subjectOf } from './configurations.ts';
import type { FixesContext } from './context.ts';
import { isListed, peopleOf, samePerson } from './people.ts';

/** Approvers of the old configuration who must say that the new one is right. */
export const CONFIRMATIONS_NEEDED = 2;

export type Confirmed = { ok: true; confirmed: boolean; message: string } | { ok: false; message: string };

const confirmations = z.array(z.object({ user: z.string(), at: z.string() }));

export function confirmationsOf({ confirmations: kept }: Pick<StoredConfiguration, 'confirmations'>): Confirmation[] {
  return confirmations.parse(kept);
}

/**
 * One person's word that the present configuration is right: with the second, it holds alone (decision 38). It takes
 * approvers of every configuration that is heard beside it, two people by their e-mail. `hash`: the one that was shown.
 */
export async function confirmConfiguration(
  context: Pick<FixesContext, 'store' | 'config' | 'directory'>,
  { user, hash }: { user: string; hash?: string },
): Promise<Confirmed> {
  const { store, config, directory } = context;
  const deciding = decidingOf(config);
  const own = decidingHash(deciding);
  if (hash !== undefined && hash !== own) return no('This configuration is no longer in force, or runs elsewhere.');
  const settling = (await earlierInForce(context)).filter(({ until }) => until !== undefined);
  const stored = await findConfiguration(store.query, own);
  if (stored === undefined || settling.length === 0) return no('There is no change of the configuration to confirm.');
  const allowed = (who: string) =>
    mayConfirm(
      who,
      settling.map((each) => each.deciding),
      deciding,
      directory,
    );
  if (!(await allowed(user))) {
    return no('Only approvers of the configuration before this one may confirm it, full members whom it lists.');
  }
  const before = confirmationsOf(stored);
  const people = await peopleOf(directory, [user, ...before.map((each) => each.user)]);
  const still = await Promise.all(before.map(async (each) => ((await allowed(each.user)) ? [each] : [])));
  return store.transaction(async (tx): Promise<Confirmed> => {
    await lockConfigurations(tx);
    const current = await findConfiguration(tx.query, own);
    if (current === undefined || current.confirmedAt !== null) return no('It is confirmed already.');
    if (canonicalJson(confirmationsOf(current)) !== canonicalJson(before))
      return no('Somebody was quicker. Try again.');
    const counting = still.flat();
    if (counting.some((each) => samePerson(people, user, each.user))) {
      return no('You have confirmed it already: a second person has to agree.');
    }
    const all = [...counting, { user, at: tx.at.toISOString() }];
    const confirmed = all.length >= CONFIRMATIONS_NEEDED;
    await saveConfirmations(tx, own, { confirmations: all, confirmed });
    const action = confirmed ? 'configuration.confirmed' : 'configuration.confirmation';
    tx.audit({ actor: user, action, subject: subjectOf(own), data: { by: all.map((each) => each.user) } });
    await sayAgain(tx, own);
    const message = confirmed
      ? 'Confirmed: the new configuration holds alone from now on.'
      : `Noted: ${all.length} of ${CONFIRMATIONS_NEEDED}. A second approver of the configuration before has to agree.`;
    return { ok: true, confirmed, message };
  });
}

function no(message: string): Confirmed {
  return { ok: false, message };
}

/** Is the person an approver of what was changed, under every one of these configurations? */
async function mayConfirm(
  user: string,
  before: readonly Deciding[],
  after: Deciding,
  directory: FixesContext['directory'],
): Promise<boolean> {
  const person = await directory.person(user);
  if (person?.member !== true) return false;
  const listed = await Promise.all(
    before.flatMap((deciding) => {
      const lists = approversOfChanged(deciding, after);
      // With nobody to approve there is nobody to confirm: the day has to pass.
      return lists.length === 0
        ? [Promise.resolve(false)]
        : lists.map(({ people, pin }) => isListed(user, people, directory, { pin }));
    }),
  );
  return listed.every(Boolean);
}

interface Approvers {
  people: readonly string[];
  pin: boolean;
}

/** The approvers of the default, and of each environment and rule that is no longer as it was. */
function approversOfChanged({ approval, environments }: Deciding, after: Deciding): Approvers[] {
  const rules = new Set(after.approval.rules.map((rule) => canonicalJson(rule)));
  const places = Object.entries(environments).filter(
    ([name, place]) => canonicalJson(place) !== canonicalJson(after.environments[name] ?? null),
  );
  const layers = [
    approval.default,
    ...places.map(([, { approval: own }]) => own),
    ...approval.rules.filter((rule) => !rules.has(canonicalJson(rule))),
  ];
  return layers.flatMap((layer) => {
    const people = layer?.approve ?? [];
    return people.length === 0 ? [] : [{ people, pin: layer?.pin === true || approval.default.pin }];
  });
}
