import type { Snapshot, TrailStatus } from '../snapshot/types.ts';
import type { Proposal } from './fix.ts';

/** What is known about the delivery of the trails that a fix watches. `silent`: nothing came yet, and no error either. */
export type Delivery = { state: 'confirmed' } | { state: 'failed' | 'silent'; reason: string };

/** Name under which an error of digests is kept beside that of log files. */
export const digestsOf = (trailArn: string) => `digests of ${trailArn}`;

/** An error that CloudTrail reports now and did not report when the plan was made. */
export function newDeliveryError(
  { plan, deliveryErrors }: Pick<Proposal, 'plan' | 'deliveryErrors'>,
  snapshot: Snapshot,
): string | undefined {
  for (const arn of plan.watchDelivery) {
    const status = statusOf(snapshot, arn);
    for (const [what, error] of errorsOf(arn, status)) {
      if (error !== deliveryErrors[what]) return `Delivery of ${what} fails with ${error}`;
    }
  }
  return undefined;
}

/** The delivery errors of one trail, by what they are about. */
export function errorsOf(arn: string, status: TrailStatus | undefined): [what: string, error: string][] {
  const { LatestDeliveryError: log = '', LatestDigestDeliveryError: digest = '' } = status ?? {};
  const errors: [string, string][] = [
    [arn, log],
    [digestsOf(arn), digest],
  ];
  return errors.filter(([, error]) => error !== '');
}

/** Have the trails that record delivered log files, and digests where they make them, since this moment? */
export function deliveryOf(proposal: Proposal, snapshot: Snapshot, since: Date): Delivery {
  const error = newDeliveryError(proposal, snapshot);
  if (error !== undefined) return { state: 'failed', reason: error };
  for (const arn of proposal.plan.watchDelivery) {
    const status = statusOf(snapshot, arn);
    if (status === undefined) return { state: 'silent', reason: `The status of ${arn} could not be read` };
    if (!status.IsLogging) continue;
    const trail = snapshot.trail[arn];
    const digests = trail?.state === 'read' && trail.value.LogFileValidationEnabled;
    if (!isSince(status.LatestDeliveryTime, since)) return { state: 'silent', reason: `No log file of ${arn} arrived` };
    if (digests && !isSince(status.LatestDigestDeliveryTime, since)) {
      return { state: 'silent', reason: `No digest of ${arn} arrived` };
    }
  }
  return { state: 'confirmed' };
}

function statusOf(snapshot: Snapshot, arn: string): TrailStatus | undefined {
  const status = snapshot['trail.status'][arn];
  return status?.state === 'read' ? status.value : undefined;
}

function isSince(time: string | undefined, since: Date): boolean {
  return time !== undefined && Date.parse(time) >= since.getTime();
}
