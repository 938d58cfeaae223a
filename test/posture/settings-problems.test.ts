import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problem.ts';
import { loadCatalogue } from '../../src/posture/catalogue.ts';
import { settingsProblems } from '../../src/posture/settings-problems.ts';

const catalogue = await loadCatalogue(fileURLToPath(new URL('../../checks', import.meta.url)));

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function problems(...lines: string[]): string[] {
  writeFileSync(join(cwd, 'trail-check.yaml'), lines.join('\n'));
  const loaded = loadConfig({ env: {}, cwd, now: new Date('2026-11-20T00:00:00Z'), commands: [] });
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const found = settingsProblems(loaded.config, catalogue, loaded.source);
  return found.length === 0 ? [] : formatProblems(found).split('\n');
}

it('settings of a check that does not exist are reported with the check that was meant', () => {
  expect(problems('checks:', '  trail/loging: {}')).toEqual([
    'trail-check.yaml:2:3: checks.trail/loging: is not a check; did you mean trail/logging?',
  ]);
});

it('a setting that a check does not take is reported at its place, estate-wide and in an environment', () => {
  const found = problems(
    'checks:',
    '  trail/logging: { loud: yes }',
    'environments:',
    '  prod:',
    '    accounts: ["111111111111"]',
    '    settings: { trail/logging: { loud: yes } }',
  );
  expect(found).toEqual([
    expect.stringMatching(/^trail-check\.yaml:2:20: checks\.trail\/logging\.loud: unknown key "loud"/),
    expect.stringMatching(/^trail-check\.yaml:6:34: environments\.prod\.settings\.trail\/logging\.loud: unknown key/),
  ]);
});

it('an exemption and an approval rule that fit no check are reported', () => {
  expect(
    problems(
      'exemptions:',
      '  - { check: trail/loging, resource: x, owner: U1, reason: "accepted for now", end: 2026-12-31 }',
      '  - { check: "trail/*", resource: x, owner: U1, reason: "accepted for now", end: 2026-12-31 }',
      'approval:',
      '  rules:',
      '    - { when: { check: [trail/logging, "nothing/*"] }, people: 2 }',
    ),
  ).toEqual([
    'trail-check.yaml:2:14: exemptions[0].check: fits no check; did you mean trail/logging?',
    'trail-check.yaml:6:40: approval.rules[0].when.check[1]: fits no check',
  ]);
});

it('what is right has no problems', () => {
  expect(
    problems('checks: { trail/logging: {} }', 'approval: { rules: [{ when: { check: "*" }, people: 2 }] }'),
  ).toEqual([]);
});

it.each(['trail-check.example.yaml', 'demo/trail-check.yaml'])(
  '%s speaks of checks and settings that exist',
  (file) => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const loaded = loadConfig({
      env: { TRAIL_CHECK_CONFIG: file },
      cwd: root,
      now: new Date('2026-11-20T00:00:00Z'),
      commands: [],
    });
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    expect(settingsProblems(loaded.config, catalogue, loaded.source)).toEqual([]);
  },
);
