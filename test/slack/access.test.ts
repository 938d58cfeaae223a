import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { fileSchema } from '../../src/config/schema/file.ts';
import type { Directory } from '../../src/fixes/people.ts';
import { createAccess } from '../../src/slack/access.ts';
import type { Channels } from '../../src/slack/channels.ts';

const CHANNELS: { [id: string]: { name: string; shared: boolean } } = {
  C0OPEN0000: { name: 'open', shared: false },
  C0PROD0000: { name: 'audit-prod', shared: false },
  C0SHARED00: { name: 'with-customers', shared: true },
};
const channels: Channels = {
  info: async (id) => (CHANNELS[id] === undefined ? undefined : { id, ...CHANNELS[id] }),
  id: async (id) => id,
};
const directory: Directory = {
  person: async (id) => (id === 'U0NOBODY00' ? undefined : { id, name: id, member: id !== 'U0GUEST000' }),
  members: async (group) => (group === '@platform' ? ['U0PLATFORM'] : []),
  groupId: async () => undefined,
  forget: () => undefined,
};

function access(environments: object) {
  const parsed = fileSchema({ commands: [], now: new Date() }).parse({ environments });
  const config: Config = {
    ...parsed,
    aws: { ...parsed.aws, region: 'us-east-1' },
    logLevel: 'silent',
    secrets: {},
  };
  return createAccess({ config, directory, channels });
}

const { target, visible, member } = access({
  prod: {
    accounts: [{ id: '111111111111', name: 'payments' }],
    viewers: ['@platform', 'U0LISTED00'],
    channels: ['#audit-prod'],
  },
  vault: { organization: { ou: 'Vault' }, channels: ['C0PROD0000'] },
  dev: { accounts: ['222222222222'] },
});

describe('who may see a target, and where', () => {
  test.each([
    ['a viewer by group', { user: 'U0PLATFORM', channel: 'C0PROD0000' }, 'prod', undefined],
    ['a viewer by id', { user: 'U0LISTED00', channel: 'C0PROD0000' }, 'prod', undefined],
    ['a viewer elsewhere', { user: 'U0LISTED00', channel: 'C0OPEN0000' }, 'prod', 'not shown in this channel'],
    ['a viewer in direct messages', { user: 'U0LISTED00', channel: 'D0LISTED00' }, 'prod', 'not shown in this channel'],
    ['a viewer in their Home', { user: 'U0LISTED00' }, 'prod', undefined],
    ['anybody else', { user: 'U0OTHER000', channel: 'C0PROD0000' }, 'prod', 'not among the viewers'],
    ['by its account', { user: 'U0OTHER000', channel: 'C0PROD0000' }, '111111111111', 'not among the viewers'],
    ['by the name of its account', { user: 'U0OTHER000', channel: 'C0PROD0000' }, 'payments', 'not among the viewers'],
    ['an account that may be in the vault', { user: 'U0OTHER000', channel: 'C0OPEN0000' }, '333333333333', '"vault"'],
    ['the vault in its channel', { user: 'U0OTHER000', channel: 'C0PROD0000' }, 'vault', undefined],
    ['the vault in a Home', { user: 'U0OTHER000' }, 'vault', '"vault" is not shown'],
    ['what has no limits', { user: 'U0OTHER000', channel: 'C0OPEN0000' }, 'dev', undefined],
    ['in direct messages', { user: 'U0OTHER000', channel: 'D0OTHER000' }, 'dev', undefined],
    ['a guest', { user: 'U0GUEST000', channel: 'C0OPEN0000' }, 'dev', 'Only full members'],
    ['a stranger', { user: 'U0NOBODY00', channel: 'C0OPEN0000' }, 'dev', 'Only full members'],
    ['a shared channel', { user: 'U0OTHER000', channel: 'C0SHARED00' }, 'dev', 'shared with another company'],
    ['a channel without the bot', { user: 'U0OTHER000', channel: 'C0HIDDEN00' }, 'dev', 'Invite it with /invite'],
  ])('%s', async (_, asker, wanted, refusal) => {
    const answer = await target(asker, wanted);
    if (refusal === undefined) expect(answer).toBeUndefined();
    else expect(answer).toContain(refusal);
  });

  test('Home lists what is not bound to a channel alone', async () => {
    expect(await visible('U0LISTED00')).toEqual(['prod', 'dev']);
    expect(await visible('U0OTHER000')).toEqual(['dev']);
    expect(await visible('U0GUEST000')).toEqual([]);
  });

  test('membership alone is asked for where no target is meant', async () => {
    expect(await member('U0OTHER000')).toBeUndefined();
    expect(await member('U0GUEST000')).toContain('Only full members');
  });
});
