/** Action ids of buttons. Their values are opaque: `<fixId>.<revision>`, or the id of a run, a finding, a list. */
export const ACTIONS = {
  reviewFix: 'review_fix',
  showSteps: 'show_steps',
  approveFix: 'approve_fix',
  rejectFix: 'reject_fix',
  withdrawFix: 'withdraw_fix',
  undoFix: 'undo_fix',
  /** Lets runs offer the fix of a finding again after it was undone; its value is the finding's id. */
  liftHold: 'lift_hold',
  showAll: 'show_all',
  /** In the modal that `show_all` opens; its value is the number of the wanted page, beginning with 0. */
  findingsPage: 'findings_page',
  rerun: 'rerun',
  reviewAll: 'review_all',
  reviewBatch: 'review_batch',
  approveBatch: 'approve_batch',
  rejectBatch: 'reject_batch',
  retryBatch: 'retry_batch',
  liftFreeze: 'lift_freeze',
  breakGlass: 'break_glass',
  signOff: 'sign_off',
  enrol: 'enrol',
  resetCodes: 'reset_codes',
  /** Its value is the hash of the configuration. */
  confirmConfiguration: 'confirm_configuration',
  openHomeEnvironment: 'open_home_env',
  /** The menu of a finding; see `menuValue`. */
  findingMenu: 'finding_menu',
  approveRisk: 'approve_risk',
  rejectRisk: 'reject_risk',
  withdrawRisk: 'withdraw_risk',
} as const;

/** Callback ids of modals that are submitted. An undo is a fix of its own: its modal submits as `review_fix` too. */
export const VIEWS = {
  reviewFix: 'review_fix',
  rejectFix: 'reject_fix',
  withdrawFix: 'withdraw_fix',
  acceptRisk: 'accept_risk',
  approveRisk: 'approve_risk',
  rejectRisk: 'reject_risk',
  snooze: 'snooze_finding',
  reviewBatch: 'review_batch',
  breakGlass: 'break_glass',
  enrol: 'enrol',
  enrolAgain: 'enrol_again',
  resetCodes: 'reset_codes',
} as const;

/** Block id and action id of the reason in every modal that asks for one: `state.values.reason.reason.value`. */
export const REASON = 'reason';
/** The same of what is proven beside a click, and of a person that is chosen. */
export const ALIAS = 'alias';
export const CODE = 'code';
export const PERSON = 'person';

/** The value of a button that decides on one revision of a plan; an older one is refused (decision 30). */
export function fixValue({ id, revision }: { id: string; revision: number }): string {
  return `${id}.${revision}`;
}

/** Reads a `fixValue`; undefined for anything else, which no button of ours sent. */
export function parseFixValue(value: string): { fixId: string; revision: number } | undefined {
  const match = /^(.+)\.(\d{1,9})$/.exec(value);
  return match === null ? undefined : { fixId: match[1] ?? '', revision: Number(match[2]) };
}

/** What the menu of a finding offers. */
export const MENU_ACTS = ['accept', 'snooze', 'wake', 'explain'] as const;
export type MenuAct = (typeof MENU_ACTS)[number];

/** The value of one entry of that menu. */
export function menuValue(act: MenuAct, finding: string): string {
  return `${act}.${finding}`;
}

/** Reads a `menuValue`; undefined for anything else. */
export function parseMenuValue(value: string): { act: MenuAct; finding: string } | undefined {
  const at = value.indexOf('.');
  const act = MENU_ACTS.find((each) => each === value.slice(0, at));
  return act === undefined ? undefined : { act, finding: value.slice(at + 1) };
}
