import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnyCheck, Catalogue } from '../../src/posture/catalogue.ts';
import { catalogue } from '../support/fixes.ts';
import { openTestStore, type TestStore } from '../support/store.ts';
import { ALARMS_WITH_NEW_TOPICS } from './cases/alarm.ts';
import { ALL_CASES } from './cases/all.ts';
import { allowedActions, rolesFor } from './exact-roles.ts';
import { nothingObserved } from './observed.ts';
import { type FixCase, proveFix, provePlans, proveRollback } from './prove.ts';

/** Kinds of resources whose fixes are proved in one file, so that files run side by side. */
const GROUPS = {
  trails: ['trail', 'organization', 'data-events', 'insights', 'lake', 'topic'],
  storage: ['bucket', 'key', 'log-group', 'iam', 'config'],
  alarms: ['alarm'],
} as const;

/**
 * Every fix of some kinds of resource through its life, each under exactly the roles that `trail-check iam` prints for
 * all checks. What these fixes were let do is then compared with what the checks declare, and with what the role for
 * them is allowed.
 */
export function proveAll(group: keyof typeof GROUPS): void {
  const kinds: readonly string[] = GROUPS[group];
  const cases = ALL_CASES.filter(({ check }) => kinds.includes(kindOf(check)));
  let opened: TestStore;
  beforeAll(async () => {
    opened = await openTestStore({ now: () => new Date() });
  });
  afterAll(() => opened.close());
  const observed = nothingObserved();

  describe('fixes: applied, read again as pass, undone, refused when drifted', () => {
    test.each(cases.map((one) => [nameOf(one), one] as const))('%s', (_, one) => proveFix(opened.store, one, observed));
  });

  describe('fixes whose later step fails are taken back', () => {
    test.each(cases.flatMap((one) => (one.fails ? [[nameOf(one), { ...one, fails: one.fails }] as const] : [])))(
      '%s',
      (_, one) => proveRollback(opened.store, one, observed),
    );
  });

  test('every check is proved in some file', async () => {
    const kinds: readonly string[] = Object.values(GROUPS).flat();
    expect([...(await catalogue()).keys()].filter((id) => !kinds.includes(kindOf(id)))).toEqual([]);
  });

  const plans = ALARMS_WITH_NEW_TOPICS.filter(({ checks }) => checks.some((check) => kinds.includes(kindOf(check))));
  if (plans.length > 0) {
    test('every alarm is planned where no topic is declared', async () => {
      for (const one of plans) await provePlans(opened.store, one, observed);
    });
  }

  describe('the permissions of these fixes', () => {
    test('were enough, for reader and fixer', () => {
      expect(observed.refused).toEqual([]);
    });

    test('are those of the operations that each check declares', async () => {
      const checks = await catalogue();
      const differences = ofKinds(checks, kinds).flatMap((check) => {
        const planned = observed.planned.get(check.id) ?? new Set();
        const allowed = new Set([...check.fix.operations, ...operationsBefore(check, checks)]);
        return [
          ...check.fix.operations.filter((name) => !planned.has(name)).map((name) => `${check.id} never plans ${name}`),
          ...[...planned].filter((name) => !allowed.has(name)).map((name) => `${check.id} plans ${name} unsaid`),
        ];
      });
      expect(differences).toEqual([]);
    });

    test('have nothing that none of them used', async () => {
      const { fixer } = rolesFor(ofKinds(await catalogue(), kinds));
      expect(allowedActions(fixer).filter((action) => !observed.used.fixer.has(action))).toEqual([]);
    });
  });
}

function nameOf({ check, title }: FixCase): string {
  return title === undefined ? check : `${check}, ${title}`;
}

function ofKinds(checks: Catalogue, kinds: readonly string[]): AnyCheck[] {
  return [...checks.values()].filter(({ id }) => kinds.includes(kindOf(id)));
}

function kindOf(check: string): string {
  return check.split('/')[0] ?? '';
}

/** Operations of the checks whose plans go before that of a check. */
function operationsBefore(check: AnyCheck, checks: Catalogue): string[] {
  const before = new Set<AnyCheck>();
  const add = ({ fix }: AnyCheck) => {
    for (const first of (fix.first ?? []).flatMap((id) => checks.get(id) ?? [])) {
      if (before.has(first)) continue;
      before.add(first);
      add(first);
    }
  };
  add(check);
  return [...before].flatMap(({ fix }) => fix.operations);
}
