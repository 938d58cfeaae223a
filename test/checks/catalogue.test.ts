import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AnyCheck, type Catalogue, loadCatalogue } from '../../src/posture/catalogue.ts';
import { isPartName } from '../../src/snapshot/catalogue.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Practices that no published standard names for trails. */
const WITHOUT_CONTROLS = [
  'bucket/archive-account',
  'bucket/dedicated',
  'bucket/delivery-policy',
  'bucket/exists',
  'iam/full-access-policy',
  'key/delivery-policy',
  'organization/members-covered',
  'trail/delivery-healthy',
];

/** Checks that others name as to be mended first, and that have no file yet: their fix is guided text so far. */
const NOT_YET = ['config/recorder'];

const NAME = /^[a-z0-9-]+\/[a-z0-9-]+$/;

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
  it('is there', () => {
    expect(checks.length).toBeGreaterThanOrEqual(26);
  });

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

  it('names the controls it contributes to', () => {
    const bare = breaking(({ controls }) => Object.keys(controls).length > 0);
    expect(bare.filter((id) => !WITHOUT_CONTROLS.includes(id))).toEqual([]);
    expect(breaking(({ controls }) => Object.values(controls).every((ids) => ids.length > 0))).toEqual([]);
  });

  it('has settings that stand by their defaults alone, and takes no unknown one', () => {
    expect(breaking(({ settings }) => settings.safeParse({}).success)).toEqual([]);
    expect(breaking(({ settings }) => !settings.safeParse({ no_such_setting: 1 }).success)).toEqual([]);
  });

  it('names as to be mended first only checks that exist', () => {
    const known = new Set([...catalogue.keys(), ...NOT_YET]);
    expect(breaking(({ fix }) => (fix.first ?? []).every((id) => known.has(id)))).toEqual([]);
    expect(NOT_YET.filter((id) => catalogue.has(id))).toEqual([]);
  });

  it('has a plan if and only if its class of fix says so', () => {
    expect(breaking(({ fix, plan }) => (plan === undefined) === (fix.class === 'none'))).toEqual([]);
  });

  it('says what a fix costs where its risk is the cost', () => {
    expect(breaking(({ fix }) => fix.risk !== 'cost' || fix.cost !== undefined)).toEqual([]);
  });
});
