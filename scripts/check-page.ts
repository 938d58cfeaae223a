import { z } from 'zod';
import { actionNames } from '../src/aws/permissions.ts';
import type { FixMeta } from '../src/check/check.ts';
import type { Controls } from '../src/check/finding.ts';
import type { AnyCheck } from '../src/posture/catalogue.ts';
import { PARTS, withNeeds } from '../src/snapshot/catalogue.ts';

const CLASSES = {
  auto: 'automatic, after one approval',
  'auto-second-approver': 'automatic, after two approvals',
  manual: 'guided steps, no button',
  none: 'none of its own',
} as const;

const REVERSIBLE = { yes: 'yes', partly: 'in part', no: 'no' } as const;

const STANDARDS: { [standard: string]: string } = {
  'cis_1.4': 'CIS AWS Foundations 1.4',
  'cis_3.0': 'CIS AWS Foundations 3.0',
  'cis_5.0': 'CIS AWS Foundations 5.0',
  'cis_6.0': 'CIS AWS Foundations 6.0',
  'cis_7.0': 'CIS AWS Foundations 7.0',
  security_hub: 'AWS Security Hub',
  'pci_4.0': 'PCI DSS 4.0',
  nist_800_53_r5: 'NIST SP 800-53 rev. 5',
  iso_27001_2022: 'ISO/IEC 27001:2022',
  soc2: 'SOC 2',
  aws_ssb: 'AWS Startup Security Baseline',
  aws_ftr: 'AWS Foundational Technical Review',
  aws_encryption: 'AWS encryption guidance',
  well_architected: 'AWS Well-Architected',
  config_rule: 'AWS Config rules',
};

/** The page of one check, as Markdown; everything on it comes from the check and from what reads its parts. */
export function checkPage(check: AnyCheck): string {
  const sections = [
    `# ${check.title}`,
    `\`${check.id}\` · severity **${check.severity}** · one finding per ${check.scope.replaceAll('-', ' ')}`,
    check.rationale,
    `**Passes when:** ${check.pass}`,
    `## The fix\n\n${fixText(check.fix)}`,
    `## Settings\n\n${settingsText(check)}`,
    `## What it reads\n\n${readsText(check)}`,
    `## Runs again on\n\n${check.events.map((event) => `\`${event}\``).join(', ')}.`,
    `## Controls\n\n${controlsText(check.controls)}`,
    '<!-- Written by `npm run generate`; change the check, not this page. -->',
  ];
  return `${sections.join('\n\n')}\n`;
}

/** What kind of fix, in words. */
export function fixWords(fix: FixMeta): string {
  return CLASSES[fix.class];
}

function fixText(fix: FixMeta): string {
  const first = (fix.first ?? []).map((id) => `\`${id}\``).join(', ');
  if (fix.class === 'none') {
    return first === '' ? 'There is no fix of its own.' : `There is no fix of its own; look at ${first}.`;
  }
  const lines = [
    `- **How:** ${CLASSES[fix.class]}`,
    `- **Risk:** ${fix.risk}`,
    `- **Can be undone:** ${REVERSIBLE[fix.reversible]}`,
    ...(fix.cost === undefined ? [] : [`- **Cost:** ${fix.cost}`]),
    ...(fix.operations.length === 0 ? [] : [`- **Calls it may make:** ${codes(fix.operations)}`]),
    ...(first === '' ? [] : [`- **Mended first, where they fail:** ${first}`]),
  ];
  return lines.join('\n');
}

function settingsText({ id, settings }: AnyCheck): string {
  const schema = JsonSchema.parse(z.toJSONSchema(settings, { io: 'input' }));
  const rows = Object.entries(schema.properties).map(
    ([name, property]) => `| \`${name}\` | ${typeOf(property)} | ${inline(property.default)} |`,
  );
  if (rows.length === 0) return 'None.';
  return [
    `In \`trail-check.yaml\`, under \`checks: { ${id}: { … } }\` for the estate, or under \`environments.<name>.settings\` for one environment.`,
    '',
    '| setting | takes | default |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

const Property = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  minimum: z.number().optional(),
  default: z.unknown().optional(),
});
const JsonSchema = z.looseObject({ properties: z.record(z.string(), Property).default({}) });

function typeOf(given: unknown): string {
  const property = Property.parse(given);
  if (property.enum !== undefined) return property.enum.map(inline).join(' or ');
  if (property.const !== undefined) return inline(property.const);
  if (property.anyOf !== undefined) return property.anyOf.map(typeOf).join(' or ');
  switch (property.type) {
    case 'array':
      return `list of ${typeOf(property.items ?? {})}s`;
    case 'object':
      return 'map';
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return (property.minimum ?? 0) > 0 ? `whole number from ${property.minimum}` : 'whole number';
    default:
      return property.type === 'string' ? 'text' : (property.type ?? 'anything');
  }
}

function inline(value: unknown): string {
  return value === undefined ? '–' : `\`${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}\``;
}

function readsText({ needs }: AnyCheck): string {
  const rows = [...withNeeds(needs)].sort().map((name) => {
    const { operations } = PARTS[name];
    const actions = [...new Set(operations.flatMap(actionNames))].sort();
    return `| \`${name}\` | ${codes(operations)} | ${codes(actions)} |`;
  });
  return [
    'Parts of the snapshot, the AWS operations they are read with, and the IAM actions the reader role needs for them.',
    '',
    '| part | operations | IAM actions |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

function codes(names: readonly string[]): string {
  return names.length === 0 ? '–' : names.map((name) => `\`${name}\``).join(', ');
}

function controlsText(controls: Controls): string {
  const rows = Object.entries(controls).map(([name, ids]) => `| ${STANDARDS[name] ?? name} | ${ids.join(', ')} |`);
  if (rows.length === 0) return 'No published standard names this practice for trails.';
  return ['| standard | controls |', '|---|---|', ...rows].join('\n');
}
