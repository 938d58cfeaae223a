import type { Fence } from '../aws/fence.ts';
import type { Session } from '../aws/session.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../ops/logger.ts';
import type { Catalogue } from '../posture/catalogue.ts';
import type { PartKey, Snapshot } from '../snapshot/types.ts';
import type { Store, Tx } from '../store/store.ts';
import type { FixView } from './fix.ts';
import type { Directory } from './people.ts';

/** How the estate is read for a fix: the reader identity, never the fixer's. */
export interface Reading {
  /** The latest stored snapshot of a target, or undefined when it was never read. */
  latest(target: string): Promise<Snapshot | undefined>;
  /** The same snapshot with these parts read again. */
  refresh(snapshot: Snapshot, keys: readonly PartKey[]): Promise<Snapshot>;
  /** Keeps parts that were read again, so that the next plan starts from them. */
  keep(snapshot: Snapshot, keys: readonly PartKey[]): Promise<void>;
}

/** What this room works with; handed in by the composition root. */
export interface FixesContext {
  store: Store;
  config: Config;
  catalogue: Catalogue;
  reading: Reading;
  directory: Directory;
  /** A session that can do the calls of its fence and nothing else. */
  fixer(account: string, fence: Fence): Session;
  /** Makes every posted copy follow the fix; called inside the transaction that moved it. */
  announce(tx: Tx, fix: FixView): Promise<void>;
  logger: Logger;
  /** Unique to this process and its start; holds leases. */
  owner: string;
  /** Waits, in milliseconds; tests make it short. */
  sleep(ms: number): Promise<void>;
}
