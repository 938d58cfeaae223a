/** A call as far as its place in time matters; milliseconds on any one clock. */
export interface Timed {
  startedAt: number;
  endedAt: number;
}

/** Clocks of a millisecond round both ends of a call. */
const ROUNDING_MS = 2;

/**
 * The longest sequence of calls in which each starts after the one before it has ended: how many answers had to be
 * waited for, one after the other. Taking the earliest end each time gives the longest such sequence.
 *
 * Calls that follow one another by chance count too, so it is measured in slow motion (see `scan.ts`): when every answer
 * takes half a second, only calls that needed an earlier answer, or room among those under way, start that late.
 */
export function longestChain<Call extends Timed>(calls: readonly Call[]): Call[] {
  const chain: Call[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const call of calls.toSorted((one, other) => one.endedAt - other.endedAt)) {
    if (call.startedAt < free - ROUNDING_MS) continue;
    chain.push(call);
    free = call.endedAt;
  }
  return chain;
}
