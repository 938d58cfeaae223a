export const FIX_STATES = [
  'proposed',
  'pending',
  'approved',
  'applying',
  'verifying',
  'fixed',
  'unconfirmed',
  'failed',
  'partly-applied',
  'rolled-back',
  'rejected',
  'withdrawn',
  'expired',
  'superseded',
  'drifted',
  'undone',
] as const;

export type FixState = (typeof FIX_STATES)[number];

/** Every legal move of a fix; what is not here cannot happen. */
export const FIX_MOVES: { readonly [from in FixState]: readonly FixState[] } = {
  /** To itself: the plan was made anew (another revision). */
  proposed: ['proposed', 'pending', 'approved', 'rejected', 'withdrawn', 'expired', 'superseded', 'drifted'],
  pending: ['proposed', 'approved', 'rejected', 'withdrawn', 'expired', 'superseded', 'drifted'],
  /** Back to pending: an approval lapsed between decision and execution. */
  approved: ['pending', 'applying', 'withdrawn', 'expired', 'superseded', 'drifted'],
  applying: ['verifying', 'failed', 'partly-applied', 'rolled-back', 'drifted'],
  verifying: ['fixed', 'unconfirmed', 'failed', 'partly-applied', 'rolled-back'],
  /** A slower guard (delivery, digests) may still confirm or reopen. */
  fixed: ['unconfirmed', 'undone'],
  unconfirmed: ['fixed', 'failed', 'undone'],
  failed: ['undone'],
  'partly-applied': ['undone'],
  /** The new plan is shown under the same id, and approval starts over. */
  drifted: ['proposed', 'expired', 'superseded', 'withdrawn'],
  'rolled-back': [],
  rejected: [],
  withdrawn: [],
  expired: [],
  superseded: [],
  undone: [],
};

/** States in which a decision or an execution is still to come; a finding has at most one such fix. */
export const OPEN_STATES = [
  'proposed',
  'pending',
  'approved',
  'applying',
  'verifying',
  'drifted',
] as const satisfies readonly FixState[];

/** States in which a process holds the fix by a lease. */
export const HELD_STATES = ['applying', 'verifying'] as const satisfies readonly FixState[];

/** States that end by themselves when the time for a decision has passed. */
export const EXPIRING_STATES = ['pending', 'approved'] as const satisfies readonly FixState[];

export function isFixState(text: string): text is FixState {
  return FIX_STATES.some((state) => state === text);
}
