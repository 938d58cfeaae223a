import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from './chromium.ts';

/** A page, and everything it complained about: console errors, uncaught errors, script dialogs, requests elsewhere. */
export interface WatchedPage {
  page: Page;
  complaints: string[];
}

export interface TestBrowser {
  openPage(url: string, options?: { width?: number; height?: number; theme?: 'light' | 'dark' }): Promise<WatchedPage>;
}

/** Gives the tests of one file a real Chromium: started once, each test's pages closed after it. */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    async openPage(url, { width = 1360, height = 900, theme = 'light' } = {}) {
      if (browser === undefined)
        throw new Error('openPage was called outside a test: the browser starts in beforeAll.');
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
      contexts.push(context);
      const page = await context.newPage();
      const complaints = watch(page, new URL(url).origin);
      await page.goto(url);
      return { page, complaints };
    },
  };
}

function watch(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin)
      complaints.push(`request elsewhere: ${request.url()}`);
  });
  return complaints;
}
