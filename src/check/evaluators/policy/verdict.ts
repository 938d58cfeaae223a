import type { Verdict } from './types.ts';

/** No if one is no, yes if all are yes. */
export function every(verdicts: Iterable<Verdict>): Verdict {
  const all = [...verdicts];
  if (all.includes('no')) return 'no';
  return all.includes('maybe') ? 'maybe' : 'yes';
}

/** Yes if one is yes, no if all are no. */
export function some(verdicts: Iterable<Verdict>): Verdict {
  const all = [...verdicts];
  if (all.includes('yes')) return 'yes';
  return all.includes('maybe') ? 'maybe' : 'no';
}

export function opposite(verdict: Verdict): Verdict {
  if (verdict === 'maybe') return 'maybe';
  return verdict === 'yes' ? 'no' : 'yes';
}

export function verdictOf(truth: boolean): Verdict {
  return truth ? 'yes' : 'no';
}
