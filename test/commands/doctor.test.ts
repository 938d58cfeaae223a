import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trailCheck } from './cli.ts';

it('finds nothing wrong with the simulated installation', async () => {
  const { status, out, error } = await trailCheck(['doctor', '--sandbox']);
  expect({ status, error }).toEqual({ status: 0, error: '' });
  expect(out).toMatch(/The bot has every scope[\s\S]*The fixer gets into[\s\S]*All is well\.\n$/);
});

it('tells what is missing, and fails', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  const file = join(folder, 'trail-check.yaml');
  writeFileSync(file, `store: { dataDir: ${JSON.stringify(join(folder, 'data'))} }\n`);
  const { status, out } = await trailCheck(['doctor'], { TRAIL_CHECK_CONFIG: file, AWS_EC2_METADATA_DISABLED: 'true' });
  rmSync(folder, { recursive: true, force: true });
  expect(status).toBe(1);
  expect(out).toMatch(/problem {2}SLACK_BOT_TOKEN is not set/);
  expect(out).toMatch(/problem {2}The AWS credentials of this process cannot be used\n +Give credentials/);
});

it('policy explain names the line of the file that decides', async () => {
  const { status, out } = await trailCheck(['policy', 'explain', 'prod', 'trail/log-file-validation', '--sandbox']);
  expect(status).toBe(0);
  expect(out).toMatch(/May approve: +@trail-approvers {2}\[approval\.default \(.*demo\/trail-check\.yaml:\d+\)\]/);
  expect(out).toContain('If its risk is irreversible:\n  People:                    2  [it cannot be undone]');
});

it('policy explain says what was probably meant', async () => {
  expect(await trailCheck(['policy', 'explain', 'prdo', 'trail/log-file-validation', '--sandbox'])).toMatchObject({
    status: 2,
    error: expect.stringContaining('There is no environment "prdo". Did you mean prod?'),
  });
});
