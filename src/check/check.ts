import type { z } from 'zod';
import type { JsonObject, Part, PartName, Snapshot, Unreadable } from '../snapshot/types.ts';
import type { Controls, Finding, FixClass, Risk, Severity } from './finding.ts';
import type { ManualStep, Planned } from './plan.ts';
import type { Subject, SubjectOf } from './subject.ts';

/** What one finding of a check is about. */
export type Scope = Subject['kind'];

/** Defaults of the whole estate that checks may lean on (decision 3). */
export interface EstateSettings {
  archive?: { bucket: string; account: string };
  /** Key ARN by region. */
  keys: { [region: string]: string };
  monitor: 'cloudwatch' | 'siem' | 'eventbridge';
  /** Role names that are ours or a landing zone's: allowed principals in every iam/* check (decision 8). */
  ownRoles: string[];
  /** Name or path/name of the policy that bounds the roles made by fixes. */
  boundary?: string;
}

/** Everything a check may look at: the declared parts, the subject, the settings. No clock, no clients. */
export interface Evaluation<Needs extends PartName, Kind extends Scope, Settings> {
  snapshot: Pick<Snapshot, Needs | 'takenAt' | 'partition' | 'accounts'>;
  subject: SubjectOf<Kind>;
  settings: Settings;
  estate: EstateSettings;
}

/** What `evaluate` answers on one subject; the runner makes a finding of it. */
export interface Judgement {
  verdict: 'pass' | 'fail' | 'unknown' | 'not-applicable';
  evidence?: JsonObject;
  /** One sentence; required unless it passes. */
  reason?: string;
  missingPermissions?: string[];
  inheritedFrom?: string;
  cause?: string;
  notes?: string[];
  /** Where this finding has another class, severity or risk than the check (`none` where no fix may be offered). */
  fix?: FixClass;
  severity?: Severity;
  risk?: Risk;
}

export interface FixMeta {
  class: FixClass;
  risk: Risk;
  reversible: 'yes' | 'partly' | 'no';
  cost?: string;
  /** Checks whose plan runs before this one if they fail. */
  first?: readonly string[];
  /**
   * Operations that its plans and their undo may make (`cloudtrail:UpdateTrail`), those of `first` left out. What the
   * fixer must be allowed follows from them. Empty where people mend.
   */
  operations: readonly string[];
}

/** What the reviewer picked in the modal, by choice name. */
export type Choices = { readonly [name: string]: string | readonly string[] };

export interface Check<Needs extends PartName = PartName, Kind extends Scope = Scope, Settings = unknown> {
  /** `<resource>/<name>`, the path of its file below `checks/`. */
  id: string;
  title: string;
  severity: Severity;
  scope: Kind;
  /** One sentence: why it matters. */
  rationale: string;
  /** One sentence: when the verdict is pass. */
  pass: string;
  /** Founding documents that name the practice. */
  seed: readonly ('aws' | 'resmo')[];
  needs: readonly Needs[];
  /** CloudTrail event names that re-run the check. */
  events: readonly string[];
  controls: Controls;
  settings: z.ZodType<Settings>;
  fix: FixMeta;
  evaluate(evaluation: Evaluation<Needs, Kind, Settings>): Judgement;
  /** Absent where the class is `none`. For `manual` it gives the guided steps. */
  plan?(evaluation: Evaluation<Needs, Kind, Settings> & { finding: Finding; choices: Choices }): Planned;
}

/** Defines a check; reading a part that `needs` does not list is a type error. */
export function defineCheck<const Needs extends PartName, const Kind extends Scope, Settings>(
  check: Check<Needs, Kind, Settings>,
): Check<Needs, Kind, Settings> {
  return check;
}

/** The part under `key`, or an `error` part when the reader never got to it: what was not read is never a verdict. */
export function partOf<T>(parts: { [key: string]: Part<T> } | undefined, key: string): Part<T> {
  return parts?.[key] ?? { state: 'error', operation: 'read', account: '', message: `${key} was not read` };
}

/** `unknown`, with the IAM action or the error that stood in the way. */
export function unknownBecause(part: Unreadable, evidence: JsonObject = {}): Judgement {
  switch (part.state) {
    case 'denied':
      return {
        verdict: 'unknown',
        evidence,
        reason: part.scp
          ? `${part.action} is denied in account ${part.account} by a service control policy.`
          : `${part.action} is denied in account ${part.account}.`,
        missingPermissions: [part.action],
      };
    case 'unreachable':
      return {
        verdict: 'unknown',
        evidence,
        reason: `Account ${part.account} could not be entered: ${part.message}`,
        missingPermissions: ['sts:AssumeRole'],
      };
    case 'throttled':
      return { verdict: 'unknown', evidence, reason: `${part.operation} was throttled in account ${part.account}.` };
    case 'unsupported':
      return { verdict: 'unknown', evidence, reason: `${part.operation} is not offered here: ${part.message}` };
    case 'error':
      return { verdict: 'unknown', evidence, reason: `${part.operation} failed: ${part.message}` };
  }
}

/** Guided steps for a fix that only people can make. */
export function manual(...steps: (string | ManualStep)[]): Planned {
  return { kind: 'manual', steps: steps.map((step) => (typeof step === 'string' ? { text: step } : step)) };
}
