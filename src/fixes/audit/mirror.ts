import { auditEntries, auditHead, auditLine } from '../../store/audit.ts';
import {
  claimMirror,
  leaveMirror,
  lockMirror,
  type MirrorState,
  mirrorReached,
  mirrorState,
  mirrorUpTo,
} from '../../store/audit-mirror.ts';
import type { AuditEntry } from '../../store/database.ts';
import { mirrorKey } from './anchors.ts';
import type { AuditBucket, AuditContext } from './context.ts';
import { groupsOf } from './lines.ts';

const MINUTE_MS = 60_000;
/** So many entries are looked at for one message or object; a scan of a large estate proposes hundreds of fixes. */
const MOST_ENTRIES = 500;
/** A message of Slack holds so many lines with room to spare. */
const MOST_LINES = 40;

/**
 * Says the entries since the last message in the audit channel: one message a minute at most. It and how far it goes are
 * one transaction, so no entry is left out or said twice.
 */
export async function mirrorToChannel({ store, config }: AuditContext): Promise<void> {
  const { channel } = config.audit;
  if (channel === undefined) return;
  const behind = async (state: MirrorState) =>
    !isRecent(state, store.now()) && state.seq < (await auditHead(store.query)).seq;
  if (!(await behind(await mirrorState(store.query, 'channel')))) return;
  await store.transaction(async (tx) => {
    const state = await lockMirror(tx, 'channel');
    if (isRecent(state, tx.at)) return;
    const waiting = await auditEntries(tx.query, { after: state.seq, limit: MOST_ENTRIES });
    const [first] = waiting;
    const last = groupsOf(waiting).slice(0, MOST_LINES).at(-1)?.last;
    if (first === undefined || last === undefined) return;
    const subject = { kind: 'audit', id: `${first.seq}-${last.seq}` };
    await tx.say({ key: mirrorKey(first.seq, last), channel, subject });
    await mirrorReached(tx.query, 'channel', last, tx.at);
  });
}

/**
 * Puts the entries since the last object into the bucket, as JSON lines. Where an object ends is noted before it is put:
 * after a crash, or when no answer came, the same bytes are put under the same name once more.
 */
export async function mirrorToBucket(context: AuditContext): Promise<void> {
  const { store, config, owner, logger } = context;
  const { bucket } = config.audit;
  if (bucket === undefined) return;
  const head = await auditHead(store.query);
  for (;;) {
    const now = store.now();
    const state = await mirrorState(store.query, 'bucket');
    const waiting = head.seq - state.seq;
    if (waiting <= 0 || (state.upto === null && waiting < MOST_ENTRIES && isRecent(state, now))) return;
    const claimed = await claimMirror(store.query, 'bucket', owner, now);
    if (claimed === undefined) return;
    const entries = await nextObject(context, claimed);
    const last = entries.at(-1);
    if (last === undefined) return leaveMirror(store.query, 'bucket', owner);
    if (!(await mirrorUpTo(store.query, 'bucket', owner, last.seq))) return;
    try {
      await put(context, bucket, entries);
    } catch (error) {
      logger.warn({ err: error, bucket: bucket.name }, 'the audit log could not be mirrored into its bucket');
      return;
    }
    await mirrorReached(store.query, 'bucket', last, store.now());
  }
}

/** The entries of the object that was begun, or of the next one; an object holds those of one day. */
async function nextObject({ store }: AuditContext, { seq, upto }: MirrorState): Promise<AuditEntry[]> {
  const entries = await auditEntries(store.query, { after: seq, limit: MOST_ENTRIES });
  const begun = entries.filter((entry) => entry.seq <= (upto ?? 0));
  // None is there any more only if somebody took them out; what is left is mirrored all the same.
  if (begun.length > 0) return begun;
  const [first] = entries;
  return first === undefined ? [] : entries.filter(({ at }) => dayOf(at) === dayOf(first.at));
}

async function put({ exporter }: AuditContext, bucket: AuditBucket, entries: readonly AuditEntry[]): Promise<void> {
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return;
  await exporter(bucket).call('s3:PutObject', bucket.region, {
    ...{ Bucket: bucket.name, ExpectedBucketOwner: bucket.account },
    Key: `${bucket.prefix}${dayOf(first.at).replaceAll('-', '/')}/${padded(first.seq)}-${padded(last.seq)}.jsonl`,
    Body: entries.map(auditLine).join(''),
    ContentType: 'application/x-ndjson',
  });
}

/** Names in the order of the entries. */
function padded(seq: number): string {
  return String(seq).padStart(10, '0');
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function isRecent({ at }: MirrorState, now: Date): boolean {
  return at !== null && now.getTime() - at.getTime() < MINUTE_MS;
}
