import { z } from 'zod';
import { endOf } from '../../fixes/configurations.ts';
import { CONFIRMATIONS_NEEDED, confirmationsOf } from '../../fixes/confirm-configuration.ts';
import { problemsOf } from '../../fixes/report-problems.ts';
import { configurationsSeen, findConfiguration } from '../../store/configurations.ts';
import type { Store } from '../../store/store.ts';
import { type ConfigurationNews, configurationMessage, problemsMessage } from '../blocks/configuration.ts';
import type { Rendered } from './render.ts';

const changes = z.array(z.string());

/** The message about a changed configuration. */
export async function renderConfiguration({ store }: { store: Store }, hash: string): Promise<Rendered | undefined> {
  const stored = await findConfiguration(store.query, hash);
  if (stored === undefined) return undefined;
  const [latest] = await configurationsSeen(store.query);
  const message = configurationMessage({
    hash,
    changes: changes.parse(stored.changes),
    since: stored.since,
    until: endOf(stored),
    confirmedBy: confirmationsOf(stored).map(({ user }) => user),
    needed: CONFIRMATIONS_NEEDED,
    state: stateOf(stored, latest?.hash),
  });
  return { message, fleeting: false };
}

function stateOf(
  { hash, confirmedAt, settledAt }: { hash: string; confirmedAt: Date | null; settledAt: Date | null },
  latest: string | undefined,
): ConfigurationNews['state'] {
  if (confirmedAt !== null) return 'confirmed';
  if (settledAt !== null) return 'settled';
  return hash === latest ? 'open' : 'replaced';
}

/** The message about policies that nobody can satisfy. */
export async function renderProblems({ store }: { store: Store }, hash: string): Promise<Rendered | undefined> {
  const stored = await findConfiguration(store.query, hash);
  return stored === undefined ? undefined : { message: problemsMessage(problemsOf(stored)), fleeting: false };
}
