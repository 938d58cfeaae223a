import { fingerprintOf } from '../../../src/posture/accepted-risks/fingerprint.ts';
import type { AcceptedRisk } from '../../../src/store/database.ts';
import { AT, finding } from './support.ts';

/** A risk that the requester asked to accept until the end of the year. */
export function risk(changes: Partial<AcceptedRisk> = {}): AcceptedRisk {
  const { id, check, account, region, resource, title, severity, evidence } = finding();
  return {
    ...{ id: 'risk-4f2c9a1e', finding: id, check, account, region, resource, title, severity, evidence },
    fingerprint: fingerprintOf(evidence),
    environments: ['prod'],
    owner: 'U0APPROVER2',
    reason: 'The trail is replaced in December; digests are not needed until then.',
    until: '2026-12-31',
    state: 'pending',
    people: 2,
    ...{ channel: 'C0AUDITTRAIL', threadKey: 'run:run-6b0f:C0AUDITTRAIL' },
    ...{ requestedBy: 'U0REQUESTER', requestedAt: AT, expiresAt: new Date('2026-11-21T09:00:00Z') },
    ...{ policyHash: 'p', configHash: 'c', approvals: [] },
    ...{ acceptedAt: null, endedAt: null, endedBy: null, endedReason: null },
    ...changes,
  };
}
