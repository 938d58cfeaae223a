import type { KnownBlock, RichTextElement } from '@slack/types';
import { MOST_CHECK_MESSAGES } from '../../posture/runs.ts';
import type { AccountLine, FailingCheck, RunDetail, RunProgress, RunSummary } from '../../posture/summary.ts';
import { isSnoozed, SEVERITIES } from '../../posture/summary.ts';
import type { Run } from '../../store/database.ts';
import { actions, bold, button, context, emoji, header, paragraph, rich, section, text } from './elements.ts';
import { ACTIONS } from './ids.ts';
import type { Message } from './message.ts';
import { capital, count, escapeText, mention, mrkdwn, oneLine, plain, prose, when, words } from './text.ts';
import { SEVERITY } from './vocabulary.ts';

const WORST = 5;
const ACCOUNTS = 5;
const BAR = 12;

/**
 * The first message of a run: progress while it reads, then what it found, or why it could not.
 * `changes` counts the findings that began to fail and those that stopped failing since the run before.
 */
export function runMessage(run: Run, detail: RunDetail | undefined, changes: { new: number; mended: number }): Message {
  if (run.state === 'failed') return failed(run);
  if (run.state === 'done' && detail !== undefined && 'summary' in detail) return result(run, detail.summary, changes);
  return reading(run, detail !== undefined && 'progress' in detail ? detail.progress : undefined);
}

function reading(run: Run, progress: RunProgress | undefined): Message {
  const head = section(words('⏳ Reading ', { bold: oneLine(run.target) }, ' …'));
  if (progress === undefined)
    return { text: `Reading ${escapeText(run.target)} …`, blocks: [head, context(asked(run))] };
  const { done, total, phase } = progress;
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const filled = Math.round(share * BAR);
  const bar = '▰'.repeat(filled) + '▱'.repeat(BAR - filled);
  return {
    text: `Reading ${escapeText(run.target)}: ${Math.round(share * 100)} %`,
    blocks: [head, context(plain(`${bar}  ${Math.round(share * 100)} %  ${oneLine(phase)}`), asked(run))],
  };
}

function failed(run: Run): Message {
  const reason = prose(run.error ?? 'The reason is not known.', 600);
  return {
    text: `${escapeText(run.target)} could not be checked`,
    blocks: [
      section(words('❌ ', { bold: oneLine(run.target) }, ' could not be checked')),
      section(words(...reason)),
      context('Nothing was changed. Once the cause is mended, check again.', asked(run)),
      actions(button('Check again', ACTIONS.rerun, run.id)),
    ],
  };
}

function result(run: Run, summary: RunSummary, changes: { new: number; mended: number }): Message {
  const target = oneLine(run.target, 80);
  const failing = summary.failing.length;
  const findings = summary.failing.reduce((sum, check) => sum + check.findings.length, 0);
  if (isUnread(summary)) return nothingRead(run, summary);
  return {
    text: `${escapeText(target)}: ${summary.score} of 100, ${failing === 0 ? nothingFails(summary).toLowerCase() : `${count(failing, 'check')} ${failing === 1 ? 'fails' : 'fail'}`}`,
    blocks: [
      header(`${target}: ${summary.score} of 100${arrow(summary)}`),
      section([severities(summary), sinceLast(summary, changes)].filter((line) => line !== '').join('\n')),
      ...unread(summary),
      ...worst(summary),
      ...raise(summary),
      context(mrkdwn(tally(summary, run)), asked(run)),
      actions(
        ...(failing === 0 ? [] : [button(`Show all ${count(findings, 'finding')}`, ACTIONS.showAll, run.id)]),
        button('Check again', ACTIONS.rerun, run.id),
      ),
    ],
  };
}

/** No account could be entered, or nothing in them could be judged: a score would speak of nothing. */
function isUnread({ accounts, verdicts }: RunSummary): boolean {
  const wanted = accounts.filter(({ inScope }) => inScope);
  const closed = wanted.length > 0 && wanted.every(({ status }) => status === 'unreachable');
  return verdicts.fail === 0 && (closed || (verdicts.pass === 0 && verdicts.unknown > 0));
}

function nothingRead(run: Run, summary: RunSummary): Message {
  const target = oneLine(run.target, 80);
  return {
    text: `${escapeText(target)}: nothing could be read`,
    blocks: [
      header(`${target}: nothing could be read`),
      ...unread(summary),
      context('Nothing is known of it, good or bad. Once the cause is mended, check again.', asked(run)),
      actions(button('Check again', ACTIONS.rerun, run.id)),
    ],
  };
}

function nothingFails({ verdicts }: RunSummary): string {
  return verdicts.unknown > 0 ? 'Nothing fails of what could be read' : 'Nothing fails';
}

function severities(summary: RunSummary): string {
  const { failures, verdicts } = summary;
  const counts = SEVERITIES.filter((severity) => failures[severity] > 0).map(
    (severity) => `${SEVERITY[severity].emoji} *${failures[severity]}* ${SEVERITY[severity].word.toLowerCase()}`,
  );
  return counts.length === 0 ? `${verdicts.unknown > 0 ? '❔' : '✅'} *${nothingFails(summary)}*` : counts.join('   ');
}

