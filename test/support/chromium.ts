import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

const UNPACKING_TAKES_AT_MOST_MS = 60_000;

/**
 * Starts a real Chromium, unpacked from the package to TMPDIR. Close it when done.
 * It finds the package's fonts beside the machine's own, so that text looks the same where there are none.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = await unpackOnce();
  const FONTCONFIG_FILE = await writeFontList();
  // In one process, closing a page would end the whole browser.
  const args = chromium.args.filter((arg) => arg !== '--single-process');
  return playwright.launch({ executablePath, args, headless: true, env: { ...process.env, FONTCONFIG_FILE } });
}

/** Names the folders with fonts in a file of ours: the package's, then the machine's. */
async function writeFontList(): Promise<string> {
  const file = join(tmpdir(), 'trail-check-fonts.conf');
  const folders = [join(tmpdir(), 'fonts'), '/usr/share/fonts'].map((folder) => `<dir>${folder}</dir>`).join('');
  const system = '<include ignore_missing="yes">/etc/fonts/conf.d</include>';
  const cache = `<cachedir>${join(tmpdir(), 'font-cache')}</cachedir>`;
  await writeFile(file, `<?xml version="1.0"?><fontconfig>${folders}${cache}${system}</fontconfig>`);
  return file;
}

/** The package reuses a half-written file, so only one process may unpack while the others wait. */
async function unpackOnce(): Promise<string> {
  const lock = join(tmpdir(), 'chromium.unpacking');
  const deadline = Date.now() + UNPACKING_TAKES_AT_MOST_MS;
  while (!(await take(lock))) {
    if (Date.now() > deadline) await rm(lock, { recursive: true, force: true });
    else await wait(100);
  }
  try {
    return await chromium.executablePath();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** Makes the lock folder; false when another process has it (one left behind by a killed process is taken over). */
async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock, { recursive: false });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const made = await stat(lock).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > UNPACKING_TAKES_AT_MOST_MS) {
      await rm(lock, { recursive: true, force: true });
    }
    return false;
  }
}
