import { GetPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/demo.ts';
import { type ShownMessage, visible } from '../support/workspace.ts';

/*
 * The main job through the whole program, as `npm run demo` starts it: the real bot between the two simulators, driven by
 * what people do in Slack, and checked in AWS by the real SDK.
 */

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo.stop());

const BUCKET = 'acme-data-legacy-trail';

/** Whether nobody but known accounts gets into the old bucket, as AWS has it. */
async function isRestricted(): Promise<boolean> {
  const owner = demo.aws.accounts.find(({ id }) => id === '444444444444');
  const client = new S3Client({
    endpoint: demo.aws.endpoint,
    forcePathStyle: true,
    region: 'eu-west-1',
    credentials: { accessKeyId: owner?.accessKeyId ?? '', secretAccessKey: owner?.secretAccessKey ?? '' },
  });
  try {
    const { PublicAccessBlockConfiguration: flags } = await client.send(
      new GetPublicAccessBlockCommand({ Bucket: BUCKET }),
    );
    return flags?.RestrictPublicBuckets === true;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchPublicAccessBlockConfiguration') return false;
    throw error;
  } finally {
    client.destroy();
  }
}

/** Has a target read; gives the root of its thread. */
async function runOf(target: string): Promise<ShownMessage> {
  const answer = await demo.workspace.command('requester', `/trail-check ${target}`);
  expect(answer.ok).toBe(true);
  return demo.workspace.until(
    (message) =>
      message.thread_ts === undefined && visible(message).includes(target) && /score/i.test(visible(message)),
    `the result of ${target}`,
  );
}

describe('the main job', { timeout: 120_000 }, () => {
  it('reads prod, shows what fails, fixes it once the right person approves, and takes it back', async () => {
    const { workspace } = demo;
    const root = await runOf('prod');
    expect(visible(root)).toMatch(/critical/i);
    const { ts } = await workspace.until(
      (message) => message.thread_ts === root.ts && visible(message).includes('Block Public Access is on in full'),
      'the message of bucket/public-access-block',
    );
    expect(await isRestricted()).toBe(false);

    // The requester asks; the same person may not approve; an approver does.
    expect(await workspace.click('requester', { ts, label: 'Review fix' })).toMatchObject({ ok: true });
    const review = JSON.stringify(await workspace.modal('requester'));
    expect(review).toContain('aws s3api put-public-access-block');
    expect(review).toContain('RestrictPublicBuckets');
    expect(review).toContain('Request approval');
    await workspace.submit('requester', { reason: 'the world reads our logs' });
    const request = await workspace.until(
      (message) => message.thread_ts === root.ts && visible(message).includes('the world reads our logs'),
      'the request in the thread',
    );
    await workspace.click('requester', { ts: request.ts, label: 'Approve' });
    await workspace.until(
      (message) => message.ephemeral_to === 'U0REQUESTER' && /somebody else|may not/i.test(message.text),
      'the refusal for the requester',
    );
    expect(await isRestricted()).toBe(false);

    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    const fixed = await workspace.until(
      (message) => message.ts === request.ts && /\bFixed\b/.test(visible(message)),
      'Fixed',
    );
    expect(visible(fixed)).toContain('U0APPROVER1');
    expect(visible(fixed)).not.toContain('"text":"Approve"');
    expect(await isRestricted()).toBe(true);

    // A click on what is decided, from an old copy of the message, does nothing.
    await workspace.click('approver2', { ts, label: 'Review fix' }).catch(() => undefined);

    expect(await workspace.click('requester', { ts: request.ts, label: 'Undo' })).toMatchObject({ ok: true });
    await workspace.modal('requester');
    await workspace.submit('requester', { Reason: 'tried in the demo' });
    const undo = await workspace.until(
      (message) => visible(message).includes('tried in the demo') && visible(message).includes('"Approve"'),
      'the request to undo',
    );
    for (const role of ['approver', 'approver2']) await workspace.click(role, { ts: undo.ts, label: 'Approve' });
    await workspace.until((message) => message.ts === undo.ts && /\bUndone\b/.test(visible(message)), 'undone');
    expect(await isRestricted()).toBe(false);
    const thread = await workspace.messages({ thread: root.ts });
    expect(thread.filter((message) => visible(message).includes('"Review fix"')).length).toBeLessThanOrEqual(15);
  });

  it('answers help, explain, status, and unknown words with a suggestion', async () => {
    const { workspace } = demo;
    const said = async (words: string, fits: RegExp) => {
      await workspace.command('requester', `/trail-check ${words}`);
      await workspace.until((message) => message.ephemeral_to === 'U0REQUESTER' && fits.test(visible(message)), words);
    };
    await said('help', /explain/);
    await said('explain bucket/mfa-delete', /MFA/);
    await said('explain bucket/mfa-delet', /Did you mean.*bucket\/mfa-delete/);
    await said('status', /prod/);
    await said('prdo', /Did you mean.*prod/);
  });

  it('refuses a guest', async () => {
    await demo.workspace.command('guest', '/trail-check prod');
    await demo.workspace.until(
      (message) => message.ephemeral_to === 'U0GUEST0001' && /guest|may not|member/i.test(message.text),
      'the refusal for the guest',
    );
  });
});
