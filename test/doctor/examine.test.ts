import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createAws } from '../../src/aws/aws.ts';
import { examineAccounts } from '../../src/doctor/examine/accounts.ts';
import { examineDatabase } from '../../src/doctor/examine/database.ts';
import { examinePolicies } from '../../src/doctor/examine/policies.ts';
import type { Diagnosis } from '../../src/ops/diagnosis.ts';
import { createLogger } from '../../src/ops/logger.ts';
import {
  DEMO_EXTERNAL_ID,
  DEMO_FIXER,
  DEMO_READER,
  demoEstate,
  role,
  startAws,
  trust,
} from '../../src/sandbox/aws/index.ts';
import type { Estate } from '../../src/sandbox/aws/types.ts';
import { startSlack } from '../../src/sandbox/slack/server.ts';
import { examineSlack } from '../../src/slack/checkup.ts';
import { openStore } from '../../src/store/open.ts';
import { APPROVERS, catalogue, testConfig, testDirectory } from '../support/fixes.ts';
import { testFolder } from '../support/store.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const now = () => new Date();
const logger = createLogger({ level: 'silent' });
const wrong = (found: readonly Diagnosis[]) => found.filter(({ level }) => level !== 'ok');

describe('roles', () => {
  const HUB = 'arn:aws:iam::222222222222:user/trail-check-hub';
  const PROD = '333333333333';

  async function accounts(change: (estate: Estate) => void, file: object = {}, sourceIdentity?: string) {
    const { estate, hub } = demoEstate(now);
    change(estate);
    const key = estate.credentials.get(hub.accessKeyId);
    if (key !== undefined && sourceIdentity !== undefined) {
      estate.credentials.set(hub.accessKeyId, { ...key, sourceIdentity });
    }
    const { endpoint, close } = await startAws(estate);
    closers.push(close);
    const config = testConfig({ environments: { prod: { accounts: [PROD] } }, ...file });
    const credentials = async () => ({ accessKeyId: hub.accessKeyId, secretAccessKey: hub.secretAccessKey });
    const aws = createAws({ config: config.aws, now, logger, env: {}, endpoint, credentials });
    closers.push(() => aws.close());
    return examineAccounts(config, aws);
  }

  test('that let us in are well', async () => {
    expect((await accounts(() => undefined)).map(({ level, what }) => [level, what])).toEqual([
      ['ok', `The credentials are those of ${HUB}.`],
      ['ok', `The reader gets into ${PROD}.`],
      ['ok', `The fixer gets into ${PROD}.`],
    ]);
  });

  test.each<[string, string, RegExp]>([
    ['reader', DEMO_READER, /names the identity trail-check runs as/],
    ['fixer', DEMO_FIXER, /"trail-check iam fixer" prints it/],
  ])('of the %s that trust somebody else are told with what to do', async (kind, name, next) => {
    const found = await accounts((estate) => {
      const account = estate.accounts.get(PROD);
      if (account === undefined) throw new Error('no such account');
      const others = trust([HUB], { StringEquals: { 'sts:ExternalId': `not-${DEMO_EXTERNAL_ID}` } });
      role(account, name, { trust: others });
    });
    expect(wrong(found)).toEqual([
      {
        level: 'problem',
        area: 'AWS',
        what: expect.stringContaining(`The ${kind} does not get into ${PROD}: `),
        next: expect.stringMatching(next),
      },
    ]);
  });

  test('are not entered by credentials that carry a source identity already, and that is told', async () => {
    const found = await accounts(() => undefined, {}, 'somebody');
    expect(wrong(found)).toContainEqual(
      expect.objectContaining({
        level: 'problem',
        what: expect.stringContaining(`The fixer does not get into ${PROD}`),
      }),
    );
    expect(wrong(found).find(({ what }) => what.startsWith('The fixer'))?.next).toMatch(/source identity/);
  });

  test('of the fixer are not asked for where an environment is only observed', async () => {
    const found = await accounts(() => undefined, { environments: { prod: { accounts: [PROD], mode: 'observe' } } });
    expect(found.filter(({ what }) => what.startsWith('The fixer'))).toEqual([]);
  });
});

