import type { Finding } from '../check/finding.ts';
import type { Offer } from '../fixes/propose.ts';
import type { Fixes } from '../fixes/service.ts';
import { fromStored } from '../posture/stored-finding.ts';
import { findingsById } from '../store/findings.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from './blocks/entry.ts';

/** Findings with their fixes, in the order of the ids; what is gone meanwhile is left out. */
export async function entriesOf(
  { store, fixes }: { store: Store; fixes: () => Fixes },
  ids: readonly string[],
): Promise<Entry[]> {
  const rows = new Map((await findingsById(store.query, ids)).map((row) => [row.id, row]));
  return Promise.all(
    ids.flatMap((id) => {
      const row = rows.get(id);
      if (row === undefined) return [];
      const { finding, offer } = fromStored(row);
      return [toEntry(fixes(), finding, offerOf(offer))];
    }),
  );
}

/** After a fix its finding is stored without an offer, so the last fix is looked up by the finding. */
async function toEntry(fixes: Fixes, finding: Finding, offer: Offer | undefined): Promise<Entry> {
  const fix =
    offer?.kind === 'fix'
      ? await fixes.find(offer.fixId)
      : (await fixes.ofFinding(finding.id)).find(({ kind, state }) => kind === 'fix' && state !== 'superseded');
  return { finding, offer, fix };
}

/** The room of fixes wrote it; the store gives it back as it was. */
function offerOf(stored: unknown): Offer | undefined {
  return stored === undefined ? undefined : (stored as Offer);
}
