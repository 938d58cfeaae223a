import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { fileSchema } from '../../src/config/schema/file.ts';
import { ESTATES } from '../../src/sandbox/aws/estates/estates.ts';
import { trailCheck } from '../commands/cli.ts';
import { document } from '../docs/documents.ts';

const LAUNCHER = fileURLToPath(new URL('../../trail-check', import.meta.url));
const NAMES = [...ESTATES.keys()];

const started: { kill(signal: 'SIGTERM'): boolean }[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGTERM');
});

test('sandbox aws --estate starts that estate, with the configuration that fits it', async () => {
  const child = spawn(LAUNCHER, ['sandbox', 'aws', '--estate', 'control-tower'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const line = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const { endpoint, accounts, hub, configuration } = JSON.parse(line);
  expect(accounts.map(({ name }: { name: string }) => name)).toEqual([
    'management',
    'Log Archive',
    'Audit',
    'shop',
    'lab',
  ]);
  const scanned = await trailCheck(['scan', 'estate', '--check', 'organization/trail', '--format', 'json'], {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: hub.accessKeyId,
    AWS_SECRET_ACCESS_KEY: hub.secretAccessKey,
    TRAIL_CHECK_CONFIG: await written(configuration),
  });
  expect(scanned.error).toBe('');
  expect(JSON.parse(scanned.out).findings).toMatchObject([{ check: 'organization/trail', verdict: 'pass' }]);
  expect(scanned.status).toBe(0);
}, 30_000);

test('an unknown name is answered with the list', async () => {
  const { status, error } = await trailCheck(['sandbox', 'aws', '--estate', 'landing-zone']);
  expect(error).toContain(`There is no estate landing-zone. There are: ${NAMES.join(', ')}.`);
  expect(status).not.toBe(0);
});

test.each(NAMES.filter((name) => name !== 'demo'))('the configuration of %s is one', (name) => {
  const made = ESTATES.get(name)?.();
  const parsed = fileSchema({ commands: [], now: new Date() }).parse(made?.configuration);
  expect(Object.keys(parsed.environments)).toEqual(['estate']);
});

test('the documentation lists them all', () => {
  const text = document('sandbox.md');
  expect(NAMES.filter((name) => !text.includes(`| \`${name}\` |`))).toEqual([]);
});

/** A configuration as a file: JSON is YAML. */
async function written(configuration: object): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'estate-')), 'trail-check.yaml');
  await writeFile(file, JSON.stringify(configuration));
  return file;
}
