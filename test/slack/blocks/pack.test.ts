import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../../src/posture/catalogue.ts';
import { PACKS } from '../../../src/posture/packs/packs.ts';
import type { ControlReport, PackReport } from '../../../src/posture/packs/report.ts';
import { packMessage } from '../../../src/slack/blocks/pack.ts';
import { packListMessage } from '../../../src/slack/blocks/packs.ts';
import { draw, expectPostable } from './draw.ts';
import { run } from './support.ts';

const NONE = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, exempt: 0 };

function control(number: string, more: Partial<ControlReport> = {}): ControlReport {
  return {
    control: number,
    title: 'Log file validation',
    verdict: 'pass',
    checks: [],
    findings: { ...NONE },
    evidence: [],
    ...more,
  };
}

function report(controls: ControlReport[]): PackReport {
  const notCovered = [{ section: '3 Logging', control: '3.7', title: 'VPC flow logs' }];
  return { pack: 'cis-5.0', title: 'CIS', controls, notCovered, passed: 0, failed: 0 };
}

const failing = control('3.2', {
  verdict: 'fail',
  findings: { ...NONE, fail: 2 },
  evidence: [
    {
      ...{ finding: 'f', check: 'trail/log-file-validation', account: '111111111111', verdict: 'fail' },
      resource: 'arn:aws:cloudtrail:us-east-1:111111111111:trail/audit',
      reason: 'No digest files are made.',
    },
  ],
});

describe('the report of a pack', () => {
  it('lists each control with its verdict and what decides it, and what is not covered', () => {
    const message = packMessage(run({ state: 'done' }), 'CIS 5.0', report([control('3.1'), failing]));
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it('says that it follows while the run reads, and offers another where there is none', () => {
    expect(draw(packMessage(run({ state: 'running' }), 'CIS 5.0', undefined))).toMatch(/follows/);
    expect(draw(packMessage(run({ state: 'failed' }), 'CIS 5.0', undefined))).toMatch(/\[Check again\]/);
  });

  it('of a long standard, what passes makes room for what does not', () => {
    const many = Array.from({ length: 150 }, (_, at) => control(`AC-${at}`));
    const message = packMessage(run({ state: 'done' }), 'NIST', report([...many, failing]));
    expectPostable(message);
    expect(draw(message)).toMatch(/3\.2 \|/);
    expect(draw(message)).toMatch(/150 controls that pass or do not apply are left out/);
  });

  it('any names and any number of controls can be posted', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constant('<!channel> *x* `y`'));
    const verdict = fc.constantFrom('pass', 'fail', 'unknown', 'not-applicable', 'exempt' as const);
    const evidence = fc.record({ finding: text, check: text, account: text, resource: text, verdict, reason: text });
    const one = fc.record({ control: text, title: text, verdict, evidence: fc.array(evidence, { maxLength: 3 }) });
    fc.assert(
      fc.property(text, one, fc.integer({ min: 0, max: 200 }), (title, each, length) => {
        const controls = Array.from({ length }, () =>
          control(each.control, { ...each, findings: { ...NONE, [each.verdict]: 9 } }),
        );
        expectPostable(packMessage(run({ state: 'done' }), title, report(controls)));
      }),
      { numRuns: 60 },
    );
  });
});

it('the list of packs can be posted', async () => {
  const catalogue = await loadCatalogue(join(import.meta.dirname, '../../../checks'));
  const message = packListMessage([...PACKS.values()], catalogue, '/trail-check');
  expectPostable(message);
  expect(draw(message)).toMatch(/\(code\)cis-5\.0 CIS AWS Foundations Benchmark 5\.0\.0/);
});
