import type { Config } from '../../config/config.ts';
import type { Directory } from '../../fixes/people.ts';
import { policyProblems } from '../../fixes/satisfiable.ts';
import type { Diagnosis } from '../../ops/diagnosis.ts';

type Checks = Parameters<typeof policyProblems>[0]['checks'];

/** Can the approval policies be satisfied by people whom the workspace knows? */
export async function examinePolicies(
  { config, directory, checks }: { config: Config; directory: Directory; checks: Checks },
  now: Date,
): Promise<Diagnosis[]> {
  const found = (await policyProblems({ config, directory, checks }, now)).map(
    ({ level, where, what, next, checks: some }): Diagnosis => {
      const about = some === undefined ? '' : ` (${some.length > 4 ? `${some.length} checks` : some.join(', ')})`;
      return { level, area: 'policies', what: `In ${where}${about}: ${what}.`, next };
    },
  );
  if (found.some(({ level }) => level === 'problem')) return found;
  return [{ level: 'ok', area: 'policies', what: 'Every approval policy can be satisfied.' }, ...found];
}
