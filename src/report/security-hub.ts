import { CannotEnter } from '../aws/errors.ts';
import { canonicalJson, sha256Hex } from '../check/evaluators/canonical.ts';
import { describeError } from '../ops/error.ts';
import type { ScanReport } from '../posture/report.ts';
import { ASFF_PREFIX, type AsffFinding, asffFindings } from './formats/asff.ts';
import { type FormatContext, partitionOf } from './formats/lookup.ts';
import { type Hub, isOff, type Refused } from './hub.ts';
import { printable } from './text.ts';

/** Limits of BatchImportFindings: findings in a call, and bytes of a call (6 MB, with room for what is around them). */
const MOST_FINDINGS = 100;
const MOST_BYTES = 5_000_000;
/** Security Hub deletes findings 90 days after their last update, so what lasts is told again before. */
const REFRESH_AFTER_MS = 30 * 86_400_000;
/** Accounts that are written to side by side. */
const AT_ONCE = 10;

const CONTENT = `${ASFF_PREFIX}content`;
const TARGET = `${ASFF_PREFIX}target`;

/** What came of an import, summed up over all accounts and regions. */
export interface Imported {
  /** New findings, and those that had changed. */
  sent: number;
  unchanged: number;
  /** Findings that passed, no longer apply, or whose resource is gone. */
  archived: number;
  /** Sentences about what could not be done. */
  problems: string[];
}

export interface ImportContext extends FormatContext {
  hub(account: string, region: string, productArn: string): Hub;
  now: Date;
}

/**
 * Brings the findings of a scan into Security Hub, in the account and region of each: what is open is told if it is new
 * or has changed, what is settled or gone is archived. `context.catalogue` holds the checks that ran. Never rejects:
 * what an account does not let us do is told in `problems`, and the others go on.
 */
export async function importFindings(report: ScanReport, context: ImportContext): Promise<Imported> {
  const places = placesOf(report, context);
  const accounts = [...Map.groupBy(places, ({ account }) => account).values()];
  const total: Imported = { sent: 0, unchanged: 0, archived: 0, problems: [] };
  for (let at = 0; at < accounts.length; at += AT_ONCE) {
    const group = accounts.slice(at, at + AT_ONCE).map((own) => importAccount(own, report, context));
    for (const result of (await Promise.all(group)).flat()) {
      total.sent += result.sent;
      total.unchanged += result.unchanged;
      total.archived += result.archived;
      total.problems.push(...result.problems);
    }
  }
  return total;
}

/** One account in one region, with what the scan found there. */
interface Place {
  account: string;
  region: string;
  productArn: string;
  findings: AsffFinding[];
}

/** Where something was found, and every such region of each account read in full, for what is gone from there. */
function placesOf(report: ScanReport, context: ImportContext): Place[] {
  const partition = partitionOf(report);
  const places = new Map<string, Place>();
  const place = (account: string, region: string) => {
    const productArn = `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`;
    const known = places.get(productArn) ?? { account, region, productArn, findings: [] };
    places.set(productArn, known);
    return known;
  };
  for (const finding of asffFindings(report, context)) {
    place(finding.AwsAccountId ?? '', finding.ProductArn?.split(':')[3] ?? '').findings.push(finding);
  }
  const regions = [...new Set([...places.values()].map(({ region }) => region))];
  for (const account of readInFull(report)) for (const region of regions) place(account, region);
  return [...places.values()];
}

function readInFull({ accounts }: ScanReport): string[] {
  return accounts.filter(({ status, shared }) => status === 'scanned' && !shared).map(({ id }) => id);
}

/**
 * Region by region; an account that cannot be entered is told of once. One that is merely shared need not let us in as
 * long as nothing is to be told there.
 */
async function importAccount(places: Place[], report: ScanReport, context: ImportContext): Promise<Imported[]> {
  const results: Imported[] = [];
  const failed = (problem: string) => results.push({ sent: 0, unchanged: 0, archived: 0, problems: [problem] });
  for (const place of places) {
    try {
      results.push(await importPlace(place, report, context));
    } catch (error) {
      if (error instanceof CannotEnter) {
        const shared = report.accounts.some(({ id, shared }) => shared && id === place.account);
        if (!shared || places.some((each) => openIn(each) > 0)) failed(describeError(error));
        return results;
      }
      if (!isOff(error)) failed(`Security Hub of ${nameOf(place)} could not be told: ${describeError(error)}`);
      // Where it is off and there is nothing to tell, that is no problem.
      else if (openIn(place) > 0) failed(offText(place));
    }
  }
  return results;
}

function openIn({ findings }: Place): number {
  return findings.filter(({ RecordState }) => RecordState === 'ACTIVE').length;
}

function nameOf({ account, region }: Place): string {
  return `account ${account} in ${region}`;
}

