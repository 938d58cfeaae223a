import type { Config } from '../../config/config.ts';
import { latestRuns } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { runDetail } from '../summary.ts';

/**
 * Environments whose policies decide about a finding of this account: those that hold it, and those whose last run read
 * something there that they share (decision 35: the strictest environment's approvers).
 */
export async function environmentsConcerned(
  store: Pick<Store, 'query'>,
  { environments }: Pick<Config, 'environments'>,
  account: string,
): Promise<string[]> {
  const concerned = await Promise.all(
    Object.entries(environments).map(async ([name, { accounts = [] }]) => {
      if (accounts.some(({ id }) => id === account)) return [name];
      const [run] = await latestRuns(store.query, { target: name, limit: 1 });
      const detail = runDetail(run?.counts);
      const read = detail !== undefined && 'summary' in detail ? detail.summary.accounts : [];
      return read.some(({ id }) => id === account) ? [name] : [];
    }),
  );
  return concerned.flat();
}
