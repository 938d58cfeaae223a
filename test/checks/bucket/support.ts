import { expect } from 'vitest';
import type { EstateSettings } from '../../../src/check/check.ts';
import type { Finding } from '../../../src/check/finding.ts';
import type { Change, Plan } from '../../../src/check/plan.ts';
import { subjectsOf } from '../../../src/check/subject.ts';
import { type FixProposal, planFix } from '../../../src/fixes/planner.ts';
import type { AnyCheck } from '../../../src/posture/catalogue.ts';
import { evaluateOne } from '../../../src/posture/evaluate.ts';
import type { BucketGrant, JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import { absent, BUCKET, healthySnapshot, ownerOnly, read, withBucket, withPart } from '../../support/snapshot.ts';

const ESTATE: EstateSettings = { keys: {}, monitor: 'cloudwatch', ownRoles: [] };

/** A check of whatever scope: what its own types ask for is put away, as the catalogue does when it loads a file. */
type Tested = Omit<AnyCheck, 'evaluate' | 'plan'>;

function untyped(check: Tested): AnyCheck {
  return check as AnyCheck;
}

interface Given {
  settings?: JsonObject;
  estate?: Partial<EstateSettings>;
  /** Checks beside the one in question, for their plans as `first`. */
  with?: readonly Tested[];
  /** ARN of the resource meant, where there are several. */
  of?: string;
}

function contextOf(check: Tested, snapshot: Snapshot, given: Given) {
  return {
    snapshot,
    estate: { ...ESTATE, ...given.estate },
    settingsFor: (asked: AnyCheck) => [asked.settings.parse(asked.id === check.id ? (given.settings ?? {}) : {})],
    catalogue: new Map([check, ...(given.with ?? [])].map((it) => [it.id, untyped(it)])),
    managedBy: [],
  };
}

/** The findings of a check over a snapshot, as the runner makes them. */
export function findingsOf(check: Tested, snapshot: Snapshot, given: Given = {}): Finding[] {
  const context = contextOf(check, snapshot, given);
  return subjectsOf(check.scope, snapshot)
    .map((subject) => evaluateOne(untyped(check), subject, context))
    .filter(({ resource }) => given.of === undefined || resource === given.of);
}

/** The one finding of a check. */
export function findingOf(check: Tested, snapshot: Snapshot, given: Given = {}): Finding {
  const [finding, ...more] = findingsOf(check, snapshot, given);
  expect(more).toEqual([]);
  if (finding === undefined) throw new Error(`${check.id} had nothing to judge`);
  return finding;
}

/** What is offered for that finding. */
export function fixOf(check: Tested, snapshot: Snapshot, given: Given = {}): FixProposal {
  return planFix(findingOf(check, snapshot, given), contextOf(check, snapshot, given));
}

/** The plan for that finding; fails the test where there is none. */
export function planOf(check: Tested, snapshot: Snapshot, given: Given = {}): Plan {
  const proposal = fixOf(check, snapshot, given);
  if (proposal.kind !== 'plan') throw new Error(`no plan: ${JSON.stringify(proposal)}`);
  return proposal.plan;
}

/** The only change of a plan. */
export function onlyChange(plan: Plan): Change {
  expect(plan.changes).toHaveLength(1);
  const [change] = plan.changes;
  if (change === undefined) throw new Error('the plan has no change');
  return change;
}

/** The policy document a change puts. */
export function putDocument(change: Change): { Statement: JsonObject[] } {
  return JSON.parse(String(change.input.Policy));
}

/** The healthy snapshot with ACLs in force and these grants beside the owner's. */
export function withAcl(grants: readonly BucketGrant[] = [], snapshot: Snapshot = healthySnapshot()): Snapshot {
  const { OwnerId, Grants } = ownerOnly();
  const acl = read({ OwnerId, Grants: [...Grants, ...grants] });
  const ownership = absent('OwnershipControlsNotFoundError');
  return withPart(withPart(snapshot, 'bucket.acl', BUCKET, acl), 'bucket.ownership', BUCKET, ownership);
}

/** The healthy snapshot with statements added to the bucket's policy. */
export function withStatements(...statements: JsonObject[]): Snapshot {
  return withBucket(healthySnapshot(), {
    policy: { Version: '2012-10-17', Statement: [...healthyStatements(), ...statements] },
  });
}

/** The statements that the bucket's policy has in the healthy snapshot. */
export function healthyStatements(): JsonObject[] {
  const part = healthySnapshot()['bucket.policy'][BUCKET];
  return part?.state === 'read' ? JSON.parse(part.value.text).Statement : [];
}
