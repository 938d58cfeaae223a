import type { Finding } from '../check/finding.ts';
import type { Offer } from '../fixes/propose.ts';
import type { Fixes } from '../fixes/service.ts';
import { fromStored } from '../posture/stored-finding.ts';
import { decisionsOn } from '../store/approvals.ts';
import { findingsById } from '../store/findings.ts';
import { holdsOn } from '../store/holds.ts';
import type { Store } from '../store/store.ts';
import type { Entry } from './blocks/entry.ts';

/** Findings with their fixes, in the order of the ids; what is gone meanwhile is left out. */
export async function entriesOf(
  { store, fixes }: { store: Store; fixes: () => Fixes },
  ids: readonly string[],
): Promise<Entry[]> {
  const [stored, held, open, asleep] = await Promise.all([
    findingsById(store.query, ids),
    holdsOn(store.query, ids),
    fixes().risks.open(ids),
    fixes().risks.snoozes(ids),
  ]);
  const rows = new Map(stored.map((row) => [row.id, row]));
  const holds = new Map(held.map((hold) => [hold.finding, hold]));
  const risks = new Map(open.map((risk) => [risk.finding, risk]));
  const snoozes = new Map(asleep.map((snooze) => [snooze.finding, snooze]));
  return Promise.all(
    ids.flatMap((id) => {
      const row = rows.get(id);
      if (row === undefined) return [];
      const { finding, offer } = fromStored(row);
      return [
        toEntry({ store, fixes }, finding, offerOf(offer)).then((entry): Entry => {
          const [hold, risk, snooze] = [holds.get(id), risks.get(id), snoozes.get(id)];
          return {
            ...entry,
            ...(hold === undefined ? {} : { hold }),
            ...(risk === undefined ? {} : { risk }),
            ...(snooze === undefined ? {} : { snooze }),
          };
        }),
      ];
    }),
  );
}

/** After a fix its finding is stored without an offer, so the last fix is looked up by the finding. */
async function toEntry(
  { store, fixes }: { store: Store; fixes: () => Fixes },
  finding: Finding,
  offer: Offer | undefined,
): Promise<Entry> {
  const fix =
    offer?.kind === 'fix'
      ? await fixes().find(offer.fixId)
      : (await fixes().ofFinding(finding.id)).find(({ kind, state }) => kind === 'fix' && state !== 'superseded');
  if (fix?.state !== 'pending') return { finding, offer, fix };
  const decisions = await decisionsOn(store.query, fix);
  return { finding, offer, fix, approvedBy: decisions.map(({ user }) => user) };
}

/** The room of fixes wrote it; the store gives it back as it was. */
function offerOf(stored: unknown): Offer | undefined {
  return stored === undefined ? undefined : (stored as Offer);
}
