import { afterEach, expect, it } from 'vitest';
import { useBrowser } from '../../support/browser.ts';
import { boltApp, withSlack } from './support.ts';

const browser = useBrowser();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const plain = (text: string) => ({ type: 'plain_text' as const, text });

it('shows in the page what a real Bolt app does: command, message, button, modal with an error, update, thread', async () => {
  const slack = await withSlack(closers);
  await boltApp(slack, closers, (app) => {
    app.command('/trail-check', async ({ ack, command, client }) => {
      await ack();
      await client.chat.postMessage({
        channel: command.channel_id,
        text: `posture of ${command.text}`,
        blocks: [
          {
            type: 'section',
            text: { type: 'mrkdwn', text: `Posture of *${command.text}*, asked by <@${command.user_id}>` },
          },
          {
            type: 'actions',
            block_id: 'row',
            elements: [{ type: 'button', action_id: 'review', text: plain('Review fix'), value: 'f1' }],
          },
        ],
      });
    });
    app.action('review', async ({ ack, body, client }) => {
      await ack();
      if (body.type !== 'block_actions') return;
      await client.views.open({
        trigger_id: body.trigger_id,
        view: {
          type: 'modal',
          callback_id: 'approve',
          private_metadata: JSON.stringify({ channel: body.channel?.id, ts: body.message?.ts }),
          title: plain('Review fix'),
          submit: plain('Approve'),
          blocks: [
            {
              type: 'input',
              block_id: 'reason',
              label: plain('Reason'),
              element: { type: 'plain_text_input', action_id: 'text' },
            },
          ],
        },
      });
    });
    app.view('approve', async ({ ack, view, client }) => {
      const reason = view.state.values.reason?.text?.value ?? '';
      if (reason.length < 5) return ack({ response_action: 'errors', errors: { reason: 'Say more.' } });
      await ack();
      const { channel, ts }: { channel: string; ts: string } = JSON.parse(view.private_metadata);
      await client.chat.update({ channel, ts, text: `Fixed: ${reason}`, blocks: [] });
      await client.chat.postMessage({ channel, thread_ts: ts, text: 'Applied and read again' });
    });
  });
  const { page, complaints } = await browser.openPage(`${slack.url}/?user=requester`);

  await page.getByLabel('Message #audit-trail').fill('/trail-check prod');
  await page.keyboard.press('Enter');
  await page.getByText('Posture of prod, asked by @Rita').waitFor();
  await page.getByRole('button', { name: 'Review fix' }).click();
  await page.getByLabel('Reason').fill('no');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Say more.').waitFor();
  await page.getByLabel('Reason').fill('audit on Monday');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Fixed: audit on Monday').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.getByRole('button', { name: '1 reply' }).click();
  await page.getByRole('complementary', { name: 'Thread' }).getByText('Applied and read again').waitFor();
  expect(complaints).toEqual([]);
});
