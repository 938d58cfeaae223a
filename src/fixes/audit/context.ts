import type { Session } from '../../aws/session.ts';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../ops/logger.ts';
import type { Store } from '../../store/store.ts';
import type { AuditAnchor } from '../../store/verify-audit.ts';

/** What the audit log is copied, proven and told with; handed in by the composition root. */
export interface AuditContext {
  store: Store;
  config: Pick<Config, 'audit' | 'aws'>;
  /** Key of the HMAC on entries. */
  key: string | undefined;
  /** Reads in an account: CloudTrail's event history. */
  reader(account: string): Pick<Session, 'pages'>;
  /** Puts into the bucket of the audit log and lists what is there. */
  exporter(bucket: AuditBucket): Pick<Session, 'call' | 'pages'>;
  /** Anchors that stand in the audit channel; absent where Slack is not connected. */
  posted?(channel: string): Promise<AuditAnchor[]>;
  logger: Logger;
  /** Unique to this process and its start. */
  owner: string;
}

export type AuditBucket = NonNullable<Config['audit']['bucket']>;
