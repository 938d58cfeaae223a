import type { Finding } from '../check/finding.ts';
import type { PackReport } from './packs/report.ts';
import type { Scan } from './scan.ts';

/** Version of the JSON of `scan`; raised when a member changes its meaning or goes. */
export const SCAN_SCHEMA = 1;

/** The JSON of `scan --format json`, as documented in docs/scan.md. */
export interface ScanReport {
  schema: typeof SCAN_SCHEMA;
  run: { id: string; target: string; startedAt: string; finishedAt: string; calls: number; complete: boolean };
  /** 0 to 100; exempt findings count as failed. */
  score: number;
  /** 0 to 100; exempt findings count as passed. */
  acceptedScore: number;
  accounts: {
    id: string;
    name: string;
    status: 'scanned' | 'partly' | 'unreachable';
    /** In play because something it owns is shared. */
    shared: boolean;
    reason?: string;
  }[];
  notes: string[];
  findings: Finding[];
  /** Where a standard was asked for: its controls. */
  pack?: PackReport;
}

export function reportOf(scan: Scan): ScanReport {
  return {
    schema: SCAN_SCHEMA,
    run: {
      id: scan.id,
      target: scan.target,
      startedAt: scan.startedAt.toISOString(),
      finishedAt: scan.finishedAt.toISOString(),
      calls: scan.calls,
      complete: scan.complete,
    },
    score: scan.score.raw,
    acceptedScore: scan.score.accepted,
    accounts: Object.values(scan.snapshot.accounts).map(({ id, name, status, inScope, reason }) => ({
      id,
      name,
      status,
      shared: !inScope,
      ...(reason === undefined ? {} : { reason }),
    })),
    notes: scan.notes,
    findings: scan.findings,
  };
}
