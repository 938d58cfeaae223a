import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
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

const ORGANIZATION_TRAIL = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/acme-org-trail';

async function trailAsAwsHasIt() {
  const owner = demo.aws.accounts.find(({ id }) => id === '111111111111');
  const client = new CloudTrailClient({
    endpoint: demo.aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: owner?.accessKeyId ?? '', secretAccessKey: owner?.secretAccessKey ?? '' },
  });
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({ trailNameList: [ORGANIZATION_TRAIL] }));
  client.destroy();
  return trailList[0];
}

async function runOf(target: string): Promise<{ root: ShownMessage; thread: ShownMessage[] }> {
  const answer = await demo.workspace.command('requester', `/trail-check ${target}`);
  expect(answer.ok).toBe(true);
  const root = await demo.workspace.until(
    (message) =>
      message.thread_ts === undefined && visible(message).includes(target) && /score/i.test(visible(message)),
    `the result of ${target}`,
  );
  await demo.workspace.until((message) => message.thread_ts === root.ts, 'a message in its thread');
  // The thread fills at one message a second, as Slack allows.
  let thread: ShownMessage[] = [];
  for (let same = 0; same < 8; ) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const now = (await demo.workspace.messages({ thread: root.ts })).filter(({ ts }) => ts !== root.ts);
    same = now.length === thread.length ? same + 1 : 0;
    thread = now;
  }
  return { root, thread };
}

describe('the main job', { timeout: 120_000 }, () => {
  it('reads prod, shows what fails, fixes it once the right person approves, and takes it back', async () => {
    const { workspace } = demo;
    const { root, thread } = await runOf('prod');
    expect(visible(root)).toMatch(/critical/i);
    expect(thread.length).toBeLessThanOrEqual(15);
    const validation = thread.find((message) => visible(message).includes('Log file validation is on'));
    expect(validation, 'the message of trail/log-file-validation').toBeDefined();
    const ts = validation?.ts ?? '';
    expect((await trailAsAwsHasIt())?.LogFileValidationEnabled).toBe(false);

    // The requester asks; the same person may not approve; an approver does.
    expect(await workspace.click('requester', { ts, label: 'Review fix' })).toMatchObject({ ok: true });
    const review = JSON.stringify(await workspace.modal('requester'));
    expect(review).toContain('aws cloudtrail update-trail');
    expect(review).toContain('--enable-log-file-validation');
    expect(review).toContain('Request approval');
    await workspace.submit('requester', { reason: 'the auditor asks for digests' });
    const request = await workspace.until(
      (message) => message.thread_ts === root.ts && visible(message).includes('the auditor asks for digests'),
      'the request in the thread',
    );
    await workspace.click('requester', { ts: request.ts, label: 'Approve' });
    await workspace.until(
      (message) => message.ephemeral_to === 'U0REQUESTER' && /somebody else|may not/i.test(message.text),
      'the refusal for the requester',
    );
    expect((await trailAsAwsHasIt())?.LogFileValidationEnabled).toBe(false);

    await workspace.click('approver', { ts: request.ts, label: 'Approve' });
    const fixed = await workspace.until(
      (message) => message.ts === request.ts && /\bFixed\b/.test(visible(message)),
      'Fixed',
    );
    expect(visible(fixed)).toContain('U0APPROVER1');
    expect(visible(fixed)).not.toContain('"text":"Approve"');
    expect((await trailAsAwsHasIt())?.LogFileValidationEnabled).toBe(true);

    // A click on what is decided, from an old copy of the message, does nothing.
    await workspace.click('approver2', { ts, label: 'Review fix' }).catch(() => undefined);

    expect(await workspace.click('approver', { ts: request.ts, label: 'Undo' })).toMatchObject({ ok: true });
    await workspace.submit('approver', { reason: 'tried in the demo' });
    await workspace.until((message) => /\bundone\b/i.test(visible(message)), 'undone');
    expect((await trailAsAwsHasIt())?.LogFileValidationEnabled).toBe(false);
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
