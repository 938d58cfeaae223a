import { expect } from 'vitest';
import type { Plan } from '../../src/check/plan.ts';
import { splitPartKey, stateOf } from '../../src/check/state.ts';
import { canUndo } from '../../src/fixes/undo.ts';
import type { Estate } from '../../src/sandbox/aws/types.ts';
import type { PartKey, Snapshot } from '../../src/snapshot/types.ts';
import { holdsOn } from '../../src/store/holds.ts';
import type { Store } from '../../src/store/store.ts';
import { APPROVER, emptyStore, type TestFixes, testFixes } from '../support/fixes.ts';

/** A failing finding of the demo estate, and what somebody does to it while its fix waits. */
export interface FixCase {
  check: string;
  /** What is scanned. */
  target: string;
  /** Part of the ARN of the finding's resource. */
  resource: string;
  /** What is different from the demo estate. */
  change?: (estate: Estate) => void;
  /** What trail-check.yaml says. */
  file?: object;
  /** Calls that the fix makes, by operation. */
  makes: string[];
  /** Calls that its undo makes; none: there is no way back. */
  takesBack: string[];
  /** Behind the back of an approved plan; gives what puts it back, where the finding is gone by it. */
  drift: (estate: Estate, plan: Plan) => (() => void) | undefined;
}

/**
 * One fix through its whole life: approved, refused because the state drifted, proposed anew, applied inside its fence
 * and nothing else, read again as passing, undone, and read again as it was.
 */
export async function proveFix(store: Store, one: FixCase): Promise<void> {
  await emptyStore(store);
  const { change, file } = one;
  const world = await testFixes({
    store,
    ...(change === undefined ? {} : { change }),
    ...(file === undefined ? {} : { file }),
  });
  try {
    const id = await survivesDrift(world, one);
    const before = await statesOf(world, id);
    await applied(world, id, one.makes);
    const { finding } = await world.scanAndPropose(one.target, [one.check]);
    expect(finding(one.check, one.resource).verdict).toBe('pass');
    await undone(world, id, one, before);
  } finally {
    await world.close();
  }
}

/** Approves, drifts, tries: nothing is written. Gives the fix that is proposed then. */
async function survivesDrift(world: TestFixes, { check, target, resource, drift }: FixCase): Promise<string> {
  const first = (await world.scanAndPropose(target, [check])).fixFor(check, resource);
  const planned = await world.find(first);
  expect(await world.approve(first)).toMatchObject({ ok: true, fix: { state: 'approved' } });
  const putBack = drift(world.estate, planned.proposal.plan);
  await world.fixes.apply(first);
  expect(world.newWrites()).toEqual([]);
  const drifted = await world.find(first);
  if (putBack === undefined) {
    expect(drifted).toMatchObject({ state: 'proposed', revision: planned.revision + 1 });
    expect(drifted.planHash).not.toBe(planned.planHash);
    return first;
  }
  expect(drifted).toMatchObject({ state: 'superseded', error: expect.any(String) });
  putBack();
  return (await world.scanAndPropose(target, [check])).fixFor(check, resource);
}

async function applied(world: TestFixes, id: string, operations: string[]): Promise<void> {
  expect(await world.approve(id)).toMatchObject({ ok: true, fix: { state: 'approved' } });
  await world.fixes.apply(id);
  const fix = await world.find(id);
  expect({ state: fix.state, error: fix.error, verdict: fix.result?.verdict }).toEqual({
    state: 'fixed',
    error: undefined,
    verdict: 'pass',
  });
  expectFenced(world, id, operations);
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
  world: TestFixes,
  id: string,
  { check, takesBack }: FixCase,
  before: Awaited<ReturnType<typeof statesOf>>,
): Promise<void> {
  const fix = await world.find(id);
  expect(canUndo(fix)).toBe(takesBack.length > 0);
  if (takesBack.length === 0) return;
  const proposed = await world.fixes.proposeUndo(id);
  if (!proposed.ok) throw new Error(proposed.message);
  const undo = proposed.fix.id;
  expect(await world.approve(undo)).toMatchObject({ ok: true, fix: { state: 'approved' } });
  world.newWrites();
  await world.fixes.apply(undo);
  const { state, error } = await world.find(undo);
  expect({ state, error }).toEqual({ state: 'fixed', error: undefined });
  expectFenced(world, undo, takesBack);
  expect((await world.find(id)).state).toBe('undone');
  const back = new Set(fix.proposal.plan.changes.flatMap(({ target, undo: way }) => (way === undefined ? [] : target)));
  const after = await statesOf(world, id);
  for (const key of back) expect({ [key]: after[key] }).toEqual({ [key]: before[key] });
  const held = await holdsOn(world.store.query, [fix.proposal.finding.id]);
  expect(held).toHaveLength(1);
  const again = await world.scanAndPropose(fix.proposal.target, [check]);
  expect(again.offers.get(fix.proposal.finding.id)).toMatchObject({ kind: 'fix' });
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