function sinceLast({ score, before, accepted }: RunSummary, changes: { new: number; mended: number }): string {
  const news = [
    ...(changes.new > 0 ? [`*${changes.new}* new`] : []),
    ...(changes.mended > 0 ? [`*${changes.mended}* mended`] : []),
  ];
  const since = before === undefined ? '' : `${news.length === 0 ? 'Nothing new' : news.join(' · ')} since last time`;
  const risks = accepted === score ? '' : `${accepted} of 100 with accepted risks`;
  return [since, risks].filter((part) => part !== '').join(' · ');
}

/** ` ▲ 4`: the change of the score since the run before. */
function arrow({ score, before }: RunSummary): string {
  if (before === undefined || before === score) return '';
  return `  ${score > before ? '▲' : '▼'} ${Math.abs(score - before)}`;
}

/** Accounts and permissions that stood in the way: what is not known is said before what is. */
function unread({ accounts, missing }: RunSummary): KnownBlock[] {
  const closed = accounts.filter(({ status }) => status === 'unreachable');
  const lines = closed.slice(0, ACCOUNTS).map((account) => accountLine(account));
  const more = closed.length - lines.length;
  const [first] = missing;
  const permissions =
    first === undefined || closed.length === accounts.length
      ? []
      : [
          paragraph(
            text(first.permission, { code: true }),
            ` is not granted: ${count(first.findings, 'finding')} unknown`,
            missing.length > 1 ? `, and ${count(missing.length - 1, 'more permission')}` : '',
          ),
        ];
  const list = [...lines, ...(more > 0 ? [paragraph(`and ${count(more, 'more account')}`)] : []), ...permissions];
  if (list.length === 0) return [];
  return [
    rich(paragraph(emoji('⚠️'), bold(' Could not be read')), {
      type: 'rich_text_list',
      style: 'bullet',
      elements: list,
    }),
  ];
}

function accountLine({ id, name, reason }: AccountLine) {
  const label = name === '' || name === id ? id : `${oneLine(name, 60)} ${id}`;
  return paragraph(bold(label), reason === undefined ? '' : `: ${oneLine(reason, 160)}`);
}

function worst({ failing: all }: RunSummary): KnownBlock[] {
  if (all.every(isSnoozed)) return [];
  const awake = all.filter((check) => !isSnoozed(check));
  const failing = awake.filter(({ follows }) => follows === undefined);
  const shown = failing.slice(0, WORST);
  const more = failing.length - shown.length;
  const following = awake.length - failing.length;
  return [
    rich(
      paragraph(bold('Failing, worst first')),
      ...shown.map((check) => paragraph(...checkLine(check))),
      ...(more > 0 ? [paragraph(text(`and ${more} more; ${inThread(failing.length)}`, { italic: true }))] : []),
      ...(following > 0
        ? [
            paragraph(
              text(`${count(following, 'more check')} ${following === 1 ? 'fails' : 'fail'} only because of these`, {
                italic: true,
              }),
            ),
          ]
        : []),
    ),
  ];
}

function inThread(failing: number): string {
  const all = failing <= MOST_CHECK_MESSAGES;
  return all
    ? 'each is in the thread with its fix'
    : `the worst ${MOST_CHECK_MESSAGES} are in the thread with their fixes`;
}

function checkLine({ title, severity, findings }: FailingCheck): RichTextElement[] {
  const many = findings.length > 1 ? [text(` · ${count(findings.length, 'resource')}`)] : [];
  return [emoji(SEVERITY[severity].emoji), text(` ${oneLine(title)}`), ...many];
}

function raise({ raise: checks, failing }: RunSummary): KnownBlock[] {
  const titles = new Map(failing.map(({ check, title }) => [check, title]));
  const best = checks.map(({ check, points }) => `${escapeText(oneLine(titles.get(check) ?? check, 80))} *+${points}*`);
  return best.length === 0 ? [] : [context(`💡 Would raise the score most: ${best.join(', ')}`)];
}

function tally({ accounts, verdicts, failing, took }: RunSummary, run: Run): string {
  const snoozed = failing.reduce((sum, check) => sum + (check.snoozed ?? 0), 0);
  const read = accounts.filter(({ inScope, status }) => inScope && status !== 'unreachable').length;
  const shared = accounts.filter(({ inScope }) => !inScope).length;
  const where = `${count(read, 'account')}${shared > 0 ? ` and what ${read === 1 ? 'it shares' : 'they share'} in ${shared} more` : ''}`;
  const numbers = [
    `${verdicts.pass.toLocaleString('en')} pass`,
    `${verdicts.fail.toLocaleString('en')} fail${snoozed > 0 ? ` (${snoozed.toLocaleString('en')} snoozed)` : ''}`,
    ...(verdicts.unknown > 0 ? [`${verdicts.unknown.toLocaleString('en')} unknown`] : []),
    ...(verdicts.exempt > 0 ? [`${verdicts.exempt.toLocaleString('en')} accepted`] : []),
  ];
  const calls = run.calls === null ? '' : ` with ${count(run.calls, 'call')}`;
  return `${where} · ${numbers.join(', ')} · ${seconds(took)}${calls}`;
}

function seconds(milliseconds: number): string {
  return milliseconds < 10_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : count(Math.round(milliseconds / 1000), 's', 's');
}

const WHY = {
  asked: 'asked',
  scheduled: 'on schedule',
  event: 'after an event',
  verification: 'to verify a fix',
} as const;

function asked(run: Run) {
  const who = run.requestedBy === null ? WHY[run.trigger] : `asked by ${mention(run.requestedBy)}`;
  return mrkdwn(`${capital(who)} · ${when(run.finishedAt ?? run.startedAt ?? run.createdAt)}`);
}
