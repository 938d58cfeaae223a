import { canonicalJson } from '../check/evaluators/canonical.ts';
import { moveReferences } from '../check/output-reference.ts';
import type { Change } from '../check/plan.ts';

/** Operations that replace a whole document: two of them on one target become one put (decision 13). */
const WHOLE_DOCUMENT = new Set([
  's3:PutBucketPolicy',
  'kms:PutKeyPolicy',
  'cloudtrail:PutEventSelectors',
  's3:PutBucketLifecycleConfiguration',
]);

/** Updates of the members that are sent and of no others. */
const PARTIAL = new Set(['cloudtrail:UpdateTrail']);

/**
 * The changes of several plans, in their order, as those of one. Two puts of one document become one put of the later
 * document, in the place of the earlier one, because what comes between may need it (CreateTrail its bucket policy). Two
 * UpdateTrail become one in the place of the later one, because it may need what comes between (the key's policy).
 * What would change nothing is left out. References to the answers of steps follow the steps.
 */
export function mergeChanges(plans: readonly (readonly Change[])[]): Change[] {
  const slots: { change: Change; steps: number[] }[] = [];
  let step = 0;
  for (const changes of plans) {
    const first = step;
    for (const own of changes) {
      const change = moveReferences(own, (inPlan) => first + inPlan);
      const at = slots.findIndex((slot) => slot.change.target === change.target && joins(slot.change, change));
      const [earlier] = at === -1 ? [] : slots.splice(at, 1);
      const steps = [...(earlier?.steps ?? []), step];
      const joined = { change: earlier === undefined ? change : join(earlier.change, change), steps };
      slots.splice(earlier === undefined || PARTIAL.has(change.operation) ? slots.length : at, 0, joined);
      step += 1;
    }
  }
  const left = slots.filter(({ change }) => !changesNothing(change));
  const placeOf = (old: number) =>
    Math.max(
      0,
      left.findIndex(({ steps }) => steps.includes(old)),
    );
  return left.map(({ change }) => moveReferences(change, placeOf));
}

function joins(earlier: Change, later: Change): boolean {
  return earlier.operation === later.operation && (WHOLE_DOCUMENT.has(later.operation) || PARTIAL.has(later.operation));
}

function join(earlier: Change, later: Change): Change {
  const { undo: _, ...rest } = later;
  const summary = earlier.summary === later.summary ? earlier.summary : `${earlier.summary} ${later.summary}`;
  if (!PARTIAL.has(later.operation)) {
    return { ...rest, summary, expect: earlier.expect, ...(earlier.undo === undefined ? {} : { undo: earlier.undo }) };
  }
  return {
    ...rest,
    summary,
    input: { ...earlier.input, ...later.input },
    expect: both(later.expect, earlier.expect),
    result: both(earlier.result, later.result),
    ...(earlier.undo === undefined || later.undo === undefined
      ? {}
      : { undo: { ...earlier.undo, input: { ...later.undo.input, ...earlier.undo.input } } }),
  };
}

/** Members of both; `null`, an absent trail, has none. */
function both(one: Change['expect'], other: Change['expect']): Change['expect'] {
  return one === null || other === null ? other : { ...one, ...other };
}

function changesNothing({ expect, result }: Change): boolean {
  return canonicalJson(expect) === canonicalJson(result);
}
