import { describeError } from '../../ops/error.ts';
import { auditHead } from '../../store/audit.ts';
import { claimMirror, leaveMirror, lockMirror, mirrorReached, mirrorState } from '../../store/audit-mirror.ts';
import { claimSlot, completeSlot } from '../../store/slots.ts';
import type { AuditAnchor } from '../../store/verify-audit.ts';
import type { AuditBucket, AuditContext } from './context.ts';

const HOUR_MS = 3_600_000;
const JOB = 'audit-anchor';

/**
 * Once an hour, when something was added: says in the audit channel how the log ends, and has the bucket note the same
 * (decision 37). One process does it, and message and note are one transaction.
 */
export async function anchorHead({ store, config, owner }: AuditContext): Promise<void> {
  const { channel, bucket } = config.audit;
  if (channel === undefined && bucket === undefined) return;
  const head = await auditHead(store.query);
  if (head.seq <= (await mirrorState(store.query, 'anchor')).seq) return;
  await store.transaction(async (tx) => {
    const slot = { job: JOB, slot: new Date(Math.floor(tx.at.getTime() / HOUR_MS) * HOUR_MS) };
    const { seq } = await lockMirror(tx, 'anchor');
    if (head.seq <= seq || !(await claimSlot(tx, slot, owner))) return;
    await completeSlot(tx.query, slot, tx.at);
    if (channel !== undefined) {
      const subject = { kind: 'audit-anchor', id: anchorText(head) };
      await tx.say({ key: `${ANCHOR_KEY}${anchorText(head)}`, channel, subject });
    }
    await mirrorReached(tx.query, 'anchor', head, tx.at);
  });
}

/** Puts the latest anchor into the bucket: its name tells all, so that a list of names proves a log. */
export async function anchorInBucket(context: AuditContext): Promise<void> {
  const { store, config, owner, logger } = context;
  const { bucket } = config.audit;
  if (bucket === undefined) return;
  const anchor = await mirrorState(store.query, 'anchor');
  if (anchor.seq <= (await mirrorState(store.query, 'bucket-anchor')).seq) return;
  const claimed = await claimMirror(store.query, 'bucket-anchor', owner, store.now());
  if (claimed === undefined) return;
  if (anchor.seq <= claimed.seq) return leaveMirror(store.query, 'bucket-anchor', owner);
  try {
    await context.exporter(bucket).call('s3:PutObject', bucket.region, {
      ...{ Bucket: bucket.name, ExpectedBucketOwner: bucket.account },
      Key: anchorObject(bucket, anchor),
      Body: `${JSON.stringify({ seq: anchor.seq, hash: anchor.hash, at: anchor.at })}\n`,
      ContentType: 'application/json',
    });
  } catch (error) {
    logger.warn({ err: error, bucket: bucket.name }, 'an anchor of the audit log could not be put into its bucket');
    return;
  }
  await mirrorReached(store.query, 'bucket-anchor', anchor, store.now());
}

/** Where anchors were looked for, and how many there are; `problem` where that was not possible. */
export interface AnchorSource {
  where: 'given' | 'channel' | 'bucket';
  anchors: AuditAnchor[];
  problem?: string;
}

/** Anchors from everywhere outside of the database. */
export async function findAnchors(context: AuditContext): Promise<AnchorSource[]> {
  const { config, posted } = context;
  const { channel, bucket } = config.audit;
  const sources: AnchorSource[] = [];
  const look = async (where: AnchorSource['where'], read: () => Promise<AuditAnchor[]>) => {
    try {
      sources.push({ where, anchors: await read() });
    } catch (error) {
      sources.push({ where, anchors: [], problem: describeError(error) });
    }
  };
  if (channel !== undefined && posted !== undefined) await look('channel', () => posted(channel));
  if (bucket !== undefined) await look('bucket', () => listed(context, bucket));
  return sources;
}

/** Names with all their versions: a delete marker hides an object from plain lists, and Object Lock does not hinder one. */
async function listed({ exporter }: AuditContext, bucket: AuditBucket): Promise<AuditAnchor[]> {
  const found = new Map<string, AuditAnchor>();
  const input = { Bucket: bucket.name, Prefix: `${bucket.prefix}anchors/`, ExpectedBucketOwner: bucket.account };
  for await (const { Versions = [] } of exporter(bucket).pages('s3:ListObjectVersions', bucket.region, input)) {
    for (const { Key = '' } of Versions) {
      const [, seq, hash] = /anchors\/(\d{10})-([0-9a-f]{64})\.json$/.exec(Key) ?? [];
      if (seq !== undefined && hash !== undefined) found.set(Key, { seq: Number(seq), hash });
    }
  }
  return [...found.values()];
}

function anchorObject({ prefix }: AuditBucket, { seq, hash }: AuditAnchor): string {
  return `${prefix}anchors/${String(seq).padStart(10, '0')}-${hash}.json`;
}

/** What the key of an anchor's message begins with; the rest is the anchor. */
const ANCHOR_KEY = 'audit-anchor:';

/** `seq:hash` */
export function anchorText({ seq, hash }: AuditAnchor): string {
  return `${seq}:${hash}`;
}

/** Reads `seq:hash`; undefined for anything else. */
export function parseAnchor(text: string): AuditAnchor | undefined {
  const [, seq, hash] = /^(\d{1,10}):([0-9a-f]{64})$/.exec(text) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}

/** Key of the message that mirrors entries up to an anchor. */
export function mirrorKey(first: number, last: AuditAnchor): string {
  return `${MIRROR_KEY}${first}-${anchorText(last)}`;
}
const MIRROR_KEY = 'audit:';

/** The anchor that a message of ours carries in its key, whether it is one or mirrors entries. */
export function anchorInKey(key: string): AuditAnchor | undefined {
  if (key.startsWith(ANCHOR_KEY)) return parseAnchor(key.slice(ANCHOR_KEY.length));
  return key.startsWith(MIRROR_KEY) ? parseAnchor(key.slice(key.indexOf('-') + 1)) : undefined;
}
