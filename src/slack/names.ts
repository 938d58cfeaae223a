import { latestRuns } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { type AccountNames, accountNames } from './blocks/resource.ts';

/** Names of the accounts of a target, as its last run knew them. */
export async function namesFor({ store }: { store: Pick<Store, 'query'> }, target: string): Promise<AccountNames> {
  const [run] = await latestRuns(store.query, { target, limit: 1 });
  return accountNames(run?.counts);
}
