import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Most of the time goes by in waiting for other processes, so two files run side by side on the smallest machine.
    maxWorkers: 2,
    // Chromium unpacks itself into TMPDIR and reuses what it finds there: keep that folder ours.
    env: { TMPDIR: join(tmpdir(), 'trail-check-tests') },
    globalSetup: ['test/support/global-setup.ts'],
  },
});
