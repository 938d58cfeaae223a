import { setTimeout as sleep } from 'node:timers/promises';
import type { Message, Workspace } from './workspace.ts';

const CHANNEL = 'audit-trail';
/** A modal is one person's, so each acts in turn and all of them at once. */
const ROLES = ['requester', 'approver', 'approver2'];
const COMMANDS = ['help', 'status', 'explain trail/logging', 'explain bucket/mfa-delete'];
const TARGETS = ['prod', 'staging', 'core', 'everything'];
/** Between two things one person does: about ten a second of all three, far more than a workspace gives. */
const THINKING_MS = 250;
const BETWEEN_SCANS_MS = 1_000;

/** Has one environment read and waits until its findings stand in the thread, so that there are buttons to press. */
export async function prepareThread(workspace: Workspace, limitMs = 60_000): Promise<void> {
  await ask(workspace, 'requester', 'prod');
  for (const until = performance.now() + limitMs; performance.now() < until; await sleep(500)) {
    if ((await buttons(workspace)).length >= 3) return;
  }
  throw new Error('the bot posted no findings that can be reviewed');
}

/** Three people type commands, press buttons, open and close modals, until told to stop. */
export async function usePatiently(workspace: Workspace, stopped: () => boolean): Promise<void> {
  const reviews = await buttons(workspace);
  await Promise.all(
    ROLES.map(async (role, person) => {
      for (let turn = person; !stopped(); turn += 1) {
        const review = reviews[turn % reviews.length];
        if (turn % 3 === 0 && review !== undefined) {
          await workspace.act('click', { role, channel: CHANNEL, ts: review.ts, action_id: 'review_fix' });
          await workspace.act('close', { role });
        } else if (turn % 7 === 0) await workspace.act('home', { role });
        else await ask(workspace, role, COMMANDS[turn % COMMANDS.length] ?? 'help');
        await sleep(THINKING_MS);
      }
    }),
  );
}

/** Asks for one environment after the other, so that something is read all the time. */
export async function keepScanning(workspace: Workspace, stopped: () => boolean): Promise<void> {
  for (let turn = 0; !stopped(); turn += 1) {
    await ask(workspace, 'approver2', TARGETS[turn % TARGETS.length] ?? 'prod');
    await sleep(BETWEEN_SCANS_MS);
  }
}

async function ask(workspace: Workspace, role: string, words: string): Promise<void> {
  await workspace.act('command', { role, channel: CHANNEL, text: `/trail-check ${words}` });
}

async function buttons(workspace: Workspace): Promise<Message[]> {
  return (await workspace.messages(CHANNEL)).filter(({ blocks }) => JSON.stringify(blocks).includes('"review_fix"'));
}
