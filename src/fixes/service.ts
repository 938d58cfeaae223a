import { expireFixes, findFix, fixesIn, fixesOfFinding } from '../store/fixes.ts';
import { lapsed } from '../store/leases.ts';
import { type AcceptedRisks, createAcceptedRisks } from './accepted-risks.ts';
import { announceNow } from './announce.ts';
import { approve } from './approve.ts';
import { type Batch, type BatchAnswer, batchable, decideBatch, findBatch, retryBatch, submitBatch } from './batch.ts';
import { breakGlass, emergencyOffer } from './break-glass.ts';
import { keepConfiguration, noteConfiguration } from './configurations.ts';
import { type Confirmed, confirmConfiguration } from './confirm-configuration.ts';
import type { FixesContext } from './context.ts';
import type { Decided, Decision } from './decision.ts';
import { applyFix } from './execute.ts';
import { type FixView, type Proposal, viewOf } from './fix.ts';
import { followUp } from './follow-up.ts';
import { type FreezeAnswer, freeze, lift } from './freeze.ts';
import { type Lifted, liftHold } from './holds.ts';
import { startDue } from './let-run.ts';
import { type Powers, powersOf } from './powers.ts';
import { type Offer, propose } from './propose.ts';
import { reject } from './reject.ts';
import { remind, waitingFor } from './reminders.ts';
import { reportProblems } from './report-problems.ts';
import { requestApproval } from './request.ts';
import { overdueSignOffs, signOff } from './sign-off.ts';
import { applyStanding } from './standing.ts';
import { codesOf, type Demand, demandFor } from './step-up/demand.ts';
import { type Begun, beginEnrolment, confirmEnrolment, type Enrolled, resetEnrolment } from './step-up/enrol.ts';
import { type ProposedUndo, proposeUndo } from './undo.ts';
import { mayNotWithdraw, withdraw } from './withdraw.ts';

export type Requested = Decision & { origin?: Proposal['origin'] };

/** Everything that can be done with fixes; what Slack and the commands see of this room. */
export interface Fixes {
  /** What people leave as it is: accepted risks and snoozes. */
  risks: AcceptedRisks;
  /** Plans the failing findings of a run, keeps the plans, and approves what standing approvals cover. */
  propose(scan: Parameters<typeof propose>[1]): Promise<Map<string, Offer>>;
  find(id: string): Promise<FixView | undefined>;
  /** Fixes and undos that concerned a finding, newest first. */
  ofFinding(finding: string): Promise<FixView[]>;
  /** What waits for a decision, oldest first. */
  pending(): Promise<FixView[]>;
  powers(fix: FixView, user: string): Promise<Powers>;
  request(request: Requested): Promise<Decided>;
  approve(request: Requested): Promise<Decided>;
  reject(decision: Decision): Promise<Decided>;
  /** One person approves alone in an emergency. */
  breakGlass(request: Requested): Promise<Decided>;
  /** Is that offered to this person at all, and what stands in the way now? */
  emergency(fix: FixView, user: string, policies: Powers['policies']): ReturnType<typeof emergencyOffer>;
  /** One of the two signatures on what was done in an emergency. */
  signOff(ask: { fixId: string; user: string }): Promise<Decided>;
  /** What this person is asked for beside the click. */
  demand(fix: FixView, ask: Parameters<typeof demandFor>[2]): Promise<Demand>;
  codes: {
    /** Can this person give a one-time code? */
    of(user: string): Promise<Demand['code']>;
    begin(ask: { user: string; code?: string }): Promise<Begun>;
    confirm(ask: { user: string; code: string }): Promise<Enrolled>;
    reset(ask: { user: string; by: string }): Promise<Enrolled>;
  };
  /** Takes a request back before it runs. */
  withdraw(decision: Decision): Promise<Decided>;
  /** Why this person may not take a request back; nothing if they may. */
  mayNotWithdraw(fix: FixView, user: string): Promise<string | undefined>;
  /** User ids and ids of groups whose word a request waits for. */
  waitingFor(fix: FixView): Promise<string[]>;
  /** Lets runs propose the fix of a finding again after it was undone. */
  liftHold(finding: string, user: string): Promise<Lifted>;
  proposeUndo(fixId: string): Promise<ProposedUndo>;
  /** Of these findings, the fixes that may be decided together. */
  batchable(findings: readonly string[]): Promise<FixView[]>;
  findBatch(id: string): Promise<Batch | undefined>;
  submitBatch(ask: Parameters<typeof submitBatch>[1]): Promise<BatchAnswer>;
  decideBatch(ask: Parameters<typeof decideBatch>[1]): Promise<BatchAnswer>;
  retryBatch(ask: Parameters<typeof retryBatch>[1]): Promise<BatchAnswer>;
  /** Stops every fix of an environment, or of the estate, before its next call. */
  freeze(ask: { environment: string | undefined; reason: string; user: string }): Promise<FreezeAnswer>;
  /** One of the two words that lift a freeze. */
  lift(ask: { id: string; user: string }): Promise<FreezeAnswer>;
  /** One of the two words that a changed configuration holds alone. */
  confirmConfiguration(ask: { user: string; hash?: string }): Promise<Confirmed>;
  /** At start, before anything else: tells of what the configuration changes. */
  noteConfiguration(): Promise<void>;
  /** At start, once Slack answers: tells of policies that nobody can satisfy. */
  reportProblems(): Promise<void>;
  /** Job: carries an approved fix out. */
  apply(fixId: string): Promise<void>;
  /** Job: looks at the slower guards of a fix that has run. */
  followUp(fixId: string): Promise<void>;
  /**
   * Ends what nobody decided in time, begins what waited for its time, and queues what a dead process left behind; called
   * at start and every 5 s.
   */
  sweep(): Promise<void>;
}

