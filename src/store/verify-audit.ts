import { auditHead, auditPages, entryHash, entryHmac } from './audit.ts';
import type { AuditEntry, Db } from './database.ts';

/** Sequence and hash of an entry, as somebody noted them outside of the database. */
export interface AuditAnchor {
  seq: number;
  hash: string;
}

export interface AuditVerdict {
  whole: boolean;
  /** Where it breaks first, and how; the entries before it follow from one another. */
  broken?: { seq: number; reason: string };
  entries: number;
  /** Entries whose HMAC was proven with the key. */
  signed: number;
  head: AuditAnchor;
  /** Up to this entry the log is what stood there when the newest anchor was made; 0 without one. */
  anchored: number;
  /** True only with an anchor of the very end: whoever can write the database can also cut it off. */
  tailProven: boolean;
}

/**
 * Reads the whole audit log and proves that nothing in it was changed, taken out, put in or reordered. What the chain of
 * hashes cannot show, that its end was cut off or all of it written anew, shows where an anchor differs.
 */
export async function verifyAudit(
  db: Db,
  { key, anchors = [] }: { key?: string; anchors?: readonly AuditAnchor[] } = {},
): Promise<AuditVerdict> {
  const wanted = Map.groupBy(anchors, ({ seq }) => seq);
  let last: AuditAnchor = { seq: 0, hash: '' };
  let head = await auditHead(db);
  let signed = 0;
  let anchored = 0;
  const verdict = (broken?: AuditVerdict['broken']): AuditVerdict => ({
    ...{ whole: broken === undefined, entries: last.seq, signed, head, anchored },
    ...(broken === undefined ? {} : { broken }),
    tailProven: broken === undefined && anchored > 0 && anchored === head.seq,
  });

  for (let first = true; first || last.seq < head.seq; first = false) {
    const before = last.seq;
    // From the very first row, whatever number it has: an entry 0 would be one put in.
    for await (const page of auditPages(db, first ? {} : { after: last.seq })) {
      for (const entry of page) {
        const reason = breakIn(entry, last, { key, signedBefore: signed > 0 });
        if (reason !== undefined) return verdict({ seq: last.seq + 1, reason });
        const noted = wanted.get(entry.seq) ?? [];
        if (noted.some(({ hash }) => hash !== entry.hash)) {
          return verdict({ seq: entry.seq, reason: 'is another one than the anchor names' });
        }
        if (noted.length > 0) anchored = entry.seq;
        if (key !== undefined && entry.hmac !== null) signed += 1;
        last = { seq: entry.seq, hash: entry.hash };
      }
    }
    // Entries may have been added meanwhile, and the head with them.
    head = await auditHead(db);
    if (last.seq === before) break;
  }
  if (last.seq !== head.seq || last.hash !== head.hash) {
    if (last.seq === head.seq) return verdict({ seq: last.seq, reason: 'is another one than the head names' });
    const seq = Math.min(last.seq, head.seq) + 1;
    return verdict({ seq, reason: `is not as the head says: it names entry ${head.seq}, the last is ${last.seq}` });
  }
  const beyond = Math.max(...wanted.keys(), 0);
  if (beyond > last.seq) {
    return verdict({
      seq: last.seq + 1,
      reason: `is missing: an anchor names entry ${beyond}, the last is ${last.seq}`,
    });
  }
  return verdict();
}

/** What is wrong with the entry after `before`, in words that follow "entry n". */
function breakIn(
  entry: AuditEntry,
  before: AuditAnchor,
  { key, signedBefore }: { key: string | undefined; signedBefore: boolean },
): string | undefined {
  if (entry.seq > before.seq + 1) return 'is missing';
  if (entry.seq <= before.seq) return `is preceded by one that was put in, with number ${entry.seq}`;
  if (entry.prevHash !== before.hash)
    return 'does not follow from the entry before: one of the two is not what was written';
  if (entry.hash !== entryHash(entry)) return 'was changed after it was written';
  if (key === undefined) return undefined;
  // Entries from before a key was set have no HMAC; after the first that has one, all must.
  if (entry.hmac === null) return signedBefore ? 'carries no HMAC, unlike entries before it' : undefined;
  return entry.hmac === entryHmac(entry.hash, key) ? undefined : 'carries an HMAC that the key did not make';
}
