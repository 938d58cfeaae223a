import { z } from 'zod';

const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
const verdict = z.enum(['pass', 'fail', 'unknown', 'not-applicable', 'exempt']);

/** One finding, in the JSON of `scan` and on each line of `scan --format ndjson`. */
export const findingSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .describe('Stable: the same check on the same resource has the same id in every run and on every machine.'),
  check: z.string(),
  account: z.string().describe('Account that owns the resource.'),
  region: z.string().describe('Empty for what has no region.'),
  resource: z.string().describe('ARN; for account-scope checks the root ARN of the account.'),
  verdict,
  severity,
  title: z.string(),
  evidence: z.record(z.string(), z.unknown()).describe('What was seen, in the words of AWS.'),
  reason: z.string().optional(),
  missingPermission: z.string().optional().describe('The first of missingPermissions.'),
  missingPermissions: z.array(z.string()),
  inheritedFrom: z.string().optional().describe('ARN of the trail the verdict comes from.'),
  cause: z.string().optional().describe('Check that is the cause.'),
  notes: z.array(z.string()),
  controls: z.record(z.string(), z.array(z.string())),
  fix: z.enum(['auto', 'auto-second-approver', 'manual', 'none']),
  risk: z.enum(['safe', 'cost', 'disruptive', 'irreversible']).optional(),
  people: z.int().optional().describe('Approvals needed at least.'),
  exemption: z.strictObject({ until: z.string(), reason: z.string(), underlying: verdict }).optional(),
});

const pack = z.strictObject({
  pack: z.string().describe('Id of the pack.'),
  title: z.string(),
  controls: z
    .array(
      z.strictObject({
        control: z.string(),
        title: z.string(),
        verdict,
        checks: z.array(z.string()),
        findings: z.strictObject({
          pass: z.int(),
          fail: z.int(),
          unknown: z.int(),
          'not-applicable': z.int(),
          exempt: z.int(),
        }),
        evidence: z
          .array(
            z.strictObject({
              finding: z.string(),
              check: z.string(),
              account: z.string(),
              resource: z.string(),
              verdict,
              reason: z.string().optional(),
            }),
          )
          .describe('The findings that decide the verdict.'),
      }),
    )
    .describe('In the numbering of the standard.'),
  notCovered: z
    .array(z.strictObject({ section: z.string(), control: z.string(), title: z.string() }))
    .describe('Controls of the same sections that CloudTrail posture says nothing about.'),
  passed: z.int(),
  failed: z.int(),
});

/** The JSON of `scan --format json`, version 1. docs/scan.schema.json is made from it. */
export const scanSchema = z.strictObject({
  schema: z.literal(1),
  run: z.strictObject({
    id: z.string(),
    target: z.string(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    calls: z.int().describe('AWS calls made.'),
    complete: z.boolean().describe('False when something in scope could not be read.'),
  }),
  score: z.int().min(0).max(100).describe('Exempt findings count as failed.'),
  acceptedScore: z.int().min(0).max(100).describe('Exempt findings count as passed.'),
  accounts: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      status: z.enum(['scanned', 'partly', 'unreachable']),
      shared: z.boolean().describe('In play because something it owns is shared.'),
      reason: z.string().optional(),
    }),
  ),
  notes: z.array(z.string()),
  findings: z.array(findingSchema),
  pack: pack.optional().describe('Where a standard was asked for.'),
});
