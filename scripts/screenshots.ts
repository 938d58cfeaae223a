/*
 * Takes the pictures of the README from the demo: `npm run screenshots`. The same story each time: prod is read, a fix is
 * reviewed, requested, approved, fixed.
 */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDemo } from '../test/support/demo.ts';
import { visible } from '../test/support/workspace.ts';

process.env.TMPDIR = join(tmpdir(), 'trail-check-tests');
mkdirSync(process.env.TMPDIR, { recursive: true });
const { launchChromium } = await import('../test/support/chromium.ts');

const FOLDER = fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(FOLDER, { recursive: true });
const SIZE = { width: 1280, height: 860 };
/** Slack takes one message a second; the thread is complete when it has been still for this long. */
const STILL_MS = 4_000;

const demo = await startDemo();
const browser = await launchChromium();
const { workspace } = demo;

async function picture(
  name: string,
  query: string,
  before: (page: import('playwright-core').Page) => Promise<void> = async () => {},
) {
  const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 2 });
  await page.goto(`${demo.page}?${query}`);
  await page.locator('article.message').first().waitFor();
  await before(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await page.close();
}

/** A step that did not work makes every later picture a lie. */
async function must(step: ReturnType<typeof workspace.click>): Promise<void> {
  const answer = await step;
  if (!answer.ok) throw new Error(answer.message ?? answer.error ?? 'a step was refused');
}

await must(workspace.command('requester', '/trail-check prod'));
const root = await workspace.until((message) => /score/i.test(visible(message)), 'the result');
for (let count = -1, still = 0; still < STILL_MS; still += 500) {
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { length } = await workspace.messages({ thread: root.ts });
  if (length !== count) still = 0;
  count = length;
}
const thread = await workspace.messages({ thread: root.ts });
const finding = thread.find((message) => visible(message).includes('Fails: Block Public Access is on in full'));
const ts = finding?.ts ?? '';
const channel = 'channel=audit-trail';

await picture('result', `user=requester&${channel}&thread=${root.ts}&theme=light`);
await must(workspace.click('approver', { ts, label: 'Review fix' }));
await picture('review', `user=approver&${channel}&theme=light`, (page) => page.locator('dialog.modal').waitFor());
await workspace.close('approver');
await must(workspace.click('requester', { ts, label: 'Review fix' }));
await must(workspace.submit('requester', { reason: 'Asked for by the auditor.' }));
const request = await workspace.until(
  (message) => visible(message).includes('Asked for by the auditor'),
  'the request',
);
const toRequest = (page: import('playwright-core').Page) =>
  page.locator(`article.message[data-ts="${request.ts}"]`).last().scrollIntoViewIfNeeded();
await picture('request', `user=approver&${channel}&thread=${root.ts}&theme=light`, toRequest);
await must(workspace.click('approver', { ts: request.ts, label: 'Approve' }));
await workspace.until((message) => message.ts === request.ts && /\bFixed\b/.test(visible(message)), 'Fixed');
await picture('fixed', `user=approver&${channel}&thread=${root.ts}&theme=light`, toRequest);
await picture('dark', `user=approver&${channel}&thread=${root.ts}&theme=dark`);
await workspace.home('approver');
await picture('home', 'user=approver&channel=home&theme=light').catch(() => undefined);

await browser.close();
await demo.stop();
process.stdout.write(`Pictures are in ${FOLDER}\n`);
