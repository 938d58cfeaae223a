import { z } from 'zod';
import type { Finding } from '../check/finding.ts';
import type { StoredFinding } from '../store/database.ts';
import type { FindingResult } from '../store/save-findings.ts';
import { fingerprintOf } from './accepted-risks/fingerprint.ts';

/** A finding for the store; `offer` is what can be done about it, as the room of fixes wrote it. */
export function toResult(finding: Finding, offer?: object): FindingResult {
  const { id, check, account, region, resource, verdict, severity, title, evidence } = finding;
  const fingerprint = fingerprintOf(evidence);
  const data = { finding, ...(offer === undefined ? {} : { offer }) };
  return { id, check, account, region, resource, verdict, severity, title, fingerprint, data };
}

const shape = z.object({
  finding: z.looseObject({ id: z.string(), check: z.string(), verdict: z.string(), notes: z.array(z.string()) }),
  offer: z.looseObject({ kind: z.string() }).optional(),
});

/** A stored finding as it was written, with the offer beside it. */
export function fromStored(row: StoredFinding): { finding: Finding; offer: unknown } {
  const { finding, offer } = shape.parse(row.data);
  return { finding: finding as unknown as Finding, offer };
}
