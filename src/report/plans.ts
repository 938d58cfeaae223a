import { terraformOf } from '../check/alternatives/terraform.ts';
import { canonicalJson } from '../check/evaluators/canonical.ts';
import type { Finding } from '../check/finding.ts';
import { type Change, type ManualStep, type Plan, planHash } from '../check/plan.ts';
import type { ScanReport } from '../posture/report.ts';
import { printable } from './text.ts';

/** What can be done about one failing finding. */
export type Offer =
  | { kind: 'plan'; plan: Plan; hash: string }
  | { kind: 'manual'; steps: ManualStep[]; reason?: string }
  | { kind: 'blocked'; by: string; reason: string };

/** An offer of what the planner proposes: a plan gets the hash that an approval of it would carry. */
export function offerOf(proposal: Exclude<Offer, { kind: 'plan' }> | { kind: 'plan'; plan: Plan }): Offer {
  return proposal.kind === 'plan' ? { ...proposal, hash: planHash(proposal.plan) } : proposal;
}

export interface OfferedFix {
  finding: Finding;
  offer: Offer;
}

/** How one language writes down what is to be done; what it cannot say is left to comments. */
export interface PlanLanguage {
  change(change: Change): string;
  /** What takes a change back. */
  undo(change: Change): string | undefined;
  step(step: ManualStep): string | undefined;
}

/** Resource blocks for teams that own the estate through code; code is taken back by its own history. */
export const TERRAFORM: PlanLanguage = {
  change: terraformOf,
  undo: () => undefined,
  step: ({ terraform }) => terraform,
};

/** The JSON of `plan --format json`. */
export function planJson({ schema, run }: Pick<ScanReport, 'schema' | 'run'>, fixes: readonly OfferedFix[]): object {
  return {
    schema,
    target: run.target,
    readAt: run.finishedAt,
    fixes: fixes.map(({ finding, offer }) => {
      const { id, check, account, region, resource, severity, title, reason } = finding;
      return { finding: { id, check, account, region, resource, severity, title, reason }, ...offer };
    }),
  };
}

/**
 * All fixes of a scan as text to run, grouped by account. Both languages comment with `#`, and so does everything here
 * that is not to be run: guided steps, undo, and plans that would overwrite what an earlier one writes.
 */
export function* planText(
  { run, accounts }: Pick<ScanReport, 'run' | 'accounts'>,
  fixes: readonly OfferedFix[],
  language: PlanLanguage,
): Generator<string> {
  const nameOf = (id: string) => accounts.find((account) => account.id === id)?.name ?? id;
  yield comment(`${run.target}, as read at ${run.finishedAt}: ${tally(fixes)}. Nothing was changed.`);
  const written: Written = new Map();
  for (const [account, own] of Map.groupBy(fixes, ({ finding }) => finding.account)) {
    yield `\n${comment(`===== Account ${account} (${nameOf(account)}) =====`)}`;
    for (const { finding, offer } of own) {
      yield `\n${comment(`--- ${finding.severity.toUpperCase()}: ${finding.title} (${finding.check})`)}`;
      yield comment(`${finding.resource}${finding.reason === undefined ? '' : `\n${finding.reason}`}`);
      if (offer.kind === 'blocked') yield comment(`No plan: ${offer.reason} (${offer.by})`);
      if (offer.kind === 'manual') yield guided(offer.steps, offer.reason, language);
      if (offer.kind === 'plan') yield* planned(offer, finding, { written, nameOf, language });
    }
  }
}

/** What is written so far: the part of the estate, what it becomes, and the check whose plan does it. */
type Written = Map<string, { change: Change; check: string }>;

function* planned(
  { plan, hash }: { plan: Plan; hash: string },
  finding: Finding,
  { written, nameOf, language }: { written: Written; nameOf(id: string): string; language: PlanLanguage },
): Generator<string> {
  const approvals =
    plan.class === 'auto-second-approver' || plan.risk === 'irreversible' ? 'two approvals' : 'one approval';
  const facts = [
    `In Slack after ${approvals}`,
    `risk: ${plan.risk}`,
    `can be undone: ${plan.reversible}`,
    `plan ${hash}`,
  ];
  yield comment(
    [facts.join('; '), plan.cost ?? '', ...plan.warnings.map((warning) => `WARNING: ${warning}`)]
      .filter(Boolean)
      .join('\n'),
  );
  const rival = plan.changes.map((change) => rivalOf(change, written)).find((check) => check !== undefined);
  if (rival !== undefined) {
    yield comment(
      `Left as comments, because this would overwrite what the plan for ${rival} above writes. Run that one, then plan again.`,
    );
  }
  let account = '';
  for (const [at, change] of plan.changes.entries()) {
    if (change.account !== account) {
      account = change.account;
      yield comment(`With credentials of account ${account} (${nameOf(account)}), such as AWS_PROFILE=<its profile>:`);
    }
    yield comment(`Step ${at + 1} of ${plan.changes.length}: ${change.summary}`);
    const earlier = written.get(change.target);
    const repeats = earlier !== undefined && same(earlier.change, change);
    if (repeats) yield comment(`The plan for ${earlier.check} above does it already:`);
    const undo = language.undo(change);
    yield rival === undefined && !repeats ? ended(language.change(change)) : comment(language.change(change));
    if (undo !== undefined) yield comment(`undo: ${undo}`);
    if (rival === undefined) written.set(change.target, { change, check: finding.check });
  }
}

function guided(steps: readonly ManualStep[], reason: string | undefined, language: PlanLanguage): string {
  const lines = steps.flatMap((step, at) => [`${at + 1}. ${step.text}`, language.step(step) ?? '']);
  return comment([`By hand${reason === undefined ? ':' : `: ${reason}`}`, ...lines.filter(Boolean)].join('\n'));
}

/** The check whose plan writes the same part differently: what is written last would stand alone. */
function rivalOf(change: Change, written: Written): string | undefined {
  const earlier = written.get(change.target);
  if (earlier === undefined || same(earlier.change, change)) return undefined;
  const [one, other] = [earlier.change.result, change.result];
  const shared = one === null || other === null ? undefined : Object.keys(one).filter((member) => member in other);
  const agree = shared?.every(
    (member) => canonicalJson(one?.[member] ?? null) === canonicalJson(other?.[member] ?? null),
  );
  return agree === true ? undefined : earlier.check;
}

function same(one: Change, other: Change): boolean {
  return one.operation === other.operation && canonicalJson(one.input) === canonicalJson(other.input);
}

function tally(fixes: readonly OfferedFix[]): string {
  const count = (kind: Offer['kind']) => fixes.filter(({ offer }) => offer.kind === kind).length;
  return `${count('plan')} plans, ${count('manual')} to mend by hand, ${count('blocked')} blocked`;
}

/** Every line a comment, whatever the text holds: names in an estate must not become commands. */
function comment(text: string): string {
  return ended(
    text
      .split(/\r\n|[\n\r]/)
      .map((line) => `# ${printable(line)}`.trimEnd())
      .join('\n'),
  );
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
