import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problem.ts';

const cwd = fileURLToPath(new URL('../..', import.meta.url));
const now = new Date('2026-11-20T00:00:00Z');

function loadExample(file = 'trail-check.example.yaml') {
  const loaded = loadConfig({ env: { TRAIL_CHECK_CONFIG: file }, cwd, now, commands: ['scan'] });
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
}

it('the example is a valid configuration', () => {
  const config = loadExample();
  expect(config.environments.prod?.accounts).toEqual([
    { id: '111111111111' },
    { id: '222222222222', name: 'payments' },
  ]);
  expect(config.approval.rules[0]).toMatchObject({ when: { environment: ['prod'] }, people: 2 });
  expect(config.schedules).toEqual({ scan: '0 7 * * 1-5', timezone: 'Europe/Berlin' });
});

it('the example names every top-level key of the schema', () => {
  const text = readFileSync(`${cwd}/trail-check.example.yaml`, 'utf8');
  for (const key of Object.keys(loadExample())) {
    if (key !== 'secrets' && key !== 'logLevel') expect(text).toMatch(new RegExp(`^(# )?${key}:`, 'm'));
  }
});
