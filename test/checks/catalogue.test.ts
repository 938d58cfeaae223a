import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { isOperation } from '../../src/aws/operations/table.ts';
import { type AnyCheck, type Catalogue, loadCatalogue } from '../../src/posture/catalogue.ts';
import { isPartName } from '../../src/snapshot/catalogue.ts';
import { type Specification, specifications, untested } from './specification.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SPECIFIED = specifications();

const NAME = /^[a-z0-9-]+\/[a-z0-9-]+$/;

type Member = 'title' | 'severity' | 'scope' | 'seed' | 'class' | 'risk' | 'settings' | 'controls';

/** Where a check is right to differ from catalogue.yaml, and why. */
const DEPARTURES: { [id: string]: { [member in Member]?: string } } = {
  'bucket/mfa-delete': { settings: 'Object Lock is taken instead, except in packs that say otherwise.' },
  'bucket/versioning': { class: 'Versions are billed, and can be suspended but never switched off: two approve.' },
  'trail/kms-encryption': {
    settings: 'Who may read the logs is decided in the policy of a key, so a key is made by people: no create_key.',
  },
};

let catalogue: Catalogue;
let checks: AnyCheck[];

beforeAll(async () => {
  // Refuses a file whose check has another id than its path.
  catalogue = await loadCatalogue(join(ROOT, 'checks'));
  checks = [...catalogue.values()];
});

/** Ids of the checks that do not hold a rule. */
function breaking(rule: (check: AnyCheck) => boolean): string[] {
  return checks.filter((check) => !rule(check)).map(({ id }) => id);
}

describe('every check', () => {
  it('has an id of lower-case words', () => {
    expect(breaking(({ id }) => NAME.test(id))).toEqual([]);
  });

  it('has a test', () => {
    expect(breaking(({ id }) => existsSync(join(ROOT, 'test/checks', `${id}.test.ts`)))).toEqual([]);
  });

  it('has a page', () => {
    expect(breaking(({ id }) => existsSync(join(ROOT, 'docs/checks', `${id}.md`)))).toEqual([]);
  });

  it('has a title without a full stop, and a reason and a condition that are sentences', () => {
    expect(breaking(({ title }) => /^[A-Z].*[^.]$/.test(title))).toEqual([]);
    expect(breaking(({ rationale, pass }) => rationale.endsWith('.') && pass.endsWith('.'))).toEqual([]);
  });

  it('needs known parts, each named once', () => {
    expect(breaking(({ needs }) => needs.length > 0 && needs.every(isPartName))).toEqual([]);
    expect(breaking(({ needs }) => new Set(needs).size === needs.length)).toEqual([]);
  });

  it('runs again on events of CloudTrail', () => {
    expect(
      breaking(({ events }) => events.length > 0 && events.every((name) => /^[A-Z][A-Za-z0-9]+$/.test(name))),
    ).toEqual([]);
    expect(breaking(({ events }) => new Set(events).size === events.length)).toEqual([]);
  });

  it('names ids with every standard that it contributes to', () => {
    expect(breaking(({ controls }) => Object.values(controls).every((ids) => ids.length > 0))).toEqual([]);
  });

  it('has settings that stand by their defaults alone, and takes no unknown one', () => {
    expect(breaking(({ settings }) => settings.safeParse({}).success)).toEqual([]);
    expect(breaking(({ settings }) => !settings.safeParse({ no_such_setting: 1 }).success)).toEqual([]);
  });

  it('names as to be mended first only checks that exist', () => {
    expect(breaking(({ fix }) => (fix.first ?? []).every((id) => catalogue.has(id)))).toEqual([]);
  });

  it('has a plan if and only if its class of fix says so', () => {
    expect(breaking(({ fix, plan }) => (plan === undefined) === (fix.class === 'none'))).toEqual([]);
  });

  it('names the calls of its fix, if and only if a fix runs by itself', () => {
    expect(breaking(({ fix }) => fix.operations.every(isOperation))).toEqual([]);
    expect(breaking(({ fix }) => new Set(fix.operations).size === fix.operations.length)).toEqual([]);
    expect(breaking(({ fix }) => fix.class.startsWith('auto') === fix.operations.length > 0)).toEqual([]);
  });

  it('says what a fix costs where its risk is the cost', () => {
    expect(breaking(({ fix }) => fix.risk !== 'cost' || fix.cost !== undefined)).toEqual([]);
  });

  it('is in the catalogue, or names no control: what counts for a standard is decided there', () => {
    const specified = new Set(SPECIFIED.map(({ id }) => id));
    expect(breaking(({ id, controls }) => specified.has(id) || Object.keys(controls).length === 0)).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('has 88 checks, and each exists', () => {
    expect(SPECIFIED).toHaveLength(88);
    expect(SPECIFIED.filter(({ id }) => !catalogue.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it.each(SPECIFIED)('says of $id what the check says of itself', (specified) => {
    const { id } = specified;
    const { title, severity, scope, seed, fix, settings, controls } = known(id);
    const defaults = settings.parse({});
    const own = { title, severity, scope, seed, class: fix.class, risk: fix.risk, settings: defaults, controls };
    const wanted = membersOf(specified);
    const departed = new Set(Object.keys(DEPARTURES[id] ?? {}));
    const differing = Object.entries(own).filter(([member]) => departed.has(member));
    expect({ ...wanted, ...Object.fromEntries(differing) }).toEqual(own);
  });

  it.each(SPECIFIED)('has every case of $id tested', (specified) => {
    expect(untested(specified)).toEqual([]);
  });

  test('departures from it are real', () => {
    const idle = Object.entries(DEPARTURES).flatMap(([id, members]) => {
      const specified = SPECIFIED.find((one) => one.id === id);
      const { fix, settings, ...own } = known(id);
      const said = { ...own, class: fix.class, risk: fix.risk, settings: settings.parse({}) };
      return Object.keys(members).filter(
        (member) =>
          specified === undefined ||
          JSON.stringify(said[member as Member]) === JSON.stringify(membersOf(specified)[member as Member]),
      );
    });
    expect(idle).toEqual([]);
  });
});

function known(id: string): AnyCheck {
  const check = catalogue.get(id);
  if (check === undefined) throw new Error(`there is no check ${id}`);
  return check;
}

function membersOf({ id: _id, edge: _edge, fix, ...members }: Specification): { [member in Member]: unknown } {
  return { ...members, ...fix };
}
