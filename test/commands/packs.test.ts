import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { scanSchema } from '../../src/report/scan-schema.ts';
import { trailCheck } from './cli.ts';

describe('scan --pack', () => {
  it('judges the checks of the standard alone and reports its controls', async () => {
    const { out, error, status } = await trailCheck([
      'scan',
      'prod',
      '--sandbox',
      '--pack',
      'aws-ssb',
      '--format',
      'json',
    ]);
    expect({ error, status }).toEqual({ error: '', status: 1 });
    const { pack, findings } = scanSchema.parse(JSON.parse(out));
    expect(pack?.controls.map(({ control }) => control)).toEqual(['ACCT.07', 'ACCT.08']);
    expect(pack?.notCovered).toHaveLength(10);
    const checks = new Set(pack?.controls.flatMap((control) => control.checks));
    expect(findings.filter(({ check }) => !checks.has(check))).toEqual([]);
  });

  it('prints each control in its own numbering, and what nobody here looks at', async () => {
    const { out } = await trailCheck(['scan', 'prod', '--sandbox', '--pack', 'cis-5.0']);
    const numbers = out.split('\n').flatMap((line) => /^(\d\.\d+(?:\.\d+)?) {2}/.exec(line)?.[1] ?? []);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })));
    expect(numbers).toContain('4.16');
    expect(out).toContain('3.7  VPC flow logs');
  });

  it('says which pack was meant', async () => {
    const { status, error } = await trailCheck(['scan', 'prod', '--sandbox', '--pack', 'cis-50']);
    expect(status).toBe(2);
    expect(error).toContain('Did you mean cis-5.0?');
  });
});

it('packs lists the packs, and the controls of one with their checks', async () => {
  const list = await trailCheck(['packs']);
  expect(list.out.split('\n').filter((line) => line !== '')).toHaveLength(18);
  const one = await trailCheck(['packs', 'cis-1.4']);
  expect(one.out).toMatch(/3\.2 +Log file validation\n +trail\/log-file-validation/);
});

it('would-record and coverage answer as data too', async () => {
  const asked = await trailCheck([
    'would-record',
    's3:GetObject',
    'some-bucket/key',
    'in',
    'prod',
    '--sandbox',
    '--format',
    'json',
  ]);
  const answers = z.object({ answers: z.array(z.looseObject({ recorded: z.string() })) }).parse(JSON.parse(asked.out));
  expect({ status: asked.status, answers: answers.answers.length }).toEqual({ status: 1, answers: 2 });
  const coverage = await trailCheck(['coverage', 'prod', '--sandbox', '--format', 'json']);
  const { rows } = z.object({ rows: z.array(z.looseObject({ account: z.string() })) }).parse(JSON.parse(coverage.out));
  expect(rows.map(({ account }) => account).sort()).toEqual(['333333333333', '444444444444']);
});
