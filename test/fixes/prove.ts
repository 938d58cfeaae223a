import { expect } from 'vitest';
import type { Plan } from '../../src/check/plan.ts';
import { splitPartKey, stateOf } from '../../src/check/state.ts';
import { canUndo } from '../../src/fixes/undo.ts';
import type { Estate } from '../../src/sandbox/aws/types.ts';
import type { PartKey, Snapshot } from '../../src/snapshot/types.ts';
import { holdsOn } from '../../src/store/holds.ts';
import type { Store } from '../../src/store/store.ts';
import { APPROVER, emptyStore, type TestFixes, testFixes } from '../support/fixes.ts';
import { exactRoles, namesOf } from './exact-roles.ts';
import { nothingObserved, type Observed, observeCalls, observePlan } from './observed.ts';

/** A failing finding of the demo estate, and what somebody does to it while its fix waits. */
export interface FixCase {
  check: string;
  /** Tells it from other cases of the check. */
  title?: string;
  /** What is scanned. */
  target: string;
  /** Checks that run as well, for what they read. */
  beside?: string[];
  /** Part of the ARN of the finding's resource. */
  resource: string;
  /** What is different from the demo estate. */
  change?: (estate: Estate) => void;
  /** What trail-check.yaml says. */
  file?: object;
  /** Calls that the fix makes, by operation. */
  makes: string[];
  /** Calls that its undo makes; none: there is no way back; a text: why an undo is refused. */
  takesBack: string[] | string;
  /** Behind the back of an approved plan; gives what puts it back, where the finding is gone by it. */
  drift: (estate: Estate, plan: Plan) => (() => void) | undefined;
  /** How it ends, where something is left that only people can do. */
  ends?: 'unconfirmed';
  /** A step that AWS keeps failing, by operation, and the calls of the rollback that follows. `stays`: something has no way back. */
  fails?: { at: string; takesBack: string[]; stays?: true };
}

/** Failing findings of many checks at once, whose fixes are planned and no more. */
export interface PlanCase extends Pick<FixCase, 'target' | 'change' | 'file'> {
  checks: string[];
}

/** What is different from a plain world of fixes: the roles are those that `trail-check iam` prints, and no more. */
interface Proof extends TestFixes {
  /** Carries a fix out, with its buckets, keys and roles named to the fixer. */
  apply(id: string): Promise<void>;
}

async function within(
  store: Store,
  one: Pick<FixCase, 'change' | 'file'>,
  observed: Observed,
  prove: (world: Proof) => Promise<void>,
) {
  await emptyStore(store);
  const { change, file } = one;
  const roles = await exactRoles();
  const world = await testFixes({
    store,
    roles,
    ...(change === undefined ? {} : { change }),
    ...(file === undefined ? {} : { file }),
  });
  const apply = async (id: string) => {
    const { plan, finding } = (await world.find(id)).proposal;
    observePlan(observed, finding.check, plan);
    roles(world.estate, namesOf(plan));
    await world.fixes.apply(id);
  };
  try {
    await prove({ ...world, apply });
  } finally {
    observeCalls(observed, world.estate);
    await world.close();
  }
}

/**
 * One fix through its whole life: approved, refused because the state drifted, proposed anew, applied inside its fence
 * and nothing else, read again as passing, undone, and read again as it was.
 */
export function proveFix(store: Store, one: FixCase, observed = nothingObserved()): Promise<void> {
  return within(store, one, observed, async (world) => {
    const id = await survivesDrift(world, one);
    const before = await statesOf(world, id);
    await applied(world, id, one);
    const { finding } = await world.scanAndPropose(one.target, checksOf(one));
    expect(finding(one.check, one.resource).verdict).toBe(one.ends === undefined ? 'pass' : 'fail');
    await undone(world, id, one, before);
  });
}

/** A fix whose later step fails: what was made before is taken back, inside the same fence, and reads as it was. */
export function proveRollback(
  store: Store,
  one: FixCase & { fails: NonNullable<FixCase['fails']> },
  observed = nothingObserved(),
): Promise<void> {
  const { check, target, resource, fails } = one;
  return within(store, one, observed, async (world) => {
    const id = (await world.scanAndPropose(target, [check])).fixFor(check, resource);
    expect(await world.approve(id)).toMatchObject({ ok: true });
    const before = await statesOf(world, id);
    world.newWrites();
    world.estate.knobs.faults.push({ operation: fails.at, kind: 'http503', remaining: Number.POSITIVE_INFINITY });
    await world.apply(id);
    world.estate.knobs.faults.length = 0;
    expect(await world.find(id)).toMatchObject({
      state: fails.stays ? 'partly-applied' : 'rolled-back',
      error: expect.any(String),
    });
    const writes = world.newWrites().map(({ operation }) => operation);
    expect(writes.slice(-fails.takesBack.length)).toEqual(fails.takesBack);
    await expectBack(world, id, before);
  });
}

/** Every finding of these checks is offered a fix. */
export function provePlans(store: Store, one: PlanCase, observed: Observed): Promise<void> {
  return within(store, one, observed, async (world) => {
    const { findings, offers } = await world.scanAndPropose(one.target, one.checks);
    const offered = new Set<string>();
    for (const { id, check } of findings) {
      const offer = offers.get(id);
      if (offer?.kind !== 'fix') continue;
      offered.add(check);
      observePlan(observed, check, (await world.find(offer.fixId)).proposal.plan);
    }
    expect(one.checks.filter((check) => !offered.has(check))).toEqual([]);
  });
}

