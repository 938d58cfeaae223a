import type { ColumnType, Generated, Insertable, Kysely, Selectable } from 'kysely';
import type { FixState } from './fix-states.ts';

/** A jsonb column: written as text made by `toJson`, read as whatever it holds, which the reader parses. */
type JsonColumn = ColumnType<unknown, string, string>;

export type Verdict = 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'exempt';

export interface RunTable {
  id: string;
  /** What was asked for, in one spelling: `prod`. At most one run a target is queued or running. */
  target: string;
  /** Slack user id; null for what nobody asked for. */
  requestedBy: string | null;
  trigger: 'asked' | 'scheduled' | 'event' | 'verification';
  state: 'queued' | 'running' | 'done' | 'failed';
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  counts: JsonColumn;
  score: number | null;
  /** False when something could not be read; null until finished. */
  complete: boolean | null;
  /** Ids of the findings that changed. */
  changed: string[];
  /** AWS calls made. */
  calls: number | null;
  error: string | null;
  owner: string | null;
  leaseUntil: Date | null;
}

export interface FindingTable {
  id: string;
  check: string;
  account: string;
  region: string;
  resource: string;
  verdict: Verdict;
  severity: string;
  title: string;
  /** The whole finding. */
  data: JsonColumn;
  /** Of `data`, so that what did not change is not written again. */
  contentHash: string;
  /** Of the evidence, as an exemption is bound to it. */
  fingerprint: string;
  firstSeen: Date;
  lastSeen: Date;
  /** When the verdict last became another. */
  changedAt: Date;
}

export interface FindingChangeTable {
  finding: string;
  run: string;
  at: Date;
  /** Null: not there before. */
  from: Verdict | null;
  /** Null: the resource is gone. */
  to: Verdict | null;
  check: string;
  account: string;
  resource: string;
  severity: string;
}

export interface SnapshotPartTable {
  /** `<part name>:<key>` */
  key: string;
  account: string;
  hash: string;
  content: Uint8Array;
  takenAt: Date;
}

