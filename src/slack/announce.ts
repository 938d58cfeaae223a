import { sql } from 'kysely';
import { followEmergency } from '../fixes/emergency-messages.ts';
import type { FixView } from '../fixes/fix.ts';
import type { Message } from '../store/database.ts';
import type { FixState } from '../store/fix-states.ts';
import { messagesAbout } from '../store/messages.ts';
import type { Tx } from '../store/store.ts';
import { fixValue } from './blocks/ids.ts';

/** Runs whose messages follow each step of a fix. */
const RUNS_FOLLOWED = 5;
/** Messages that are told of an end; there is one a run and check. */
const MOST_COPIES = 300;
/** A step on the way is shown where people look; Slack allows 50 updates a minute. */
const UNDER_WAY: readonly FixState[] = ['applying', 'verifying'];
const ON_THE_WAY: readonly FixState[] = ['proposed', 'approved', ...UNDER_WAY];

/** Says a fix anew wherever it shows: its own messages once somebody asked for it, and the checks it is about. */
export async function announce(tx: Tx, fix: FixView): Promise<void> {
  await sayRequest(tx, fix);
  if (fix.row.batch !== null) {
    await sayAgain(tx, await messagesAbout(tx.query, { kind: 'batch', id: fix.row.batch }));
  }
  // A new plan takes the place of one that was approved in an emergency, too.
  if (fix.row.breakGlass || fix.revision > 1) await followEmergency(tx, fix.id);
  for (let revision = 1; revision <= fix.revision; revision++) {
    const id = fixValue({ id: fix.id, revision });
    await sayAgain(tx, await messagesAbout(tx.query, { kind: 'reminder', id }));
    await sayAgain(tx, await messagesAbout(tx.query, { kind: 'news', id }));
  }
  await sayAgain(tx, await checkMessages(tx, fix));
}

/** Key of the message of a fix: its request, and then its story. A plan that was made anew is asked for in another one. */
export function fixKey(fix: string, revision = 1): string {
  return revision === 1 ? `fix:${fix}` : `fix:${fix}.${revision}`;
}

/** The request of this revision; those of older ones lose their buttons and point to it. */
async function sayRequest(tx: Tx, fix: FixView): Promise<void> {
  const { origin } = fix.proposal;
  const said = await messagesAbout(tx.query, { kind: 'fix', id: fix.id });
  const asked = fix.requestedBy !== undefined || said.length === 0;
  const key = fixKey(fix.id, asked ? fix.revision : undefined);
  const subject = { kind: 'fix', id: fix.id };
  for (const copy of said) {
    const older = asked && copy.key !== key;
    const id = fixValue({ id: fix.id, revision: fix.revision });
    await tx.say({ ...placeOf(copy), subject: older ? { kind: 'older-request', id } : subject });
  }
  if (origin === undefined || !asked || said.some((copy) => copy.key === key)) return;
  const thread = origin.threadKey === undefined ? {} : { threadKey: origin.threadKey };
  await tx.say({ key, channel: origin.channel, ...thread, subject });
}

async function sayAgain(tx: Tx, messages: readonly Message[]): Promise<void> {
  for (const message of messages) {
    await tx.say({ ...placeOf(message), subject: { kind: message.subjectKind, id: message.subjectId } });
  }
}

function placeOf({ key, channel, threadKey }: Message): { key: string; channel: string; threadKey?: string } {
  return { key, channel, ...(threadKey === null ? {} : { threadKey }) };
}

/**
 * The messages of checks that show a finding of this fix, newest first. When a decision is asked for or over, all of them
 * follow, so that no button stays behind; what happens in between is shown in the latest.
 */
async function checkMessages(tx: Tx, { proposal, state }: FixView): Promise<Message[]> {
  const { plan, finding } = proposal;
  const mends = [...new Set([finding.id, ...plan.findings])];
  const about = await tx.query.selectFrom('findings').select('check').where('id', 'in', mends).execute();
  const checks = [...new Set([plan.check, finding.check, ...about.map(({ check }) => check)])];
  const shows = sql<boolean>`exists (
    select 1 from runs where runs.id = split_part(subject_id, '/', 1)
      and runs.counts::text like any(array[${sql.join(mends.map((id) => `%"${id}"%`))}]::text[])
  )`;
  const said = await tx.query
    .selectFrom('messages')
    .selectAll()
    .where('subjectKind', '=', 'check')
    .where(sql<string>`substr(subject_id, strpos(subject_id, '/') + 1)`, 'in', checks)
    .where(shows)
    .orderBy('id', 'desc')
    .limit(MOST_COPIES)
    .execute();
  if (!ON_THE_WAY.includes(state)) return said;
  const latest = [...new Set(said.map(runOf))].slice(0, UNDER_WAY.includes(state) ? 1 : RUNS_FOLLOWED);
  return said.filter((message) => latest.includes(runOf(message)));
}

function runOf({ subjectId }: Message): string {
  return subjectId.slice(0, subjectId.indexOf('/'));
}