/** Approves, drifts, tries: nothing is written. Gives the fix that is proposed then. */
async function survivesDrift(world: Proof, one: FixCase): Promise<string> {
  const { check, target, resource, drift } = one;
  const first = (await world.scanAndPropose(target, checksOf(one))).fixFor(check, resource);
  const planned = await world.find(first);
  expect(await world.approve(first)).toMatchObject({ ok: true, fix: { state: 'approved' } });
  const putBack = drift(world.estate, planned.proposal.plan);
  await world.apply(first);
  expect(world.newWrites()).toEqual([]);
  const drifted = await world.find(first);
  if (putBack === undefined) {
    expect(drifted).toMatchObject({ state: 'proposed', revision: planned.revision + 1 });
    expect(drifted.planHash).not.toBe(planned.planHash);
    return first;
  }
  expect(drifted).toMatchObject({ state: 'superseded', error: expect.any(String) });
  putBack();
  return (await world.scanAndPropose(target, checksOf(one))).fixFor(check, resource);
}

function checksOf({ check, beside = [] }: FixCase): string[] {
  return [check, ...beside];
}

async function applied(world: Proof, id: string, { makes, ends }: FixCase): Promise<void> {
  expect(await world.approve(id)).toMatchObject({ ok: true, fix: { state: 'approved' } });
  await world.apply(id);
  const fix = await world.find(id);
  expect({ state: fix.state, error: fix.error, verdict: fix.result?.verdict }).toEqual({
    state: ends ?? 'fixed',
    error: undefined,
    verdict: ends === undefined ? 'pass' : 'fail',
  });
  expectFenced(world, id, makes);
}

/** The calls that reached AWS are these, each by the session of this fix, in the name of who decided. */
function expectFenced(world: TestFixes, id: string, operations: string[]): void {
  const writes = world.newWrites();
  expect(writes.map(({ operation }) => operation)).toEqual(operations);
  for (const { caller, sourceIdentity } of writes) {
    expect(caller).toMatch(new RegExp(`:assumed-role/trail-check-fixer/${id}$`));
    expect(sourceIdentity).toBe(APPROVER);
  }
}

async function undone(
  world: Proof,
  id: string,
  { check, takesBack }: FixCase,
  before: Awaited<ReturnType<typeof statesOf>>,
): Promise<void> {
  const fix = await world.find(id);
  expect(canUndo(fix)).toBe(takesBack.length > 0);
  if (takesBack.length === 0) return;
  const proposed = await world.fixes.proposeUndo(id);
  if (!proposed.ok && typeof takesBack === 'string') {
    expect(proposed.message).toContain(takesBack);
    return;
  }
  if (!proposed.ok) throw new Error(proposed.message);
  const undo = proposed.fix.id;
  expect(await world.approve(undo)).toMatchObject({ ok: true, fix: { state: 'approved' } });
  world.newWrites();
  await world.apply(undo);
  const { state, error } = await world.find(undo);
  if (typeof takesBack === 'string') {
    // What the scan of one check does not read is asked for before the undo runs.
    expect({ state, error }).toEqual({ state: 'superseded', error: expect.stringContaining(takesBack) });
    expect(world.newWrites()).toEqual([]);
    return;
  }
  expect({ state, error }).toEqual({ state: 'fixed', error: undefined });
  expectFenced(world, undo, takesBack);
  expect((await world.find(id)).state).toBe('undone');
  await expectBack(world, id, before);
  const held = await holdsOn(world.store.query, [fix.proposal.finding.id]);
  expect(held).toHaveLength(1);
  const again = await world.scanAndPropose(fix.proposal.target, [check]);
  expect(again.offers.get(fix.proposal.finding.id)).toMatchObject({ kind: 'blocked', by: 'hold' });
}

/** Whatever has a way back stands as before. */
async function expectBack(world: TestFixes, id: string, before: Awaited<ReturnType<typeof statesOf>>): Promise<void> {
  const { plan } = (await world.find(id)).proposal;
  const back = new Set(plan.changes.flatMap(({ target, undo }) => (undo === undefined ? [] : target)));
  const after = await statesOf(world, id);
  for (const key of back) expect({ [key]: after[key] }).toEqual({ [key]: before[key] });
}

/** The canonical states of what a fix touches, read now. */
async function statesOf(world: TestFixes, id: string): Promise<{ [key: PartKey]: unknown }> {
  const { plan, target } = (await world.find(id)).proposal;
  const stored = await world.context.reading.latest(target);
  if (stored === undefined) throw new Error('the target was never read');
  const keys = [...new Set(plan.changes.map((change) => change.target))];
  const fresh: Snapshot = await world.context.reading.refresh(stored, keys);
  return Object.fromEntries(
    keys.map((key) => {
      const { name, key: inner } = splitPartKey(key);
      const part = (fresh[name] as { [key: string]: Parameters<typeof stateOf>[1] })[inner];
      return [key, part === undefined ? 'not read' : stateOf(name, part)];
    }),
  );
}
