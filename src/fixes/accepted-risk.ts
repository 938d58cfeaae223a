import { z } from 'zod';
import type { Finding } from '../check/finding.ts';
import type { Config } from '../config/config.ts';
import { severity as severities } from '../config/schema/values.ts';
import { worseThan } from '../posture/accepted-risks/fingerprint.ts';
import type { AcceptedRisk, RiskState } from '../store/database.ts';
import type { FixesContext } from './context.ts';
import { accountSeenByOthers } from './in-force.ts';
import { type Judged, type Policy, policiesFor } from './policy.ts';
import type { Field } from './step-up/prove.ts';

/** One approval of an accepted risk, as its row keeps it. */
export interface RiskApproval {
  user: string;
  /** ISO 8601. */
  at: string;
  /** The same person asked for it. */
  selfInitiated: boolean;
  reason?: string;
  /** What was proven beside the click. */
  stepUp?: 'alias' | 'code';
  /** What made the person an approver at that moment: verified e-mail. */
  seen: object;
}

const approvals = z.array(z.looseObject({ user: z.string(), at: z.string(), selfInitiated: z.boolean() }));

/** The approvals of a risk, in the order in which they were given. */
export function approvalsOf({ approvals: stored }: AcceptedRisk): RiskApproval[] {
  return approvals.parse(stored) as unknown as RiskApproval[];
}

/** What became of somebody's word about a risk; `message` is for that person. */
export type RiskDecided =
  | { ok: true; risk: AcceptedRisk }
  /** `field`: what is wrong in the modal that was submitted. */
  | { ok: false; message: string; risk?: AcceptedRisk; field?: Field };

/** What a person may do about the risk of a finding. */
export interface RiskPowers {
  /** Full member, and named by the policy as one who may ask. */
  mayAsk: boolean;
  /** They may, and there is somebody to approve it. */
  request: boolean;
  approve: boolean;
  policies: Policy[];
  people: number;
}

/**
 * The policies of every environment that is concerned, each to be satisfied. Accepting a risk changes nothing in AWS, so
 * neither class nor risk of a plan raises the number of people; and nobody decides alone unless the policy says so.
 */
function riskPolicies(
  config: Config,
  { check, account, severity: told }: { check: string; account: string; severity: string },
  environments: readonly string[],
): Policy[] {
  const severity = severities.parse(told);
  const judged: Omit<Judged, 'class'> = { check, severity, risk: 'safe', accounts: [account] };
  const policies = policiesFor(config, { ...judged, class: 'auto' }, () => environments);
  // Left out, `direct` holds for plans of class `auto`; of any other class it is only what the configuration says.
  const spoken = policiesFor(config, { ...judged, class: 'auto-second-approver' }, () => environments);
  return policies.map((policy, at) => ({ ...policy, direct: spoken[at]?.direct === true }));
}

/** The same with those of the configurations that are heard beside this one (decision 38). Reads the database. */
export async function riskPoliciesInForce(
  context: Pick<FixesContext, 'store' | 'config'>,
  about: { check: string; account: string; severity: string },
  environments: readonly string[],
): Promise<Policy[]> {
  const others = await accountSeenByOthers(context, about.account, environments);
  return [
    ...riskPolicies(context.config, about, environments),
    ...others.flatMap(({ config, environments: under, until }) =>
      riskPolicies(config, about, under).map(
        (policy): Policy => ({ ...policy, earlier: until?.toISOString() ?? 'elsewhere' }),
      ),
    ),
  ];
}

const STATE_MESSAGES: { readonly [state in RiskState]: string } = {
  pending: 'It waits for approval already.',
  active: 'This risk is accepted already.',
  rejected: 'This request was rejected.',
  withdrawn: 'This request was withdrawn.',
  expired: 'The time for a decision has passed. Ask again.',
  superseded: 'The finding has changed since it was asked for. Check again, then ask anew if it is still wanted.',
  ended: 'This accepted risk has ended.',
};

/** Why a risk in this state takes no such decision. */
export function riskStateMessage({ state }: AcceptedRisk): string {
  return STATE_MESSAGES[state];
}

/** Why a finding is not the one that was asked about, if it is not; a failure that cannot be read now may still be it. */
export function noLongerTheSame(risk: AcceptedRisk, finding: Finding | undefined): string | undefined {
  if (finding === undefined) return 'What it is about is no longer there.';
  if (finding.verdict === 'unknown') return undefined;
  if (finding.verdict === 'exempt') return 'The configuration accepts this already.';
  return finding.verdict === 'fail' ? worseThan(risk, finding) : 'It does not fail any more.';
}

export function riskSubject({ id }: { id: string }): { kind: string; id: string } {
  return { kind: 'risk', id };
}