async function importPlace(place: Place, report: ScanReport, context: ImportContext): Promise<Imported> {
  const hub = context.hub(place.account, place.region, place.productArn);
  const known = new Map((await hub.ours()).map((finding) => [finding.Id, finding]));
  const found = new Set(place.findings.map(({ Id }) => Id));
  const open = place.findings
    .filter(({ RecordState }) => RecordState === 'ACTIVE')
    .map((finding) => asKnown(finding, known.get(finding.Id), context.now));
  const news = open.filter((finding) => isNews(finding, known.get(finding.Id), context.now));
  const settled = place.findings
    .filter(({ Id, RecordState }) => RecordState === 'ARCHIVED' && known.has(Id))
    .map((finding) => asKnown(finding, known.get(finding.Id), context.now));
  const gone = [...known.values()]
    .filter((finding) => !found.has(finding.Id) && isGone(finding, place, report, context))
    .map((finding) => archived(finding, context.now));
  const closing = [...settled, ...gone];
  const refused: Refused[] = [];
  for (const batch of batches([...news, ...closing])) refused.push(...(await hub.take(batch)));
  const missed = new Set(refused.map(({ id }) => id));
  const taken = (findings: AsffFinding[]) => findings.filter(({ Id = '' }) => !missed.has(Id)).length;
  return {
    sent: taken(news),
    unchanged: open.length - news.length,
    archived: taken(closing),
    problems: refusals(refused, place),
  };
}

/** The finding as it will be told: since when it is known, by which target first, and what its content is. */
function asKnown(finding: AsffFinding, before: AsffFinding | undefined, now: Date): AsffFinding {
  const { CreatedAt, UpdatedAt: _, LastObservedAt: __, ProductFields, ...told } = finding;
  const target = before?.ProductFields?.[TARGET] ?? ProductFields?.[TARGET];
  const fields = { ...ProductFields, ...(target === undefined ? {} : { [TARGET]: target }) };
  const content = sha256Hex(canonicalJson(JSON.parse(JSON.stringify({ ...told, fields }))));
  return {
    ...finding,
    CreatedAt: before?.CreatedAt ?? CreatedAt,
    UpdatedAt: now.toISOString(),
    ProductFields: { ...fields, [CONTENT]: content },
  };
}

function isNews(finding: AsffFinding, before: AsffFinding | undefined, now: Date): boolean {
  if (before?.ProductFields?.[CONTENT] !== finding.ProductFields?.[CONTENT]) return true;
  return now.getTime() - Date.parse(before?.UpdatedAt ?? '') > REFRESH_AFTER_MS;
}

/**
 * Gone is only what this very scan would have found again: its target told of it, its check ran, its account was read in
 * full. Anything else may simply not have been looked at.
 */
function isGone(
  { GeneratorId = '', ProductFields }: AsffFinding,
  { account }: Place,
  report: ScanReport,
  context: ImportContext,
) {
  const ran = context.catalogue.has(GeneratorId.slice(ASFF_PREFIX.length));
  return ran && ProductFields?.[TARGET] === report.run.target && readInFull(report).includes(account);
}

/** What Security Hub gave, without what it added itself, as archived. */
function archived(finding: AsffFinding, now: Date): AsffFinding {
  const { SchemaVersion, Id, ProductArn, GeneratorId, AwsAccountId, CreatedAt, Title, Description } = finding;
  const { Resources = [], Compliance, FindingProviderFields, ProductFields = {} } = finding;
  const ours = Object.entries(ProductFields).filter(([name]) => name.startsWith(ASFF_PREFIX));
  return {
    ...{ SchemaVersion, Id, ProductArn, GeneratorId, AwsAccountId, CreatedAt, Title, Description },
    ...{ Compliance, FindingProviderFields },
    UpdatedAt: now.toISOString(),
    Resources: Resources.map(({ Type, Id, Region, Partition }) => ({ Type, Id, Region, Partition })),
    ProductFields: Object.fromEntries(ours),
    RecordState: 'ARCHIVED',
  };
}

function* batches(findings: readonly AsffFinding[]): Generator<AsffFinding[]> {
  let batch: AsffFinding[] = [];
  let bytes = 0;
  for (const finding of findings) {
    const size = Buffer.byteLength(JSON.stringify(finding));
    if (batch.length === MOST_FINDINGS || (batch.length > 0 && bytes + size > MOST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(finding);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function refusals(refused: readonly Refused[], place: Place): string[] {
  return [...Map.groupBy(refused, ({ code, message }) => `${code}: ${message}`)].map(
    ([why, findings]) =>
      `Security Hub of ${nameOf(place)} refused ${findings.length} findings (${why}), the first ${findings[0]?.id}.`,
  );
}

function offText(place: Place): string {
  return `Security Hub is off in ${nameOf(place)}: ${openIn(place)} findings were not imported. Enable it there, or leave that account to others.`;
}

/** What came of an import, for people. What many accounts have in common is said once. */
export function importText({ sent, unchanged, archived, problems }: Imported): string {
  const alike = Map.groupBy(problems, (problem) => problem.replace(/\d{12}/g, ''));
  const lines = [...alike.values()].map(([first = '', ...more]) => {
    return `${printable(first)}${more.length === 0 ? '' : ` The same ${more.length} times more, for other accounts.`}`;
  });
  return [`Security Hub: ${sent} sent, ${unchanged} unchanged, ${archived} archived.`, ...lines, ''].join('\n');
}