export interface FixTable {
  id: string;
  /** What it mends, in one spelling; at most one open fix a key. */
  key: string;
  revision: Generated<number>;
  kind: 'fix' | 'undo';
  /** The fix that an undo takes back. */
  of: string | null;
  findings: string[];
  check: string;
  accounts: string[];
  plan: JsonColumn;
  planHash: string;
  state: FixState;
  class: string;
  risk: string;
  /** Approvals needed. */
  people: number;
  requestedBy: string | null;
  requestedAt: Date | null;
  reason: string | null;
  approvedAt: Date | null;
  /** Not before this time, where a change window has to be waited for. */
  startsAt: Date | null;
  expiresAt: Date | null;
  policyHash: string | null;
  configHash: string | null;
  owner: string | null;
  leaseUntil: Date | null;
  progress: JsonColumn;
  result: JsonColumn;
  error: string | null;
  /** Shared by fixes that were asked for together. */
  batch: string | null;
  /** One person approved alone, in an emergency. */
  breakGlass: Generated<boolean>;
  /** When two people had signed off what was done in an emergency. */
  signedOffAt: Date | null;
  /** Reminders said so far, and when the next is due. */
  reminders: Generated<number>;
  nextReminderAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface ApprovalTable {
  fix: string;
  revision: number;
  user: string;
  decision: 'approve' | 'reject';
  reason: string | null;
  at: Date;
  /** The same person asked for it and decided. */
  selfInitiated: boolean;
  /** What made the person an approver at that moment: groups, verified e-mail. */
  seen: JsonColumn;
  /** Set when the second look, right before execution, no longer allowed it. */
  lapsedAt: Date | null;
  /** What was proven beside the click: `alias` or `code`. */
  stepUp: string | null;
}

export interface SignOffTable {
  fix: string;
  user: string;
  at: Date;
}

export interface FreezeTable {
  id: string;
  /** Null: everywhere. */
  environment: string | null;
  reason: string;
  by: string;
  at: Date;
  /** The first of the two who lift it. */
  liftRequestedBy: string | null;
  liftedBy: string | null;
  liftedAt: Date | null;
}

export interface AcceptedRiskTable {
  id: string;
  finding: string;
  check: string;
  account: string;
  region: string;
  resource: string;
  title: string;
  severity: string;
  /** Of the evidence: worse evidence fails again (decision 35). */
  fingerprint: string;
  evidence: JsonColumn;
  /** Environments whose policies decide: those that hold the account, and those that share the resource. */
  environments: string[];
  /** Slack user id of who answers for the risk. */
  owner: string;
  reason: string;
  /** ISO date: the last day on which it holds, UTC. */
  until: string;
  state: RiskState;
  /** Approvals needed. */
  people: number;
  /** Where it was asked for. */
  channel: string;
  threadKey: string | null;
  requestedBy: string;
  requestedAt: Date;
  /** No decision after this. */
  expiresAt: Date;
  policyHash: string;
  configHash: string;
  approvals: JsonColumn;
  /** When enough people had approved. */
  acceptedAt: Date | null;
  endedAt: Date | null;
  /** Who rejected or withdrew it; null where it ended by itself. */
  endedBy: string | null;
  endedReason: string | null;
}

/** `superseded`: the finding changed before it was decided. `ended`: it held, and does not any more. */
export type RiskState = 'pending' | 'active' | 'rejected' | 'withdrawn' | 'expired' | 'superseded' | 'ended';

export interface SnoozeTable {
  finding: string;
  until: Date;
  by: string;
  at: Date;
  reason: string | null;
  /** Of the evidence, and the severity: worse ends it. */
  fingerprint: string;
  severity: string;
}

/** One-time codes of a person; secrets are encrypted with a key from the environment. */
export interface EnrolmentTable {
  user: string;
  /** Null until the first right code. */
  secret: string | null;
  /** Shown to the person, takes the place of `secret` with its first right code. */
  nextSecret: string | null;
  nextAt: Date | null;
  confirmedAt: Date | null;
  /** Time step of the last code that was taken: none is taken twice. */
  lastStep: ColumnType<string | number, number | undefined, number>;
  /** Wrong codes since the last right one. */
  failures: Generated<number>;
  lockedUntil: Date | null;
}

export interface ConfigurationTable {
  hash: string;
  /** Approvers, modes and exemptions, for comparison with another configuration. */
  summary: JsonColumn;
  /** What it changed when it came, a line each. */
  changes: JsonColumn;
  /** Who of the approvers before it said that it is right. */
  confirmations: JsonColumn;
  /** Since when it is in force, if it is; after a way back it begins anew. */
  since: Date;
  /** When a process last ran under it. */
  seenAt: Date;
  /** When two had confirmed it. */
  confirmedAt: Date | null;
  /** When it began to hold alone, and that was said. */
  settledAt: Date | null;
  /** Policies of it that nobody can satisfy, as they were reported. */
  problems: ColumnType<unknown, string | undefined, string>;
}

export interface AuditTable {
  seq: number;
  at: Date;
  actor: string;
  action: string;
  subjectKind: string;
  subjectId: string;
  data: JsonColumn;
  planHash: string | null;
  prevHash: string;
  hash: string;
  hmac: string | null;
}

export interface AuditHeadTable {
  id: 1;
  seq: number;
  hash: string;
}

export interface AuditMirrorTable {
  kind: 'channel' | 'bucket' | 'anchor' | 'bucket-anchor';
  /** What is mirrored goes up to this entry. */
  seq: number;
  hash: string;
  /** The object that is being written ends with this entry: after a crash it is written once more, the same. */
  upto: number | null;
  /** When something was last mirrored. */
  at: Date | null;
  owner: string | null;
  leaseUntil: Date | null;
}

export interface MessageTable {
  id: Generated<number>;
  key: string;
  channel: string;
  /** Key of the message whose thread it belongs to. */
  threadKey: string | null;
  /** Slack user id: shown to this person only. */
  user: string | null;
  subjectKind: string;
  subjectId: string;
  wantedVersion: number;
  shownVersion: number;
  state: 'open' | 'failed';
  /** Slack's name of the posted message. */
  ts: string | null;
  error: string | null;
  /** Since when something newer than what is shown is wanted. */
  pendingSince: Date;
  notBefore: Date | null;
  claimedUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface CronSlotTable {
  job: string;
  slot: Date;
  owner: string;
  claimedAt: Date;
  completedAt: Date | null;
}

export interface DocumentTable {
  /** ARN of what is written as a whole: a bucket policy, a key policy, a trail's selectors. */
  document: string;
  /** Canonical hash of what we wrote last. */
  hash: string | null;
  writtenAt: Date | null;
  /** The fix that may write it now. */
  heldBy: string | null;
  heldUntil: Date | null;
}

export interface HoldTable {
  finding: string;
  reason: string;
  by: string;
  at: Date;
}

export interface Database {
  runs: RunTable;
  findings: FindingTable;
  findingChanges: FindingChangeTable;
  snapshotParts: SnapshotPartTable;
  fixes: FixTable;
  approvals: ApprovalTable;
  audit: AuditTable;
  auditHead: AuditHeadTable;
  auditMirror: AuditMirrorTable;
  messages: MessageTable;
  cronSlots: CronSlotTable;
  documents: DocumentTable;
  holds: HoldTable;
  signOffs: SignOffTable;
  freezes: FreezeTable;
  acceptedRisks: AcceptedRiskTable;
  snoozes: SnoozeTable;
  enrolments: EnrolmentTable;
  configurations: ConfigurationTable;
}

/** What queries run on: the database, or a transaction on it. */
export type Db = Kysely<Database>;

export type Run = Selectable<RunTable>;
export type StoredFinding = Selectable<FindingTable>;
export type FindingChange = Selectable<FindingChangeTable>;
export type Fix = Selectable<FixTable>;
export type NewFixRow = Insertable<FixTable>;
export type Approval = Selectable<ApprovalTable>;
export type AuditEntry = Selectable<AuditTable>;
export type Message = Selectable<MessageTable>;
export type Hold = Selectable<HoldTable>;
export type Enrolment = Selectable<EnrolmentTable>;
export type SignOff = Selectable<SignOffTable>;
export type AcceptedRisk = Selectable<AcceptedRiskTable>;
export type Snooze = Selectable<SnoozeTable>;
