import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ScanReport } from '../../src/posture/report.ts';
import { formatted } from '../../src/report/formats/format.ts';
import { context, EACH_VERDICT, finding, REPORTS, report } from './reports.ts';
import { SARIF_SCHEMA, validator } from './validate.ts';

const problems = validator(SARIF_SCHEMA);

const log = z.object({
  runs: z.tuple([
    z.object({
      tool: z.object({ driver: z.object({ rules: z.array(z.looseObject({ id: z.string() })) }) }),
      results: z.array(
        z.looseObject({ ruleId: z.string(), ruleIndex: z.int().optional(), message: z.object({ text: z.string() }) }),
      ),
    }),
  ]),
});

const textOf = (of: ScanReport) => [...formatted(of, 'sarif', { ...context, screen: { interactive: false } })].join('');
const runOf = (of: ScanReport) => log.parse(JSON.parse(textOf(of))).runs[0];

describe('SARIF', () => {
  it.each(REPORTS)('is valid by the schema of OASIS: %s', (_, of) => {
    expect(problems(JSON.parse(textOf(of)))).toEqual([]);
  });

  it('has every check of the catalogue as a rule, and points at them', () => {
    const { tool, results } = runOf(report(EACH_VERDICT));
    expect(tool.driver.rules.map(({ id }) => id)).toEqual([...context.catalogue.keys()]);
    for (const { ruleId, ruleIndex = -1 } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it('lists what fails, what is accepted and what is not known, and nothing that is settled', () => {
    expect(runOf(report(EACH_VERDICT)).results).toMatchObject([
      { ruleId: 'trail/log-file-validation', kind: 'fail', level: 'warning' },
      { ruleId: 'key/usable', kind: 'open', level: 'none' },
      { ruleId: 'bucket/mfa-delete', kind: 'fail', level: 'error', suppressions: [{ status: 'accepted' }] },
    ]);
  });

  it('places a result by account, region and resource, under a fingerprint that stays', () => {
    const resource = 'arn:aws:s3:::logs/../x y';
    const [first] = runOf(report([finding({ resource, region: '' })])).results;
    expect(first).toMatchObject({
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'aws/111111111111/global/arn%3Aaws%3As3%3A%3A%3Alogs%2F..%2Fx%20y' },
          },
          logicalLocations: [{ fullyQualifiedName: resource, kind: 'bucket' }],
        },
      ],
      partialFingerprints: { 'trailCheckFinding/v1': finding({ resource, region: '' }).id },
    });
  });

  it('has no links and no placeholders that a name could smuggle into a message', () => {
    const { results } = runOf(report([finding({ reason: 'see [here](https://evil.example) {0}' })]));
    expect(results[0]?.message.text).toBe('see [here] (https://evil.example) { 0}');
  });
});
