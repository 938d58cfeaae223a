import { z } from 'zod';
import { type StoredConfiguration, saveProblems } from '../store/configurations.ts';
import { decidingHash, decidingOf } from './configuration-summary.ts';
import { noticeChannel } from './configurations.ts';
import type { FixesContext } from './context.ts';
import { type PolicyProblem, policyProblems } from './satisfiable.ts';

const kept = z.array(
  z.object({ where: z.string(), what: z.string(), next: z.string(), checks: z.array(z.string()).exactOptional() }),
);

export function problemsOf({ problems }: Pick<StoredConfiguration, 'problems'>): Omit<PolicyProblem, 'level'>[] {
  return kept.parse(problems);
}

/** At start: logs each policy that nobody can satisfy, and says so once for each configuration. */
export async function reportProblems(
  context: Pick<FixesContext, 'store' | 'config' | 'catalogue' | 'directory' | 'logger'>,
): Promise<void> {
  const { store, config, catalogue, directory, logger } = context;
  const checks = catalogue.values();
  const problems = (await policyProblems({ config, directory, checks }, store.now())).filter(
    ({ level }) => level === 'problem',
  );
  for (const { where, what, next } of problems) logger.warn({ where, what, next }, 'a policy cannot be satisfied');
  const channel = noticeChannel(config);
  if (problems.length === 0 || channel === undefined) return;
  const hash = decidingHash(decidingOf(config));
  await store.transaction(async (tx) => {
    const told = problems.map(({ level: _, ...problem }) => problem);
    if (!(await saveProblems(tx, hash, told))) return;
    await tx.say({ key: `policy-problems:${hash}`, channel, subject: { kind: 'policy-problems', id: hash } });
  });
}
