import type { KnownBlock, RichTextBlockElement, RichTextElement } from '@slack/types';
import { anchorText } from '../../fixes/audit/anchors.ts';
import { type AuditGroup, actionWords, groupsOf, textIn, textsIn } from '../../fixes/audit/lines.ts';
import type { Verified } from '../../fixes/audit/service.ts';
import { remarkOf, type Story } from '../../fixes/audit/story.ts';
import { eventLine, missingWords, verdictWords } from '../../fixes/audit/words.ts';
import type { AuditEntry } from '../../store/database.ts';
import type { AuditAnchor } from '../../store/verify-audit.ts';
import { bold, code, context, emoji, paragraph, person, preformatted, rich, section, text } from './elements.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { stateOf } from './state.ts';
import { count, escapeText, list, oneLine, words } from './text.ts';

/** Entries of the audit log for its channel, one line each. */
export function auditMessage(entries: readonly AuditEntry[]): Message {
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return { text: 'No audit entries', blocks: [] };
  const range = first === last ? `Audit entry ${first.seq}` : `Audit entries ${first.seq} to ${last.seq}`;
  const groups = groupsOf(entries).map((group) => [rich(paragraph(...line(group)))]);
  const head = words('Up to here: ', { code: anchorText(last) });
  return {
    text: groups.length === 1 ? `${range}: ${actionWords(first.action)}` : range,
    blocks: fitBlocks({ head: [], body: groups, tail: [context(head)] }, LIMITS.message, (left) =>
      context(`and ${count(left, 'more line')}: \`audit export\` has all`),
    ),
  };
}

function line({ first, last, count: number }: AuditGroup): RichTextElement[] {
  const remark = number === 1 ? remarkOf(first) : undefined;
  return [
    text(number === 1 ? `#${first.seq} ` : `#${first.seq}–${last.seq} `),
    person(first.actor),
    text(` ${oneLine(actionWords(first.action), 60)}`),
    ...(number === 1 ? subjectOf(first) : [text(` × ${number}`)]),
    ...(remark === undefined ? [] : [text(` “${oneLine(remark, 160)}”`, { italic: true })]),
  ];
}

function subjectOf(entry: AuditEntry): RichTextElement[] {
  const check = textIn(entry, 'check');
  const accounts = textsIn(entry, 'accounts');
  const where = accounts.length > 3 ? count(accounts.length, 'account') : list(accounts);
  return [
    ...(check === undefined ? [] : [text(` ${oneLine(check, 80)}`)]),
    ...(where === '' ? [] : [text(` in ${oneLine(where, 80)}`)]),
    text(' '),
    code(oneLine(entry.subjectId, 60) || ' '),
  ];
}

/** How the log ends, where nobody with the database can reach it. */
export function anchorMessage(anchor: AuditAnchor, command: string): Message {
  const anchored = anchorText(anchor);
  return {
    text: `Audit log: ${count(anchor.seq, 'entry', 'entries')}, anchored`,
    blocks: [
      rich(paragraph(emoji('🔒'), text(` The audit log ends with entry ${anchor.seq}: `), code(anchored))),
      context(words('To prove that nothing before it was changed: ', { code: `${command} audit verify` })),
    ],
  };
}

/** What came of proving the log, in words. */
export function verifyMessage({ verdict, sources, keyed }: Verified): Message {
  const said = verdictWords({ verdict, sources, keyed });
  const sign = verdict.whole ? (verdict.tailProven ? '✅' : '⚠️') : '❌';
  const [first = '', ...more] = said;
  return {
    text: `${sign} ${escapeText(first)}`,
    blocks: [
      rich(paragraph(emoji(sign), bold(` ${first}`))),
      ...(more.length === 0 ? [] : [context(...more.slice(0, 8).map((sentence) => words(sentence)))]),
      context(words('Head: ', { code: anchorText(verdict.head) })),
    ],
  };
}

const MOST_EVENTS = 30;

/** The story of one fix, from who asked to what CloudTrail recorded. */
export function storyMessage(story: Story): Message {
  const { fix, entries, undos } = story;
  const { emoji: sign, words: state } = stateOf(fix);
  const summary = oneLine(fix.proposal.plan.summary, 500);
  return {
    text: `${state}: ${escapeText(summary)}`,
    blocks: fitBlocks(
      {
        head: [
          rich(paragraph(emoji(sign), bold(` ${state}: `), text(summary))),
          context(
            words(
              { code: fix.id },
              ` · ${oneLine(fix.proposal.finding.check, 80)} on ${oneLine(fix.proposal.finding.resource, 200)}`,
            ),
            words(
              'Plan ',
              { code: fix.planHash.slice(0, 16) },
              ` · ${count(fix.proposal.plan.changes.length, 'AWS call')}`,
            ),
          ),
        ],
        body: entries.map((entry) => [rich(paragraph(...moment(entry)))]),
        tail: [
          ...recorded(story),
          ...(undos.length === 0
            ? []
            : [context(words('Undo: ', ...undos.flatMap(({ id, state: how }) => [{ code: id }, ` ${how} `])))]),
        ],
      },
      LIMITS.message,
      (left) => context(`and ${count(left, 'more entry', 'more entries')}`),
    ),
  };
}

function moment(entry: AuditEntry): RichTextElement[] {
  const remark = remarkOf(entry);
  const { at, seq } = entry;
  const fallback = `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return [
    { type: 'date', timestamp: Math.floor(at.getTime() / 1000), format: '{date_num} {time_secs}', fallback },
    text(` #${seq} `),
    person(entry.actor),
    text(` ${oneLine(actionWords(entry.action), 60)}`),
    ...(remark === undefined ? [] : [text(` “${oneLine(remark, 200)}”`, { italic: true })]),
  ];
}

function recorded({ events, missing, onTheirWay, problems }: Story): KnownBlock[] {
  const shown: RichTextBlockElement[] =
    events.length === 0 ? [] : [preformatted(events.slice(0, MOST_EVENTS).map(eventLine), { chars: 2_500 })];
  return [
    section(
      events.length === 0 ? 'CloudTrail shows no event of it.' : `*CloudTrail* · ${count(events.length, 'event')}`,
    ),
    ...(shown.length === 0 ? [] : [rich(...shown)]),
    ...(missing.length === 0 ? [] : [context(words(missingWords({ missing, onTheirWay })))]),
    ...(problems.length === 0 ? [] : [context(...problems.slice(0, 5).map((problem) => words(oneLine(problem, 400))))]),
  ];
}