describe('Slack', () => {
  async function slack(file: object, botToken?: string, apiUrl?: string) {
    const simulated = await startSlack();
    closers.push(simulated.close);
    const parsed = testConfig(file);
    const config = { ...parsed, slack: { ...parsed.slack, apiUrl: apiUrl ?? simulated.apiUrl } };
    const tokens = { botToken: botToken ?? simulated.botToken, appToken: simulated.appToken };
    return examineSlack({ config, connection: { mode: 'socket', ...tokens }, logger, now });
  }

  test('is well with its tokens, scopes and channels, and knows people', async () => {
    const { found, directory } = await slack({
      slack: { channel: '#audit-trail' },
      audit: { channel: 'C0AUDITLOG00' },
    });
    expect(wrong(found)).toEqual([]);
    expect(found).toHaveLength(5);
    expect(await directory?.groupId(APPROVERS)).toBe('S0TRAILAPPR');
  });

  test('that does not accept the token is told, and nothing else is asked', async () => {
    const { found, directory } = await slack({}, 'xoxb-wrong');
    expect(found).toEqual([
      expect.objectContaining({
        level: 'problem',
        what: 'Slack does not accept the bot token.',
        next: 'Check SLACK_BOT_TOKEN.',
      }),
    ]);
    expect(directory).toBeUndefined();
  });

  test('without the channel that is configured is told', async () => {
    const { found } = await slack({ environments: { prod: { accounts: ['333333333333'], channels: ['#nowhere'] } } });
    expect(wrong(found)).toEqual([
      expect.objectContaining({ level: 'problem', what: expect.stringContaining('there is no channel #nowhere') }),
    ]);
  });

  test('that gave fewer scopes is told which', async () => {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('x-oauth-scopes', 'chat:write,commands');
      response.end(JSON.stringify({ ok: true, team_id: 'T0', user_id: 'U0', bot_id: 'B0', url: 'wss://nowhere' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { found } = await slack({}, undefined, `http://127.0.0.1:${port}/`);
    expect(wrong(found)).toEqual([
      expect.objectContaining({
        what: expect.stringMatching(/lacks the scopes .*users:read\.email, usergroups:read\.$/),
      }),
    ]);
  });
});

describe('the database', () => {
  const at = (dataDir: string) => ({ ...testConfig(), store: { dataDir } });

  test('is opened where it is, told to be in use, and not made where it is not', async () => {
    const dataDir = await testFolder();
    const store = await openStore({ dataDir }, { now });
    closers.push(() => store.close());
    const used = await examineDatabase(at(dataDir), () => openStore({ dataDir }, { now }));
    expect(used).toEqual([
      expect.objectContaining({ level: 'ok', what: expect.stringContaining('in use by another process') }),
    ]);
    expect(await examineDatabase(at(dataDir), async () => store)).toMatchObject([{ level: 'ok' }]);
    const missing = join(dataDir, 'not', 'there');
    expect(await examineDatabase(at(missing), () => openStore({ dataDir: missing }, { now }))).toMatchObject([
      { level: 'ok', what: expect.stringContaining('will be made') },
    ]);
    expect(existsSync(missing)).toBe(false);
  });

  test('that cannot be reached is told with what to do', async () => {
    const databaseUrl = 'postgres://nobody@127.0.0.1:1/nothing';
    const config = { ...testConfig(), secrets: { databaseUrl } };
    expect(await examineDatabase(config, () => openStore({ databaseUrl }, { now }))).toEqual([
      {
        level: 'problem',
        area: 'database',
        what: expect.any(String),
        next: expect.stringContaining('Check that the server runs'),
      },
    ]);
  });
});

describe('policies', () => {
  const policies = async (approval: object) =>
    examinePolicies(
      { config: testConfig({ approval }), directory: testDirectory(), checks: (await catalogue()).values() },
      now(),
    );

  test('that can be satisfied are well', async () => {
    expect(wrong(await policies({ default: { approve: [APPROVERS] } }))).toEqual([]);
  });

  test('that nobody can satisfy are problems', async () => {
    expect(await policies({ default: { approve: ['@nobody'] } })).toContainEqual(
      expect.objectContaining({ level: 'problem', what: 'In prod: nobody can approve.' }),
    );
  });

  test('that ask for one-time codes need a key to keep them with', async () => {
    const found = await policies({
      default: { approve: [APPROVERS] },
      rules: [{ when: { severity: 'critical' }, stepUp: 'code' }],
    });
    expect(wrong(found)).toContainEqual(
      expect.objectContaining({ level: 'problem', next: 'Set TRAIL_CHECK_STEP_UP_KEY.' }),
    );
  });
});
