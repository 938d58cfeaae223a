import { auditEntries, auditHead, entryHash, entryHmac } from './audit.ts';
import type { AuditEntry, Db } from './database.ts';

export interface AuditAnchor {
  seq: number;
  hash: string;
}

export interface AuditVerdict {
  whole: boolean;
  /** Where it breaks first, and how; the entries before it are proven. */
  broken?: { seq: number; reason: string };
  entries: number;
  /** Entries whose HMAC was proven with the key. */
  signed: number;
  head: AuditAnchor;
  /** True only with an anchor from outside: whoever can write the database can also cut off the end. */
  tailProven: boolean;
}

const PAGE = 500;

/** Reads the whole audit log and proves that nothing in it was changed, taken out, put in or reordered. */
export async function verifyAudit(
  db: Db,
  { key, anchor }: { key?: string; anchor?: AuditAnchor } = {},
): Promise<AuditVerdict> {
  const head = await auditHead(db);
  let last: AuditAnchor = { seq: 0, hash: '' };
  let signed = 0;
  let anchored = false;
  const verdict = (broken?: AuditVerdict['broken']): AuditVerdict => ({
    whole: broken === undefined,
    ...(broken === undefined ? {} : { broken }),
    entries: last.seq,
    signed,
    head,
    tailProven: broken === undefined && anchored && anchor?.seq === head.seq,
  });

  for (;;) {
    const page = await auditEntries(db, { after: last.seq, limit: PAGE });
    for (const entry of page) {
      const reason = breakIn(entry, last, { key, signedBefore: signed > 0 });
      if (reason !== undefined) return verdict({ seq: last.seq + 1, reason });
      if (anchor?.seq === entry.seq) {
        if (anchor.hash !== entry.hash) return verdict({ seq: entry.seq, reason: 'differs from the anchor' });
        anchored = true;
      }
      if (key !== undefined && entry.hmac !== null) signed += 1;
      last = { seq: entry.seq, hash: entry.hash };
    }
    if (page.length < PAGE) break;
  }
  if (last.seq !== head.seq || last.hash !== head.hash) {
    return verdict({
      seq: last.seq + 1,
      reason: `the head names entry ${head.seq}, the last one there is ${last.seq}`,
    });
  }
  if (anchor !== undefined && anchor.seq > last.seq) {
    return verdict({
      seq: last.seq + 1,
      reason: `the anchor names entry ${anchor.seq}, the last one there is ${last.seq}`,
    });
  }
  return verdict();
}

function breakIn(
  entry: AuditEntry,
  before: AuditAnchor,
  { key, signedBefore }: { key: string | undefined; signedBefore: boolean },
): string | undefined {
  if (entry.seq !== before.seq + 1) return `entry ${before.seq + 1} is missing`;
  if (entry.prevHash !== before.hash) return 'does not follow from the entry before';
  if (entry.hash !== entryHash(entry)) return 'was changed after it was written';
  if (key === undefined) return undefined;
  // Entries from before a key was set have no HMAC; after the first that has one, all must.
  if (entry.hmac === null) return signedBefore ? 'carries no HMAC, unlike entries before it' : undefined;
  return entry.hmac === entryHmac(entry.hash, key) ? undefined : 'carries an HMAC of another key';
}
