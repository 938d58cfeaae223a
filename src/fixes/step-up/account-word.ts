import { runDetail } from '../../posture/summary.ts';
import { latestRuns } from '../../store/runs.ts';
import type { FixesContext } from '../context.ts';
import type { FixView } from '../fix.ts';

/** What an approver types: the name of the account whose log a fix changes, its id where it has no name. */
export interface AccountWord {
  account: string;
  word: string;
}

/** The account that the first call of a plan changes, by the name that the last run knew it under. */
export async function accountWord(
  context: Pick<FixesContext, 'store' | 'config'>,
  { proposal }: FixView,
): Promise<AccountWord> {
  const account = proposal.plan.changes[0]?.account ?? proposal.finding.account;
  return wordOf(context, account, proposal.target);
}

/** An account by the name that the configuration or the last run of a target knows it under. */
export async function wordOf(
  { store, config }: Pick<FixesContext, 'store' | 'config'>,
  account: string,
  target: string,
): Promise<AccountWord> {
  const [run] = await latestRuns(store.query, { target, limit: 1 });
  const detail = runDetail(run?.counts);
  const lines = detail !== undefined && 'summary' in detail ? detail.summary.accounts : undefined;
  const seen = Array.isArray(lines) ? lines.find(({ id }) => id === account)?.name : undefined;
  const named = Object.values(config.environments)
    .flatMap(({ accounts = [] }) => accounts)
    .find(({ id }) => id === account)?.name;
  // On one line, as it is shown: nobody can type a line break.
  const word = (named ?? seen ?? '').replaceAll(/\s+/g, ' ').trim();
  return { account, word: word === '' ? account : word };
}
