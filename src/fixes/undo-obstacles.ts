import type { Change, Plan } from '../check/plan.ts';
import { partAt, splitPartKey, stateOf } from '../check/state.ts';
import { resourceOf, type Subject, subjectsOf } from '../check/subject.ts';
import { evaluateOne } from '../posture/evaluate.ts';
import type { JsonObject, PartName, Snapshot } from '../snapshot/types.ts';
import { fixesAfter } from '../store/fixes.ts';
import { standingOf } from './apply-change.ts';
import type { FixesContext } from './context.ts';
import { type FixView, viewOf } from './fix.ts';
import { overlay } from './overlay.ts';
import { diffOf } from './print.ts';
import { planningContext } from './proposal.ts';
import { firstChanges } from './targets.ts';

/** What stands in the way of an undo (decision 32). */
export interface Obstacle {
  reason: string;
  /** What stands where the fix left something else, as `-` and `+` lines. */
  difference?: string[];
}

/** Why a fix cannot be taken back as things stand; undefined where nothing is known to stand in the way. */
export async function obstacleTo(
  context: FixesContext,
  fix: FixView,
  undo: Plan,
  snapshot: Snapshot | undefined,
): Promise<Obstacle | undefined> {
  const later = (await fixesAfter(context.store.query, fix.row)).map(viewOf);
  const dependent = later.find((other) => dependsOn(other, undo));
  if (dependent !== undefined) {
    const { summary } = dependent.proposal.plan;
    return { reason: `A later fix builds on this one: "${summary}" Undo that first.` };
  }
  if (snapshot === undefined) return undefined;
  return driftedFrom(undo, snapshot) ?? lostDelivery(context, undo, snapshot);
}

/** Parts that are written as a whole: whoever wrote one later built on what stood there. */
const WHOLE: readonly PartName[] = ['bucket.policy', 'key.policy', 'trail.selectors', 'bucket.lifecycle'];

/** Does what a later fix did rest on what an undo would take away? */
function dependsOn(later: FixView, undo: Plan): boolean {
  const made = later.proposal.plan.changes.filter((_, at) => later.progress.changes[at]?.state === 'done');
  return undo.changes.some((taken) =>
    made.some((change) => sameGround(change, taken) || (taken.result === null && mentions(change, taken.resource))),
  );
}

function sameGround(one: Change, other: Change): boolean {
  if (one.target !== other.target) return false;
  if (WHOLE.includes(splitPartKey(one.target).name) || one.result === null || other.result === null) return true;
  const members = new Set([...Object.keys(one.result), ...Object.keys(one.expect ?? {})]);
  return [...Object.keys(other.result), ...Object.keys(other.expect ?? {})].some((member) => members.has(member));
}

function mentions({ input, resource }: Change, taken: string): boolean {
  return resource === taken || JSON.stringify(input).includes(taken);
}

/** What does not stand as the fix left it. A saved text is never put over it. */
function driftedFrom(undo: Plan, snapshot: Snapshot): Obstacle | undefined {
  const change = firstChanges(undo).find((each) => standingOf(each, snapshot) === 'other');
  if (change === undefined) return undefined;
  const reason = `${change.resource} is not as the fix left it (${change.target}). Nothing ran.`;
  return { reason, difference: differenceOf(change, snapshot) };
}

/** What a change expects and what there is, as `-` and `+` lines; of partial states only the members that it names. */
export function differenceOf(change: Change, snapshot: Snapshot): string[] {
  const part = partAt(snapshot, change.target);
  const found = part === undefined ? undefined : stateOf(splitPartKey(change.target).name, part);
  if (found?.known !== true) return [];
  const result = found.state === null || change.expect === null ? found.state : membersOf(found.state, change.expect);
  return diffOf({ ...change, result }).map(({ sign, text }) => `${sign} ${text}`);
}

function membersOf(state: JsonObject, wanted: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(wanted).map((member) => [member, state[member] ?? null]));
}

/** Checks that fail where CloudTrail can no longer write its files. */
const DELIVERY = ['bucket/delivery-policy', 'key/delivery-policy', 'key/usable'];

/** The trail that records now, and whose files would not arrive any more. */
function lostDelivery(context: FixesContext, undo: Plan, snapshot: Snapshot): Obstacle | undefined {
  const after = overlay(snapshot, undo.changes);
  for (const check of DELIVERY.flatMap((id) => context.catalogue.get(id) ?? [])) {
    const verdicts = (state: Snapshot) =>
      new Map(
        subjectsOf(check.scope, state).map((subject) => [
          resourceOf(subject, state.partition),
          { subject, verdict: evaluateOne(check, subject, planningContext(context, state)).verdict },
        ]),
      );
    const before = verdicts(snapshot);
    for (const [resource, { subject, verdict }] of verdicts(after)) {
      if (verdict !== 'fail' || before.get(resource)?.verdict === 'fail') continue;
      const trail = trailsOf(subject).find((arn) => mayRecord(after, arn));
      if (trail !== undefined) return { reason: `${trail} records, and could no longer deliver its log files.` };
    }
  }
  return undefined;
}

function trailsOf(subject: Subject): readonly string[] {
  return 'trails' in subject ? subject.trails : [];
}

/** A trail of which it is not known is taken to record. */
function mayRecord(snapshot: Snapshot, arn: string): boolean {
  const status = snapshot['trail.status'][arn];
  return status?.state !== 'read' || status.value.IsLogging;
}
