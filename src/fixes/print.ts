export { cliLine } from '../check/alternatives/cli.ts';

import type { Change } from '../check/plan.ts';
import type { JsonObject } from '../snapshot/types.ts';

export interface DiffLine {
  sign: '+' | '-' | ' ';
  text: string;
}

/** Before and after of one change as lines: what stays is kept as context, three lines around each difference. */
export function diffOf(change: Change): DiffLine[] {
  return withContext(diffLines(lines(change.expect), lines(change.result)), 3);
}

function lines(state: JsonObject | null): string[] {
  return state === null ? ['(none)'] : JSON.stringify(state, null, 2).split('\n');
}

/** Longest common subsequence over lines; documents here are at most a few hundred lines. */
function diffLines(before: string[], after: string[]): DiffLine[] {
  const width = after.length + 1;
  const table = new Uint32Array((before.length + 1) * width);
  const length = (row: number, column: number) => table[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      table[row * width + column] =
        before[row] === after[column]
          ? length(row + 1, column + 1) + 1
          : Math.max(length(row + 1, column), length(row, column + 1));
    }
  }
  const diff: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const old = before[row];
    const fresh = after[column];
    if (old !== undefined && old === fresh) {
      diff.push({ sign: ' ', text: old });
      row++;
      column++;
    } else if (old !== undefined && (fresh === undefined || length(row + 1, column) >= length(row, column + 1))) {
      diff.push({ sign: '-', text: old });
      row++;
    } else if (fresh !== undefined) {
      diff.push({ sign: '+', text: fresh });
      column++;
    }
  }
  return diff;
}

function withContext(diff: DiffLine[], around: number): DiffLine[] {
  const near = diff.map((_, at) =>
    diff.slice(Math.max(0, at - around), at + around + 1).some(({ sign }) => sign !== ' '),
  );
  return diff.filter((_, at) => near[at] === true);
}
