import { randomUUID } from 'node:crypto';
import type { Finding } from '../check/finding.ts';
import { evaluateChecks } from '../posture/evaluate.ts';
import { toResult } from '../posture/stored-finding.ts';
import type { Snapshot } from '../snapshot/types.ts';
import { saveResults } from '../store/save-findings.ts';
import type { FixesContext } from './context.ts';
import type { FixView } from './fix.ts';
import { planningContext } from './proposal.ts';

/**
 * Re-runs the checks whose findings a fix was about, on what was read again, and keeps the new verdicts under a run of
 * their own. Gives the ids of the findings that were written.
 */
export async function recordVerified(context: FixesContext, fix: FixView, snapshot: Snapshot): Promise<string[]> {
  const { store, catalogue } = context;
  const wanted = new Set(fix.proposal.plan.findings);
  const findings: Finding[] = evaluateChecks(catalogue.values(), planningContext(context, snapshot)).filter(({ id }) =>
    wanted.has(id),
  );
  const run = `run-${randomUUID()}`;
  const at = store.now();
  await store.transaction((tx) =>
    tx.query
      .insertInto('runs')
      .values({
        id: run,
        target: `fix:${fix.id}`,
        requestedBy: fix.requestedBy ?? null,
        trigger: 'verification',
        state: 'done',
        createdAt: at,
        startedAt: at,
        finishedAt: at,
        counts: 'null',
        changed: [],
      })
      .execute(),
  );
  await saveResults(store, {
    run,
    takenAt: at,
    findings: findings.map((finding) => toResult(finding)),
    covered: { accounts: [], checks: [] },
  });
  return findings.map(({ id }) => id);
}
