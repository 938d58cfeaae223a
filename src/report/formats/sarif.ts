import type { Finding, Severity } from '../../check/finding.ts';
import type { AnyCheck } from '../../posture/catalogue.ts';
import type { ScanReport } from '../../posture/report.ts';
import { requirementsOf } from '../standards.ts';
import { printable } from '../text.ts';
import { type FormatContext, type JsonObject, kindOf } from './lookup.ts';

const LEVELS = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
} as const satisfies { [severity in Severity]: string };

/** GitHub sorts by this number: over 9.0 critical, over 7.0 high, over 4.0 medium, the rest low. */
const SCORES = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.1',
} as const satisfies { [severity in Severity]: string };

/**
 * One SARIF 2.1.0 log: every check as a rule, what fails, is accepted or could not be read as results. What passes is
 * left out, because viewers show every result as an alert.
 */
export function sarifLog(report: ScanReport, { catalogue, version }: FormatContext): JsonObject {
  const rules = [...catalogue.values()];
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const { run, accounts, notes } = report;
  const unread = accounts
    .filter(({ status }) => status !== 'scanned')
    .map(({ id, name, status, reason }) => `${name} (${id}) is ${status}${reason === undefined ? '' : `: ${reason}`}`);
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'trail-check', version, rules: rules.map(ruleOf) } },
        automationDetails: { id: `trail-check/${run.target}/${run.id}` },
        invocations: [
          {
            executionSuccessful: run.complete,
            startTimeUtc: run.startedAt,
            endTimeUtc: run.finishedAt,
            toolExecutionNotifications: [
              ...unread.map((text) => ({ level: 'warning', message: messageOf(text) })),
              ...notes.map((text) => ({ level: 'note', message: messageOf(text) })),
            ],
          },
        ],
        // Columns would mean nothing: the resources of an account are no text files.
        columnKind: 'utf16CodeUnits',
        results: report.findings
          .filter(({ verdict }) => verdict === 'fail' || verdict === 'exempt' || verdict === 'unknown')
          .map((finding) => resultOf(finding, indexes.get(finding.check))),
      },
    ],
  };
}

function ruleOf({ id, title, rationale, pass, severity, controls }: AnyCheck): JsonObject {
  return {
    id,
    name: id.replace(/(?:^|[/-])(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: rationale },
    help: { text: `Passes when: ${pass}` },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', 'cloudtrail', ...new Set(requirementsOf(controls))].slice(0, 20),
      'security-severity': SCORES[severity],
      precision: 'very-high',
    },
  };
}

function resultOf(finding: Finding, ruleIndex: number | undefined): JsonObject {
  const { id, check, severity, verdict, exemption, account, region, resource, reason, title } = finding;
  const place = [account, region || 'global', resource].map((part) => encodeURIComponent(part.toWellFormed()));
  return {
    ruleId: check,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    // A kind other than "fail" has no level (SARIF 3.27.10).
    ...(verdict === 'unknown' ? { kind: 'open', level: 'none' } : { kind: 'fail', level: LEVELS[severity] }),
    message: messageOf(reason?.trim() || title.trim() || check),
    locations: [
      {
        // Code scanning wants a file with a line; the path names the resource and no file.
        physicalLocation: { artifactLocation: { uri: `aws/${place.join('/')}` }, region: { startLine: 1 } },
        logicalLocations: [
          {
            name: printable(resource.split(/[:/]/).at(-1) ?? resource),
            fullyQualifiedName: printable(resource),
            kind: kindOf(finding),
          },
        ],
      },
    ],
    partialFingerprints: { 'trailCheckFinding/v1': id, primaryLocationLineHash: `${id}:1` },
    ...(exemption === undefined
      ? {}
      : {
          suppressions: [{ kind: 'external', status: 'accepted', justification: printable(exemption.reason) }],
        }),
    properties: { account, region, severity, verdict, fix: finding.fix, evidence: finding.evidence },
  };
}

/** Plain text without what SARIF reads into it: `[text](link)` and `{0}` (3.11.5, 3.11.6). */
function messageOf(text: string): JsonObject {
  return {
    text: printable(text)
      .replaceAll('](', '] (')
      .replace(/\{(?=\d)/g, '{ '),
  };
}
