import { canonicalJson } from '../check/evaluators/canonical.ts';
import type { Change } from '../check/plan.ts';

/** Operations that replace a whole document: two of them on one target become one put (decision 13). */
const WHOLE_DOCUMENT = new Set([
  's3:PutBucketPolicy',
  'kms:PutKeyPolicy',
  'cloudtrail:PutEventSelectors',
  's3:PutBucketLifecycleConfiguration',
  'cloudtrail:UpdateTrail',
]);

/**
 * One put a document: a later change on a document takes the place of the earlier one, keeping the earlier one's
 * expectation and its way back. UpdateTrail is partial, so there the inputs are joined. Doing nothing twice is dropped.
 */
export function mergeChanges(changes: readonly Change[]): Change[] {
  const merged: Change[] = [];
  for (const change of changes) {
    const at = merged.findIndex(
      (earlier) =>
        earlier.target === change.target &&
        earlier.operation === change.operation &&
        WHOLE_DOCUMENT.has(change.operation),
    );
    const earlier = merged[at];
    if (earlier === undefined) merged.push(change);
    else merged[at] = join(earlier, change);
  }
  return merged;
}

function join(earlier: Change, later: Change): Change {
  const summary = earlier.summary === later.summary ? earlier.summary : `${earlier.summary} ${later.summary}`;
  if (later.operation !== 'cloudtrail:UpdateTrail') {
    const { undo: _, ...rest } = later;
    return { ...rest, summary, expect: earlier.expect, ...(earlier.undo === undefined ? {} : { undo: earlier.undo }) };
  }
  const undo =
    earlier.undo === undefined || later.undo === undefined
      ? undefined
      : { ...earlier.undo, input: { ...later.undo.input, ...earlier.undo.input } };
  const { undo: _, ...rest } = later;
  return {
    ...rest,
    summary,
    input: { ...earlier.input, ...later.input },
    expect: { ...later.expect, ...earlier.expect },
    result: { ...earlier.result, ...later.result },
    ...(undo === undefined ? {} : { undo }),
  };
}

/** True when a change would leave everything as it is. */
export function changesNothing(change: Change): boolean {
  return canonicalJson(change.expect) === canonicalJson(change.result);
}
