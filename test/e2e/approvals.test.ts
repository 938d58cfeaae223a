import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/demo.ts';
import { type ShownMessage, visible } from '../support/workspace.ts';

/*
 * What people decide about fixes that need two of them, through the whole program: the bot, its database, the simulated
 * workspace and the simulated estate, whose own list of calls says what was changed in it.
 */

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
  // A run says what is worst in its thread; these two say all that is needed here.
  await demo.workspace.command('requester', '/trail-check prod');
  await demo.workspace.command('requester', '/trail-check core');
}, 60_000);
afterAll(() => demo.stop());

async function callsOf(operation: string): Promise<number> {
  const calls: unknown = await (await fetch(`${demo.aws.endpoint}/_control/calls`)).json();
  return JSON.stringify(calls).split(`"${operation}"`).length - 1;
}

/** Asks for the fix of the first finding of a check, and gives the request. */
async function requestOf(check: string, reason: string): Promise<ShownMessage> {
  const { workspace } = demo;
  const shown = await workspace.until(
    (message) => visible(message).includes(check) && visible(message).includes('"Review fix"'),
    `the message of ${check}`,
  );
  const value = /"action_id":"review_fix"[^}]*"value":"([^"]+)"|"value":"([^"]+)"[^}]*"action_id":"review_fix"/.exec(
    JSON.stringify(shown.blocks),
  );
  const button = { ts: shown.ts, action_id: 'review_fix', value: value?.[1] ?? value?.[2] ?? '' };
  expect(await workspace.click('requester', button)).toMatchObject({ ok: true });
  await workspace.modal('requester');
  expect(await workspace.submit('requester', { Reason: reason })).toMatchObject({ ok: true });
  return workspace.until((message) => visible(message).includes(reason), `the request of ${check}`);
}

function whisper(to: string, fits: RegExp): Promise<ShownMessage> {
  return demo.workspace.until((message) => message.ephemeral_to === to && fits.test(message.text), String(fits));
}

describe('a fix that two people must approve', { timeout: 60_000 }, () => {
  it('runs once both have, whatever else is clicked, delivered twice or cut off meanwhile', async () => {
    const { workspace } = demo;
    const { ts } = await requestOf('trail/kms-encryption', 'the auditor wants our own key');

    await workspace.click('guest', { ts, label: 'Approve' });
    await whisper('U0GUEST0001', /may not approve/);
    await Promise.all([1, 2].map(() => workspace.click('approver', { ts, label: 'Approve' })));
    await whisper('U0APPROVER1', /decided on this fix already/);
    expect(await workspace.fault({ kind: 'resend' })).toMatchObject({ ok: true });
    await workspace.until((message) => message.ts === ts && visible(message).includes('*1 of 2*'), 'one of two');
    expect(await callsOf('PutKeyPolicy')).toBe(0);

    await workspace.fault({ kind: 'drop-sockets' });
    await workspace.until((message) => message.ts === ts && visible(message).includes('"Approve"'), 'the request');
    for (const end = Date.now() + 20_000; Date.now() < end; ) {
      if ((await workspace.click('approver2', { ts, label: 'Approve' })).ok) break;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const fixed = await workspace.until(
      (message) => message.ts === ts && /\bFixed\b/.test(visible(message)),
      'the fix with two approvals',
    );
    expect(visible(fixed)).toContain('<@U0APPROVER1> and <@U0APPROVER2>');
    expect(visible(fixed)).not.toContain('"Approve"');
    expect(await callsOf('PutKeyPolicy')).toBe(1);
  });

  it('does not run once somebody has rejected it, and says who and why', async () => {
    const { workspace } = demo;
    const { ts } = await requestOf('bucket/policy-not-public', 'nobody reads this bucket');
    await workspace.click('approver', { ts, label: 'Reject' });
    await workspace.modal('approver');
    expect(await workspace.submit('approver', { Reason: '' })).toMatchObject({ response_action: 'errors' });
    expect(await workspace.submit('approver', { Reason: 'the auditors do' })).toMatchObject({ ok: true });
    const rejected = await workspace.until(
      (message) => message.ts === ts && /\bRejected\b/.test(visible(message)),
      'the rejection',
    );
    expect(visible(rejected)).toContain('the auditors do');
    expect(visible(rejected)).toContain('<@U0APPROVER1>');
    expect(visible(rejected)).not.toContain('"Approve"');
    expect(await callsOf('PutBucketPolicy')).toBe(0);
  });

  it('can be approved from Home, which then has nothing waiting', async () => {
    const { workspace } = demo;
    const { ts } = await requestOf('bucket/lifecycle', 'storage is dear');
    await workspace.click('approver2', { ts, label: 'Approve' });
    await workspace.home('approver');
    const home = async () => JSON.stringify((await workspace.views('approver')).home);
    await expect.poll(home, { timeout: 10_000 }).toContain('"Review"');
    expect(await workspace.click('approver', { label: 'Review' })).toMatchObject({ ok: true });
    expect(JSON.stringify(await workspace.modal('approver'))).toContain('storage is dear');
    expect(await workspace.submit('approver')).toMatchObject({ ok: true });
    await workspace.until((message) => message.ts === ts && /\bFixed\b/.test(visible(message)), 'the fix');
    await expect.poll(home, { timeout: 10_000 }).toContain('Nothing waits for a decision');
  });

  it('is on hold after it was undone, with who undid it and why, until an approver lifts the hold', async () => {
    const { workspace } = demo;
    const fixed = await workspace.until(
      (message) => /\bFixed\b/.test(visible(message)) && visible(message).includes('the auditor wants our own key'),
      'the first fix',
    );
    await workspace.click('requester', { ts: fixed.ts, label: 'Undo' });
    await workspace.modal('requester');
    await workspace.submit('requester', { Reason: 'the readers lost access' });
    const { ts } = await workspace.until(
      (message) => visible(message).includes('the readers lost access') && visible(message).includes('"Approve"'),
      'the request to undo',
    );
    for (const role of ['approver', 'approver2']) await workspace.click(role, { ts, label: 'Approve' });
    await workspace.until((message) => message.ts === ts && /\bUndone\b/.test(visible(message)), 'undone');

    const read = async (button: string, since: string) => {
      await workspace.command('requester', '/trail-check core');
      return workspace.until(
        (message) =>
          Number(message.ts) > Number(since) &&
          visible(message).includes('trail/kms-encryption') &&
          visible(message).includes(button),
        `the finding with ${button}`,
      );
    };
    const held = await read('"Lift hold"', ts);
    expect(visible(held)).toMatch(/undone by <@U0REQUESTER>/);
    expect(visible(held)).toContain('the readers lost access');
    expect(visible(held)).not.toContain('"Review fix"');
    expect(await workspace.click('approver', { ts: held.ts, label: 'Lift hold' })).toMatchObject({ ok: true });
    await read('"Review fix"', held.ts);
  });
});
