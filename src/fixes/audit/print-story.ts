import { actionWords, membersOf } from './lines.ts';
import type { Story } from './story.ts';
import { eventLine, missingWords } from './words.ts';

/** What every entry of one fix carries, and what is told elsewhere. */
const SAID_ALREADY: ReadonlySet<string> = new Set(['accounts', 'check', 'findings']);

/** The story of one fix, for a terminal. What others wrote in it is not made harmless here. */
export function storyText({ fix, entries, events, missing, onTheirWay, problems, undos }: Story): string {
  const { plan, finding } = fix.proposal;
  const lines = [
    `${fix.id}  ${fix.state}`,
    `Finding     ${finding.check} on ${finding.resource} (${finding.id})`,
    `Accounts    ${fix.row.accounts.join(' ')}`,
    `Plan        ${plan.summary}`,
    `Plan hash   ${fix.planHash}`,
    ...(fix.row.startsAt === null ? [] : [`Window      not before ${fix.row.startsAt.toISOString()}`]),
    ...(fix.of === undefined ? [] : [`Takes back  ${fix.of}`]),
    ...undos.map(({ id, state }) => `Undo        ${id}  ${state}`),
    '',
    'Audit log',
    ...entries.map(({ seq, at, actor, action, data }) =>
      [`  #${seq}  ${at.toISOString()}  ${actor}  ${actionWords(action)}`, ...details(data)].join('\n'),
    ),
    '',
    'Calls',
    ...plan.changes.map(({ operation, account, region, resource }, at) => {
      const { state = 'not made', requestId = '' } = fix.progress.changes[at] ?? {};
      return `  ${operation}  ${account} ${region}  ${resource}  ${state}  ${requestId}`.trimEnd();
    }),
    '',
    'CloudTrail',
    ...(events.length === 0 ? ['  shows no event of it'] : events.map((event) => `  ${eventLine(event)}`)),
    ...(missing.length === 0 ? [] : [`  ${missingWords({ missing, onTheirWay })}`]),
    ...problems.map((problem) => `  ${problem}`),
  ];
  return `${lines.join('\n')}\n`;
}

function details(data: unknown): string[] {
  return [...membersOf(data)]
    .filter(([name, value]) => !SAID_ALREADY.has(name) && value !== null && value !== '')
    .map(([name, value]) => `        ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}