export function createFixes(context: FixesContext): Fixes {
  const { store } = context;
  const risks = createAcceptedRisks(context);
  return {
    risks,
    async propose(scan) {
      const offers = await propose(context, scan);
      await applyStanding(context, offers);
      return offers;
    },
    async find(id) {
      const row = await findFix(store.query, id);
      return row === undefined ? undefined : viewOf(row);
    },
    ofFinding: async (finding) => (await fixesOfFinding(store.query, finding)).map(viewOf),
    pending: async () => (await fixesIn(store.query, ['pending'])).map(viewOf),
    powers: (fix, user) => powersOf(context, fix, user),
    request: (request) => requestApproval(context, request),
    approve: (request) => approve(context, request),
    reject: (decision) => reject(context, decision),
    breakGlass: (request) => breakGlass(context, request),
    emergency: (fix, user, policies) => emergencyOffer(context, fix, user, policies),
    signOff: (ask) => signOff(context, ask),
    demand: (fix, ask) => demandFor(context, fix, ask),
    codes: {
      of: (user) => codesOf(context, user),
      begin: (ask) => beginEnrolment(context, ask),
      confirm: (ask) => confirmEnrolment(context, ask),
      reset: (ask) => resetEnrolment(context, ask),
    },
    withdraw: (decision) => withdraw(context, decision),
    mayNotWithdraw: (fix, user) => mayNotWithdraw(context, fix, user),
    waitingFor: (fix) => waitingFor(context, fix),
    liftHold: (finding, user) => liftHold(context, finding, user),
    proposeUndo: (fixId) => proposeUndo(context, fixId),
    batchable: (findings) => batchable(context, findings),
    findBatch: (id) => findBatch(context, id),
    submitBatch: (ask) => submitBatch(context, ask),
    decideBatch: (ask) => decideBatch(context, ask),
    retryBatch: (ask) => retryBatch(context, ask),
    freeze: (ask) => freeze(context, ask),
    lift: (ask) => lift(context, ask),
    confirmConfiguration: (ask) => confirmConfiguration(context, ask),
    noteConfiguration: () => noteConfiguration(context),
    reportProblems: () => reportProblems(context),
    apply: (fixId) => applyFix(context, fixId),
    followUp: (fixId) => followUp(context, fixId),
    async sweep() {
      await keepConfiguration(context);
      const expired = await store.transaction(async (tx) => {
        const rows = await expireFixes(tx);
        for (const { id } of rows) await announceNow(context, tx, id);
        return rows;
      });
      for (const { id } of expired) context.logger.info({ fix: id }, 'a fix expired without a decision');
      for (const id of await startDue(context))
        context.logger.info({ fix: id }, 'the time of an approved fix has come');
      await remind(context);
      await overdueSignOffs(context);
      for (const id of await lapsed(store.query, 'fixes', store.now())) await store.enqueue('fix.apply', { fixId: id });
      await risks.sweep();
    },
  };
}
