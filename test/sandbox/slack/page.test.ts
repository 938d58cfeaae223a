import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useBrowser } from '../../support/browser.ts';
import { type PageFixture, startPageFixture } from './page-fixture.ts';
import { MESSAGE_BLOCKS, MODAL_BLOCKS, message, NASTY, workspaceState } from './page-gallery.ts';

const browser = useBrowser();
const NOW = Math.floor(Date.now() / 1000);
let fixture: PageFixture;

beforeEach(async () => {
  fixture = await startPageFixture(workspaceState());
});
afterEach(() => fixture.close());

const withMessages = (...messages: object[]) => workspaceState({ messages: { C0AUDITTRAIL: messages } });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const modal = (more: object = {}) => ({
  id: 'V1',
  type: 'modal',
  title: { type: 'plain_text', text: 'Review fix' },
  submit: { type: 'plain_text', text: 'Approve' },
  blocks: MODAL_BLOCKS,
  ...more,
});

async function openGallery() {
  fixture.show(withMessages(message(NOW - 60, { blocks: MESSAGE_BLOCKS, edited: {} })));
  const opened = await browser.openPage(fixture.url);
  await opened.page.locator('.block-hologram, .unsupported').waitFor();
  return opened;
}

/** The newest post of a kind, once it is there. */
async function posted(what: string): Promise<unknown> {
  await expect.poll(() => fixture.posts.filter((post) => post.what === what).length).toBeGreaterThan(0);
  return fixture.posts.findLast((post) => post.what === what)?.body;
}

describe('the block gallery', () => {
  it('draws every block type, names the unknown one, and has nothing to complain about', async () => {
    const { page, complaints } = await openGallery();
    const drawn = await page
      .locator('.block')
      .evaluateAll((blocks) =>
        blocks.flatMap((block) =>
          [...block.classList].filter((name) => name.startsWith('block-')).map((name) => name.slice(6)),
        ),
      );
    const known = MESSAGE_BLOCKS.map(({ type }) => type).filter((type) => type !== 'hologram');
    expect(new Set(drawn)).toEqual(new Set(known));
    expect(await page.locator('.unsupported').allTextContents()).toEqual(['unsupported block type hologram']);
    expect(complaints).toEqual([]);
  });

  it('shows hostile text as text', async () => {
    const { page, complaints } = await openGallery();
    expect(await page.locator('.block-section .plain').first().textContent()).toBe(NASTY);
    expect(await page.locator('.rich-text code').first().textContent()).toBe(NASTY);
    expect(await page.locator('td .rich-text').first().textContent()).toBe(NASTY);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('loads no image from elsewhere and says what it shows', async () => {
    const { page, complaints } = await openGallery();
    expect(await page.locator('.image-absent').textContent()).toContain('An image elsewhere');
    expect(complaints).toEqual([]);
  });

  it('pages and sorts a data table and remembers both when the message changes', async () => {
    const { page } = await openGallery();
    const names = () => page.locator('.data-table tbody th').allTextContents();
    expect(await names()).toEqual(['payments', 'archive', 'orders']);
    await page.getByRole('button', { name: 'Score' }).click();
    expect(await names()).toEqual(['sandbox', 'archive', 'staging']);
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await names()).toEqual(['payments', 'orders']);
    fixture.show(withMessages(message(NOW - 60, { blocks: [section('new'), ...MESSAGE_BLOCKS] })));
    await page.getByText('new', { exact: true }).waitFor();
    expect(await names()).toEqual(['payments', 'orders']);
  });

  it('unfolds a collapsible container', async () => {
    const { page } = await openGallery();
    const head = page.getByRole('button', { name: /Evidence/ });
    expect(await page.getByText('IsLogging:').isVisible()).toBe(false);
    await head.click();
    expect(await page.getByText('IsLogging:').isVisible()).toBe(true);
    expect(await head.getAttribute('aria-expanded')).toBe('true');
  });
});

describe('text', () => {
  it.each([
    ['*bold* _it_ ~no~', '<strong>bold</strong> <em>it</em> <s>no</s>'],
    ['snake_case_name 2*3*4', 'snake_case_name 2*3*4'],
    ['* not bold * and *_both_*', '* not bold * and <strong><em>both</em></strong>'],
    ['`a *b* &lt;c&gt;`', '<code>a *b* &lt;c&gt;</code>'],
    ['&lt;b&gt; &amp;amp; &copy;', '&lt;b&gt; &amp;amp; &amp;copy;'],
    ['<@U0APPROVER1> <#C0GENERAL000> <!subteam^S0TRAILAPPR>', '@Amal #general @trail-approvers'],
    ['<@U0NOBODY|someone>', '@someone'],
    ['<javascript:alert(1)|click>', '&lt;javascript:alert(1)|click&gt;'],
    ['- no list', '- no list'],
  ])('reads %j as Slack does', async (source, expected) => {
    fixture.show(withMessages(message(NOW, { blocks: [section(source)] })));
    const { page } = await browser.openPage(fixture.url);
    const lines = page.locator('.message .lines');
    await lines.waitFor();
    const html = await lines.evaluate((element) => element.innerHTML.replace(/<\/?span[^>]*>/g, ''));
    expect(html).toBe(expected);
  });

  it('quotes, fences and links', async () => {
    const source =
      '&gt; one\n&gt; two\nafter\n```\nx = *1*\n```\n<https://a.example/?b=1&amp;c=2|label> https://bare.example/x.';
    fixture.show(withMessages(message(NOW, { blocks: [section(source)] })));
    const { page } = await browser.openPage(fixture.url);
    expect(await page.locator('blockquote').textContent()).toBe('one\ntwo');
    expect(await page.locator('.message pre').textContent()).toBe('x = *1*');
    const links = await page.locator('.message .text a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    expect(links).toEqual(['https://a.example/?b=1&c=2', 'https://bare.example/x']);
  });
});

describe('elements', () => {
  it('sends a button with its block, action, value and container', async () => {
    const { page } = await openGallery();
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    expect(await posted('action')).toMatchObject({
      user: 'requester',
      container: { type: 'message', channel: 'C0AUDITTRAIL', ts: `${NOW - 60}.000100` },
      action: { type: 'button', block_id: 'acts', action_id: 'approve', value: 'r1' },
    });
  });

  it('asks before a button with a confirm dialog, and sends nothing when denied', async () => {
    const { page } = await openGallery();
    const reject = page.locator('[data-action="acts reject"]');
    await reject.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click();
    expect(fixture.posts).toEqual([]);
    await reject.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    expect(await posted('action')).toMatchObject({ action: { action_id: 'reject' } });
  });

  it('chooses in a menu by keyboard and in an overflow menu by mouse', async () => {
    const { page } = await openGallery();
    await page.locator('[data-action="acts region"]').press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await posted('action')).toMatchObject({
      action: { type: 'static_select', action_id: 'region', selected_option: { value: 'us-east-1' } },
    });
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Accept the risk' }).click();
    await expect
      .poll(() => fixture.posts.at(-1)?.body)
      .toMatchObject({ action: { type: 'overflow', selected_option: { value: 'Accept the risk' } } });
  });

  it('tells several choices together when the list closes', async () => {
    const { page } = await openGallery();
    await page.locator('[data-action="acts regions"]').click();
    await page.getByRole('option', { name: 'ap-south-1' }).click();
    await page.getByRole('option', { name: 'eu-west-1' }).click();
    expect(fixture.posts).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await posted('action')).toMatchObject({
      action: { selected_options: [{ value: 'us-east-1' }, { value: 'ap-south-1' }] },
    });
  });

  it('shows what the workspace says when the app does not answer', async () => {
    const { page } = await openGallery();
    fixture.answer({ ok: false, error: 'dispatch_failed', message: 'trail-check did not respond in time.' });
    await page.getByRole('button', { name: 'Review fix' }).click();
    await page.getByRole('alert').getByText('trail-check did not respond in time.').waitFor();
  });
});

