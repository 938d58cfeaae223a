import { findFix } from '../store/fixes.ts';
import type { Tx } from '../store/store.ts';
import type { FixesContext } from './context.ts';
import { viewOf } from './fix.ts';

/** Announces a fix as it is inside this transaction. */
export async function announceNow({ announce }: Pick<FixesContext, 'announce'>, tx: Tx, id: string): Promise<void> {
  const row = await findFix(tx.query, id);
  if (row !== undefined) await announce(tx, viewOf(row));
}

/** A fix as the audit log names it. */
export function fixSubject({ id }: { id: string }): { kind: string; id: string } {
  return { kind: 'fix', id };
}
