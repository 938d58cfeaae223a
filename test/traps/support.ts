import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Plan } from '../../src/check/plan.ts';
import type { Offer } from '../../src/fixes/propose.ts';
import { deliveryProblem } from '../../src/sandbox/aws/delivery.ts';
import type { Estate, RecordedCall } from '../../src/sandbox/aws/types.ts';
import type { Store } from '../../src/store/store.ts';
import { emptyStore, type TestFixes, type TestFixesOptions, testFixes } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

/** A failing finding of the demo estate, shaped so that a careless fix does damage. */
export interface Trap extends Omit<TestFixesOptions, 'store'> {
  check: string;
  /** What is scanned. */
  target: string;
  /** Part of the ARN of the finding's resource. */
  resource: string;
}

export interface Sprung {
  world: TestFixes;
  estate: Estate;
  /** Undefined where no fix is offered. */
  plan: Plan | undefined;
  offer: Offer | undefined;
  /** Calls that changed something. */
  writes: RecordedCall[];
}

export interface Traps {
  store(): Store;
  /** Proposes the fix of a finding, and lets it run if there is one. */
  spring(trap: Trap): Promise<Sprung>;
}

/** One store for the tests of a file; what a test started ends with it. */
export function traps(): Traps {
  let opened: TestStore;
  const worlds: TestFixes[] = [];
  beforeAll(async () => {
    opened = await openTestStore({ now: () => new Date() });
  });
  afterAll(() => opened.close());
  beforeEach(() => emptyStore(opened.store));
  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((world) => world.close()));
  });
  return {
    store: () => opened.store,
    async spring({ check, target, resource, ...options }) {
      const world = await testFixes({ store: opened.store, ...options });
      worlds.push(world);
      const scanned = await world.scanAndPropose(target, [check]);
      const offer = scanned.offers.get(scanned.finding(check, resource).id);
      const { estate } = world;
      if (offer?.kind !== 'fix') return { world, estate, plan: undefined, offer, writes: [] };
      const { plan } = (await world.find(offer.fixId)).proposal;
      const approved = await world.approve(offer.fixId);
      if (!approved.ok) throw new Error(approved.message);
      await world.fixes.apply(offer.fixId);
      const { state, error } = await world.find(offer.fixId);
      if (state !== 'fixed') throw new Error(`${check} is ${state}: ${error ?? 'nobody knows why'}`);
      return { world, estate, plan, offer, writes: world.newWrites() };
    },
  };
}

/** Logging trails whose files do not arrive, each with the reason. */
export function undelivered(estate: Estate): { [trail: string]: string } {
  const found: { [trail: string]: string } = {};
  for (const account of estate.accounts.values()) {
    for (const [region, { trails: inRegion }] of account.regional) {
      for (const trail of inRegion.values()) {
        const problem = trail.logging ? deliveryProblem(estate, trail, region) : undefined;
        if (problem !== undefined) found[trail.name] = problem;
      }
    }
  }
  return found;
}

/** The sandbox account's trail delivers to a bucket that is gone; that is the demo's own story. */
export const ALREADY_BROKEN = { 'sandbox-trail': 'NoSuchBucket' };
