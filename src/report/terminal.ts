import { styleText } from 'node:util';
import type { Finding, Severity } from '../check/finding.ts';
import type { ScanReport } from '../posture/report.ts';
import { type RunProgress, SEVERITIES } from '../posture/summary.ts';

export interface Screen {
  /** Colour and progress only on a terminal. */
  interactive: boolean;
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
export function scanTable(report: ScanReport, { interactive }: Pick<Screen, 'interactive'>): string {
  const paint = (style: Style, text: string) => (interactive ? styleText(style, text) : text);
  const of = (verdict: Finding['verdict']) => report.findings.filter((finding) => finding.verdict === verdict);
  const failing = of('fail');
  const unknown = of('unknown');
  const lines = [
    `${paint('bold', report.run.target)}  score ${paint('bold', String(report.score))} of 100`,
    counts(report.findings),
    ...report.accounts
      .filter(({ status, shared }) => status === 'unreachable' && !shared)
      .map(({ id, name, reason }) =>
        paint('yellow', `Not read: ${printable(name)} (${id}): ${printable(reason ?? '')}`),
      ),
    ...report.notes.map((note) => printable(note)),
    '',
    ...failing.flatMap((finding) => describe(finding, report, (text) => paint(SEVERITY_STYLE[finding.severity], text))),
    ...(unknown.length === 0 ? [] : [paint('bold', 'Could not be read'), ...unknownLines(unknown)]),
    `${report.accounts.length} accounts, ${report.run.calls} AWS calls, ${seconds(report)} s`,
  ];
  return `${lines.join('\n')}\n`;
}

function counts(findings: readonly Finding[]): string {
  const failures = SEVERITIES.flatMap((severity) => {
    const { length } = findings.filter((finding) => finding.verdict === 'fail' && finding.severity === severity);
    return length === 0 ? [] : [`${length} ${severity}`];
  });
  const verdict = (name: Finding['verdict']) => findings.filter((finding) => finding.verdict === name).length;
  const failed = failures.length === 0 ? 'nothing fails' : `fails: ${failures.join(', ')}`;
  return `${failed}; ${verdict('pass')} pass, ${verdict('unknown')} unknown, ${verdict('exempt')} exempt, ${verdict('not-applicable')} not applicable`;
}

function describe(finding: Finding, report: ScanReport, paint: (text: string) => string): string[] {
  const account = report.accounts.find(({ id }) => id === finding.account);
  const fix = {
    auto: 'fix: one approval',
    'auto-second-approver': 'fix: two approvals',
    manual: 'fix: guided steps',
    none: '',
  };
  const details = [
    `${printable(account?.name ?? finding.account)} ${printable(finding.resource)}`,
    printable(finding.reason ?? ''),
    finding.inheritedFrom === undefined ? '' : `inherited from ${printable(finding.inheritedFrom)}`,
    ...finding.notes.map(printable),
    fix[finding.fix],
  ].filter((line) => line !== '');
  return [
    `${paint(finding.severity.toUpperCase().padEnd(8))} ${finding.title}  (${finding.check})`,
    ...details.map((line) => `         ${line}`),
    '',
  ];
}

/** One line for each permission that is missing, with the checks it hides. */
function unknownLines(unknown: readonly Finding[]): string[] {
  const groups = Map.groupBy(unknown, ({ reason }) => reason ?? 'no reason given');
  return [...groups].flatMap(([reason, findings]) => {
    const checks = [...new Set(findings.map(({ check }) => check))];
    return [`  ${printable(reason)}`, `    hides ${checks.join(', ')}`, ''];
  });
}

function seconds({ run }: ScanReport): string {
  return ((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000).toFixed(1);
}

/** AWS text for a terminal: no control characters, which could move the cursor or recolour what follows. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '·');
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
