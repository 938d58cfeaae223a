import { auditHead } from '../../store/audit.ts';
import { mirrorState } from '../../store/audit-mirror.ts';
import { type AuditAnchor, type AuditVerdict, verifyAudit } from '../../store/verify-audit.ts';
import { type AnchorSource, anchorHead, anchorInBucket, findAnchors } from './anchors.ts';
import type { AuditContext } from './context.ts';
import { mirrorToBucket, mirrorToChannel } from './mirror.ts';
import { type Story, storyOf } from './story.ts';
import { traceFixes } from './trace.ts';

export interface Verified {
  verdict: AuditVerdict;
  /** Where anchors were looked for. */
  sources: AnchorSource[];
  /** Whether there was a key to prove HMACs with. */
  keyed: boolean;
}

/** The audit log as commands see it, and its copies outside of the database. */
export interface Audit {
  /** Proves the log against these anchors; without any, against those in the audit channel and the bucket. */
  verify(anchors?: readonly AuditAnchor[]): Promise<Verified>;
  story(fixId: string): Promise<Story | undefined>;
  /** Brings the copies up to date, anchors the head, notes events of fixes; to be called every few seconds. */
  sweep(): Promise<void>;
}

/** CloudTrail answers two lookups a second for everybody in an account. */
const TRACE_EVERY_MS = 10 * 60_000;

export function createAudit(context: AuditContext): Audit {
  const { store, key, logger } = context;
  let sweeping: Promise<void> | undefined;
  let traced = 0;

  async function sweep(): Promise<void> {
    const mirrored = await mirrorState(store.query, 'anchor');
    const head = await auditHead(store.query);
    if (head.seq < mirrored.seq) {
      logger.error({ head, anchored: mirrored.seq }, 'the audit log ends before an anchor of it: run audit verify');
    }
    await mirrorToChannel(context);
    await anchorHead(context);
    await mirrorToBucket(context);
    await anchorInBucket(context);
    if (store.now().getTime() - traced < TRACE_EVERY_MS) return;
    traced = store.now().getTime();
    await traceFixes(context);
  }

  return {
    async verify(given = []) {
      const sources: AnchorSource[] =
        given.length > 0 ? [{ where: 'given', anchors: [...given] }] : await findAnchors(context);
      const anchors = sources.flatMap((source) => source.anchors);
      const verdict = await verifyAudit(store.query, { anchors, ...(key === undefined ? {} : { key }) });
      return { verdict, sources, keyed: key !== undefined };
    },
    story: (fixId) => storyOf(context, fixId),
    sweep() {
      // A slow bucket must not let sweeps pile up.
      sweeping ??= sweep().finally(() => {
        sweeping = undefined;
      });
      return sweeping;
    },
  };
}
