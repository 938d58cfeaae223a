import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BOT_SCOPES } from '../../src/slack/scopes.ts';

it('the bot looks for the scopes that its manifest asks for', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../deploy/slack-manifest.json', import.meta.url), 'utf8'));
  expect([...BOT_SCOPES].sort()).toEqual([...manifest.oauth_config.scopes.bot].sort());
});
