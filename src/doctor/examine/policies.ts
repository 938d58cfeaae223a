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
  found.push(...codes(config));
  if (found.some(({ level }) => level === 'problem')) return found;
  return [{ level: 'ok', area: 'policies', what: 'Every approval policy can be satisfied.' }, ...found];
}

/** One-time codes are kept with a key that only the environment has. */
function codes({ approval, environments, secrets }: Config): Diagnosis[] {
  const layers = [approval.default, ...approval.rules, ...Object.values(environments).map(({ approval: own }) => own)];
  const asked = layers.some((layer) => layer?.stepUp === 'code');
  if (!asked || secrets.stepUpKey !== undefined) return [];
  const next = 'Set it to a secret of its own, the same for all processes; docs/approvals.md says how it is made.';
  const what = 'A policy asks for one-time codes, but TRAIL_CHECK_STEP_UP_KEY is not set.';
  return [{ level: 'problem', area: 'policies', what, next }];
}
