import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Catalogue, loadCatalogue } from '../../src/posture/catalogue.ts';
import { evaluateChecks } from '../../src/posture/evaluate.ts';
import { DEMO_ACCOUNTS } from '../../src/sandbox/aws/index.ts';
import { PART_NAMES } from '../../src/snapshot/catalogue.ts';
import type { PartName, Snapshot, Unreadable } from '../../src/snapshot/types.ts';
import { demo } from '../snapshot/support.ts';

/** Design, section 8: a `pass` for something that could not be read. */

const message = 'it is told';
const REASONS: Unreadable[] = [
  { state: 'denied', action: 's3:GetBucketPolicy', account: '1', scp: false, message },
  { state: 'unreachable', account: '1', message },
  { state: 'throttled', operation: 's3:GetBucketPolicy', account: '1', message },
  { state: 'unsupported', operation: 's3:GetBucketPolicy', message },
  { state: 'error', operation: 's3:GetBucketPolicy', account: '1', message },
];

let checks: Catalogue;
let whole: Snapshot;
beforeAll(async () => {
  checks = await loadCatalogue(fileURLToPath(new URL('../../checks', import.meta.url)));
  const { take } = await demo();
  whole = (await take(Object.values(DEMO_ACCOUNTS))).snapshot;
});

function verdicts(snapshot: Snapshot) {
  return evaluateChecks([...checks.values()], {
    snapshot,
    estate: { keys: {}, monitor: 'cloudwatch', ownRoles: [] },
    settingsFor: (check) => [check.settings.parse({})],
  });
}

/** The snapshot with every part of these names unreadable; its keys stay, so that every subject is still judged. */
function without(names: readonly PartName[], reason: Unreadable): Snapshot {
  const spoil = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if ('state' in value) return reason;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spoil(inner)]));
  };
  const spoiled = names.map((name) => [name, spoil(whole[name])]);
  return { ...whole, ...Object.fromEntries(spoiled) };
}

it('the estate that is read gives passes, so that their absence below means something', () => {
  const passed = new Set(verdicts(whole).flatMap(({ check, verdict }) => (verdict === 'pass' ? [check] : [])));
  expect(passed.size).toBeGreaterThan(checks.size / 2);
});

describe.each(REASONS)('where everything is $state', (reason) => {
  it('nothing passes and nothing fails', () => {
    const found = verdicts(without(PART_NAMES, reason));
    expect(found.length).toBeGreaterThan(checks.size);
    expect(
      found
        .filter(({ verdict }) => verdict === 'pass' || verdict === 'fail')
        .map(({ check, resource }) => [check, resource]),
    ).toEqual([]);
  });
});

it.each(PART_NAMES)('where %s cannot be read, no verdict becomes a pass, and no pass a failure', (name) => {
  const [denied] = REASONS;
  if (denied === undefined) throw new Error('no reason');
  const before = new Map(verdicts(whole).map(({ id, verdict }) => [id, verdict]));
  const wrong = verdicts(without([name], denied)).filter(({ id, verdict }) => {
    const was = before.get(id);
    return (verdict === 'pass' && was !== 'pass') || (verdict === 'fail' && was === 'pass');
  });
  expect(wrong.map(({ check, resource, verdict, reason }) => [check, resource, verdict, reason])).toEqual([]);
});
