import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Finding } from '../../src/check/finding.ts';
import { loadCatalogue } from '../../src/posture/catalogue.ts';
import { membersOf, type Pack } from '../../src/posture/packs/pack.ts';
import { findPack, PACKS } from '../../src/posture/packs/packs.ts';
import { packReport } from '../../src/posture/packs/report.ts';

const ROOT = join(import.meta.dirname, '../..');
const catalogue = await loadCatalogue(join(ROOT, 'checks'));
const expected = z
  .object({ packs: z.array(z.object({ id: z.string(), expect: z.int() })) })
  .parse(parse(readFileSync(join(ROOT, 'test/checks/catalogue.yaml'), 'utf8'))).packs;

function pack(id: string): Pack {
  const found = findPack(id);
  if ('problem' in found) throw new Error(found.problem);
  return found;
}

function finding(check: string, more: Partial<Finding> = {}): Finding {
  return {
    ...{ id: `${check}-id`, check, account: '111111111111', region: '', resource: `arn:of:${check}`, title: check },
    ...{ verdict: 'pass', severity: 'low', evidence: {}, missingPermissions: [], notes: [], controls: {}, fix: 'none' },
    ...more,
  };
}

describe('packs', () => {
  test('are those of the catalogue', () => {
    expect([...PACKS.keys()]).toEqual(expected.map(({ id }) => id));
  });

  test.each(expected)('$id has $expect members', ({ id, expect: count }) => {
    expect(membersOf(pack(id), catalogue)).toHaveLength(count);
  });

  test.each([...PACKS.values()])(
    '$id: every control that is listed in full has a title, and covered ones are listed',
    (one) => {
      const report = packReport(one, catalogue, []);
      for (const { name, controls } of one.sections) {
        const prefix = name.split(/[ ,]/)[0] ?? '';
        const listed = Object.keys(controls);
        const inSection = report.controls.filter(
          ({ control }) => control.startsWith(`${prefix}.`) && /^\d/.test(control),
        );
        if (/^\d/.test(prefix))
          expect(inSection.map(({ control }) => control).filter((it) => !listed.includes(it))).toEqual([]);
      }
      expect(report.controls.every(({ title }) => title !== '')).toBe(true);
    },
  );

  test('what is typed wrong is answered with what was probably meant', () => {
    expect(findPack('cis-50')).toEqual({ problem: 'There is no pack "cis-50". Did you mean cis-5.0?' });
    expect(findPack('xyz')).toMatchObject({ problem: expect.stringMatching(/Packs are: cis-1\.4, /) });
  });
});

describe('the report of a pack', () => {
  const cis = pack('cis-5.0');

  test('has the controls in the numbering of the standard', () => {
    const numbers = packReport(cis, catalogue, []).controls.map(({ control }) => control);
    expect(numbers.filter((it) => it.startsWith('4.'))).toEqual(Array.from({ length: 16 }, (_, at) => `4.${at + 1}`));
  });

  test('names the controls of its sections that CloudTrail posture does not cover', () => {
    expect(packReport(cis, catalogue, []).notCovered.map(({ control }) => control)).toEqual(['2.1.3', '3.7']);
  });

  test('the gravest finding decides a control, and is the evidence', () => {
    const findings = [
      finding('trail/log-file-validation'),
      finding('trail/log-file-validation', {
        id: 'b',
        verdict: 'fail',
        reason: 'No digest files are made.',
        resource: 'arn:b',
      }),
    ];
    const control = packReport(cis, catalogue, findings).controls.find((each) => each.control === '3.2');
    expect(control).toMatchObject({
      verdict: 'fail',
      findings: { pass: 1, fail: 1 },
      evidence: [{ finding: 'b', resource: 'arn:b', reason: 'No digest files are made.' }],
    });
  });

  test('what was not judged is unknown, never pass', () => {
    expect(packReport(cis, catalogue, []).controls.every(({ verdict }) => verdict === 'unknown')).toBe(true);
  });

  test('Object Lock stands in for MFA delete, but not in a CIS pack', () => {
    const findings = [finding('bucket/mfa-delete', { evidence: { substitute: 'Object Lock in GOVERNANCE mode' } })];
    const verdictIn = (id: string, control: string) =>
      packReport(pack(id), catalogue, findings).controls.find((each) => each.control === control)?.verdict;
    expect(verdictIn('cis-5.0', '2.1.2')).toBe('fail');
    expect(verdictIn('security-hub', 'S3.20')).toBe('pass');
  });
});
