/** Action ids of buttons. Their values are opaque: `<fixId>.<revision>`, or the id of a run, a finding, a list. */
export const ACTIONS = {
  reviewFix: 'review_fix',
  showSteps: 'show_steps',
  approveFix: 'approve_fix',
  rejectFix: 'reject_fix',
  undoFix: 'undo_fix',
  showAll: 'show_all',
  /** In the modal that `show_all` opens; its value is the number of the wanted page, beginning with 0. */
  findingsPage: 'findings_page',
  rerun: 'rerun',
  liftFreeze: 'lift_freeze',
  openHomeEnvironment: 'open_home_env',
} as const;

/** Callback ids of modals that are submitted. An undo is a fix of its own: its modal submits as `review_fix` too. */
export const VIEWS = { reviewFix: 'review_fix', rejectFix: 'reject_fix' } as const;

/** Block id and action id of the reason in every modal that asks for one: `state.values.reason.reason.value`. */
export const REASON = 'reason';

/** The value of a button that decides on one revision of a plan; an older one is refused (decision 30). */
export function fixValue({ id, revision }: { id: string; revision: number }): string {
  return `${id}.${revision}`;
}

/** Reads a `fixValue`; undefined for anything else, which no button of ours sent. */
export function parseFixValue(value: string): { fixId: string; revision: number } | undefined {
  const match = /^(.+)\.(\d{1,9})$/.exec(value);
  return match === null ? undefined : { fixId: match[1] ?? '', revision: Number(match[2]) };
}
