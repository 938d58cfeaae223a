import { createHash } from 'node:crypto';
import type { StoredFinding, Verdict } from './database.ts';
import { newRunId } from './ids.ts';
import { toJson } from './json.ts';
import type { Tx } from './store.ts';

/**
 * Writes another verdict of one finding without reading AWS: because of a decision about it. The change is recorded
 * under a run of its own, whose target (`risk:<id>`) says which. The next reading takes its place as usual.
 */
export async function setVerdict(
  tx: Tx,
  finding: Pick<StoredFinding, 'id' | 'verdict' | 'check' | 'account' | 'resource' | 'severity'>,
  { to, data, target, by }: { to: Verdict; data: object; target: string; by: string | null },
): Promise<void> {
  const { id, verdict: from, check, account, resource, severity } = finding;
  const run = newRunId();
  const text = toJson(data);
  await tx.query
    .insertInto('runs')
    .values({
      ...{ id: run, target, requestedBy: by, trigger: 'verification', state: 'done', counts: 'null', changed: [id] },
      ...{ createdAt: tx.at, startedAt: tx.at, finishedAt: tx.at },
    })
    .execute();
  await tx.query
    .updateTable('findings')
    .set({
      ...{ verdict: to, data: text, changedAt: tx.at },
      contentHash: createHash('sha256').update(text).digest('hex'),
    })
    .where('id', '=', id)
    .execute();
  await tx.query
    .insertInto('findingChanges')
    .values({ finding: id, run, at: tx.at, from, to, check, account, resource, severity })
    .execute();
}