describe('modals', () => {
  const open = async (view: object): Promise<Page> => {
    fixture.show(workspaceState({ modals: [view] }));
    const { page } = await browser.openPage(fixture.url);
    await page.getByRole('dialog').waitFor();
    return page;
  };

  it('submits every input in the shape of state.values', async () => {
    const page = await open(modal());
    await page.getByLabel('Reason').fill('audit on Monday');
    await page.locator('[data-action="class pick"]').click();
    await page.getByRole('option', { name: 'Glacier' }).click();
    await page.getByLabel('it costs money').check();
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(await posted('submit')).toMatchObject({
      view_id: 'V1',
      state: {
        values: {
          reason: { text: { type: 'plain_text_input', value: 'audit on Monday' } },
          ticket: { text: { value: null } },
          days: { n: { type: 'number_input', value: '30' } },
          class: { pick: { type: 'static_select', selected_option: { value: 'Glacier' } } },
          people: { who: { type: 'multi_users_select', selected_users: [] } },
          boxes: { boxes: { selected_options: [{ value: 'it costs money' }] } },
        },
      },
    });
  });

  it('puts an error under the input that it belongs to', async () => {
    const page = await open(modal());
    fixture.answer({ ok: true, response_action: 'errors', errors: { reason: 'Say why.' } });
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(await page.locator('[data-key="reason"] .input-error').textContent()).toBe('Say why.');
    expect(await page.locator('.input-error').count()).toBe(1);
  });

  it('keeps half-typed text, its focus and its caret while the view is sent again', async () => {
    const page = await open(modal());
    await page.getByLabel('Reason').click();
    await page.keyboard.type('half a sen');
    const intro = { ...section('*2 calls* now'), block_id: 'intro' };
    fixture.show(workspaceState({ modals: [modal({ blocks: [intro, ...MODAL_BLOCKS.slice(1)] })] }));
    await page.getByText('2 calls').waitFor();
    await page.keyboard.type('tence');
    expect(await page.getByLabel('Reason').inputValue()).toBe('half a sentence');
  });

  it('closes the top of the stack on Escape and shows the one below', async () => {
    const below = modal({ id: 'V0', title: { type: 'plain_text', text: 'All findings' } });
    fixture.show(workspaceState({ modals: [below, modal()] }));
    const { page } = await browser.openPage(fixture.url);
    await page.getByRole('dialog', { name: 'Review fix' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await posted('close')).toMatchObject({ view_id: 'V1' });
    fixture.show(workspaceState({ modals: [below] }));
    await page.getByRole('dialog', { name: 'All findings' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
  });
});

describe('the workspace', () => {
  it('says in an empty channel what to type, suggests the command, and sends it', async () => {
    const { page } = await browser.openPage(fixture.url);
    await page.getByText('Type /trail-check prod').waitFor();
    await page.getByLabel('Message #audit-trail').fill('/tr');
    await page.getByRole('option', { name: /trail-check/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('prod');
    await page.keyboard.press('Enter');
    expect(await posted('command')).toEqual({ user: 'requester', channel: 'C0AUDITTRAIL', text: '/trail-check prod' });
  });

  it('opens a thread, answers in it and closes it on Escape', async () => {
    const root = message(NOW - 10, { text: 'root', thread_ts: `${NOW - 10}.000100`, reply_count: 1 });
    fixture.show(withMessages(root, message(NOW - 5, { text: 'a reply', thread_ts: `${NOW - 10}.000100` })));
    const { page } = await browser.openPage(fixture.url);
    expect(await page.getByText('a reply').count()).toBe(0);
    await page.getByRole('button', { name: '1 reply' }).click();
    await page.getByText('a reply').waitFor();
    await page.getByLabel('Reply…').fill('thanks');
    await page.keyboard.press('Enter');
    expect(await posted('message')).toMatchObject({ text: 'thanks', thread_ts: `${NOW - 10}.000100` });
    await page.keyboard.press('Escape');
    await page.getByText('a reply').waitFor({ state: 'hidden' });
  });

  it('marks what only this person sees', async () => {
    fixture.show(withMessages(message(NOW, { text: 'not for you', ephemeral_to: 'U0REQUESTER' })));
    const { page } = await browser.openPage(fixture.url);
    await page.locator('.message.ephemeral').getByText('Only visible to you').waitFor();
  });

  it('leaves unchanged messages, a draft and the reading position alone when news arrive', async () => {
    const many = Array.from({ length: 60 }, (_, at) => message(NOW - 600 + at, { text: `line ${at}` }));
    fixture.show(withMessages(...many));
    const { page } = await browser.openPage(fixture.url);
    await page.getByText('line 59').waitFor();
    await page.getByLabel('Message #audit-trail').fill('half a thou');
    await page
      .locator('.scroller')
      .first()
      .evaluate((element) => {
        element.scrollTop = 100;
        element.querySelector('.message')?.setAttribute('data-untouched', '');
      });
    fixture.show(withMessages(...many, message(NOW, { text: 'news' })));
    await page.getByText('news').waitFor();
    expect(
      await page
        .locator('.scroller')
        .first()
        .evaluate((element) => element.scrollTop),
    ).toBe(100);
    expect(await page.locator('[data-untouched]').count()).toBe(1);
    expect(await page.getByLabel('Message #audit-trail').inputValue()).toBe('half a thou');
  });

  it('becomes another person and shows who that is', async () => {
    const { page } = await browser.openPage(fixture.url);
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    fixture.show(workspaceState({ me: 'U0APPROVER1' }));
    await page.getByRole('radio', { name: 'Amal, Approver' }).click();
    await page.getByRole('radio', { name: 'Amal, Approver', checked: true }).waitFor();
    expect(requests.some((url) => url.endsWith('user=U0APPROVER1'))).toBe(true);
  });

  it('shows the App Home', async () => {
    fixture.show(workspaceState({ home: { id: 'VH', type: 'home', blocks: [section('*Your approvals*')] } }));
    const { page } = await browser.openPage(fixture.url);
    await page.getByRole('button', { name: 'App trail-check' }).click();
    await page.getByText('Your approvals').waitFor();
    expect(await posted('home')).toEqual({ user: 'requester' });
  });

  it('is light or dark as the system is, as the address says, or as was chosen', async () => {
    const theme = (page: Page) => page.locator('html').getAttribute('data-theme');
    const { page } = await browser.openPage(fixture.url, { theme: 'dark' });
    expect(await theme(page)).toBe('dark');
    await page.getByRole('switch', { name: 'Dark theme' }).click();
    await page.reload();
    expect(await theme(page)).toBe('light');
    await page.goto(`${fixture.url}/?theme=dark`);
    expect(await theme(page)).toBe('dark');
  });

  it('folds an attachment taller than 700 pixels, and only an attachment', async () => {
    const tall = section(Array.from({ length: 60 }, (_, at) => `row ${at}`).join('\n'));
    fixture.show(withMessages(message(NOW, { blocks: [tall], attachments: [{ color: 'danger', blocks: [tall] }] })));
    const { page } = await browser.openPage(fixture.url);
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByRole('button', { name: 'Show less' }).waitFor();
    expect(await page.getByRole('button', { name: /Show/ }).count()).toBe(1);
  });
});
