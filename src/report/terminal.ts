import { styleText } from 'node:util';
import type { Finding, Severity } from '../check/finding.ts';
import { consequences } from '../posture/causes.ts';
import type { ScanReport } from '../posture/report.ts';
import { type RunProgress, SEVERITIES } from '../posture/summary.ts';
import { printable } from './text.ts';
import { wrap } from './wrap.ts';

export { printable };

export interface Screen {
  /** Colour and progress only on a terminal. */
  interactive: boolean;
  /** Width of what is printed to; without one, as for a file, lines are as long as they are. */
  columns?: number | undefined;
  error(text: string): void;
}

type Style = Parameters<typeof styleText>[0];

const SEVERITY_STYLE: { [severity in Severity]: Style } = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'gray',
};

/** A scan for people: the score, what fails (worst first), what could not be read. */
export function scanTable(
  report: ScanReport,
  { interactive, columns }: Pick<Screen, 'interactive' | 'columns'>,
): string {
  const paint = (style: Style, text: string) => (interactive ? styleText(style, text) : text);
  const fold = (text: string, indent = '') => wrap(text, columns ?? Number.POSITIVE_INFINITY, indent);
  const of = (verdict: Finding['verdict']) => report.findings.filter((finding) => finding.verdict === verdict);
  const unknown = of('unknown');
  const following = consequences(report.findings);
  const direct = Map.groupBy(
    of('fail').filter(({ id }) => !following.has(id)),
    ({ check }) => check,
  );
  const lines = [
    `${paint('bold', printable(report.run.target))}  score ${paint('bold', String(report.score))} of 100`,
    ...fold(counts(report.findings), '  '),
    ...report.accounts
      .filter(({ status, shared }) => status === 'unreachable' && !shared)
      .flatMap(({ id, name, reason }) => fold(`Not read: ${printable(name)} (${id}): ${printable(reason ?? '')}`, '  '))
      .map((text) => paint('yellow', text)),
    ...report.notes.flatMap((note) => fold(printable(note), '  ')),
    '',
    ...[...direct.values()].flatMap((findings) => [
      ...findings
        .slice(0, 1)
        .flatMap((finding) => headline(finding, fold, (text) => paint(SEVERITY_STYLE[finding.severity], text))),
      ...findings.flatMap((finding) => details(finding, report)).flatMap((text) => fold(`${INDENT}${text}`, INDENT)),
      '',
    ]),
    ...followingLines(following, report, fold),
    ...(unknown.length === 0 ? [] : [paint('bold', 'Could not be read'), ...unknownLines(unknown, fold)]),
    `${report.accounts.length} accounts, ${report.run.calls} AWS calls, ${seconds(report)} s`,
  ];
  return `${lines.join('\n')}\n`;
}

type Fold = (text: string, indent?: string) => string[];

/** As wide as the longest severity and the space after it. */
const INDENT = ' '.repeat(9);

function counts(findings: readonly Finding[]): string {
  const failures = SEVERITIES.flatMap((severity) => {
    const { length } = findings.filter((finding) => finding.verdict === 'fail' && finding.severity === severity);
    return length === 0 ? [] : [`${length} ${severity}`];
  });
  const verdict = (name: Finding['verdict']) => findings.filter((finding) => finding.verdict === name).length;
  const failed = failures.length === 0 ? 'nothing fails' : `fails: ${failures.join(', ')}`;
  return `${failed}; ${verdict('pass')} pass, ${verdict('unknown')} unknown, ${verdict('exempt')} exempt, ${verdict('not-applicable')} not applicable`;
}

function headline({ severity, title, check }: Finding, fold: Fold, paint: (text: string) => string): string[] {
  const label = severity.toUpperCase();
  const [first = '', ...rest] = fold(`${label.padEnd(INDENT.length)}${printable(title)}  (${check})`, INDENT);
  return [`${paint(label)}${first.slice(label.length)}`, ...rest];
}

const FIXES: { readonly [fix in Finding['fix']]: string } = {
  auto: 'fix: one approval',
  'auto-second-approver': 'fix: two approvals',
  manual: 'fix: guided steps',
  none: '',
};

function details(finding: Finding, { accounts }: ScanReport): string[] {
  const account = accounts.find(({ id }) => id === finding.account);
  return [
    `${printable(account?.name ?? finding.account)} ${printable(finding.resource)}`,
    printable(finding.reason ?? ''),
    finding.inheritedFrom === undefined ? '' : `inherited from ${printable(finding.inheritedFrom)}`,
    ...finding.notes.map(printable),
    FIXES[finding.fix],
  ].filter((text) => text !== '');
}

/** What needs no work of its own, by the check to mend. */
function followingLines(following: ReadonlyMap<string, string>, { findings }: ScanReport, fold: Fold): string[] {
  const groups = Map.groupBy(
    findings.filter(({ id }) => following.has(id)),
    ({ id }) => following.get(id) ?? '',
  );
  return [...groups].flatMap(([cause, all]) => {
    const checks = [...new Set(all.map(({ check }) => check))].sort();
    return [...fold(`${all.length} more follow from ${cause}: ${checks.join(', ')}`, INDENT), ''];
  });
}

/** One line for each permission that is missing, with the checks it hides. */
function unknownLines(unknown: readonly Finding[], fold: Fold): string[] {
  const groups = Map.groupBy(unknown, ({ reason }) => reason ?? 'no reason given');
  return [...groups].flatMap(([reason, findings]) => {
    const checks = [...new Set(findings.map(({ check }) => check))];
    return [...fold(`  ${printable(reason)}`, '  '), ...fold(`    hides ${checks.join(', ')}`, '    '), ''];
  });
}

function seconds({ run }: ScanReport): string {
  return ((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000).toFixed(1);
}

const BAR_WIDTH = 30;

/** A progress bar on standard error, on a terminal only. */
export function progressBar({ interactive, error }: Screen): { show(progress: RunProgress): void; clear(): void } {
  if (!interactive) return { show: () => undefined, clear: () => undefined };
  return {
    show({ done, total, phase }) {
      const filled = total === 0 ? 0 : Math.round((BAR_WIDTH * done) / total);
      error(`\r\u001B[2K${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${done}/${total} ${phase}`);
    },
    clear: () => error('\r\u001B[2K'),
  };
}
