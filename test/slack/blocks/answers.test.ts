import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../../src/posture/catalogue.ts';
import { explainMessage } from '../../../src/slack/blocks/explain.ts';
import { helpMessage } from '../../../src/slack/blocks/help.ts';
import { homeView } from '../../../src/slack/blocks/home.ts';
import { fixValue, parseFixValue } from '../../../src/slack/blocks/ids.ts';
import { notice } from '../../../src/slack/blocks/notice.ts';
import { statusMessage } from '../../../src/slack/blocks/status.ts';
import { draw, expectOpenable, expectPostable } from './draw.ts';
import { fixView, PENDING, run } from './support.ts';

const COMMANDS = [
  { name: 'scan', usage: '<environment|account>', summary: 'Check accounts now.' },
  { name: 'help', usage: '', summary: 'This list.' },
];

describe('explain', () => {
  it('can be posted for every check of the catalogue', async () => {
    const catalogue = await loadCatalogue(join(import.meta.dirname, '../../../checks'));
    for (const check of catalogue.values()) expectPostable(explainMessage(check));
  });

  it('says what, why, when it passes and how it is mended', async () => {
    const catalogue = await loadCatalogue(join(import.meta.dirname, '../../../checks'));
    const check = catalogue.get('trail/log-file-validation');
    expect(check === undefined ? '' : draw(explainMessage(check))).toMatchSnapshot();
  });
});

it('help lists what can be typed', () => {
  const message = helpMessage(COMMANDS, '/trail-check');
  expectPostable(message);
  expect(draw(message)).toMatchSnapshot();
});

describe('status', () => {
  it('shows each environment and what waits', () => {
    const runs = [
      run(),
      run({ target: 'staging', score: 96, complete: false }),
      run({ target: 'sandbox', state: 'failed' }),
      run({ target: 'dev', state: 'running', score: null, finishedAt: null }),
    ];
    const environments = ['prod', 'staging', 'sandbox', 'dev', 'new'];
    const message = statusMessage({ runs, pending: [fixView(PENDING)], version: '0.1.0', environments });
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it.each([0, 400])('can be posted with %i environments and as many fixes', (many) => {
    const environments = Array.from({ length: many }, (_, at) => `team-${at}`);
    const pending = environments.map(() => fixView(PENDING));
    expectPostable(statusMessage({ runs: [], pending, version: '0.1.0', environments }));
  });
});

describe('home', () => {
  it('shows what waits first, with its buttons', () => {
    const view = homeView({
      pending: [fixView(PENDING)],
      environments: [{ name: 'prod', run: run() }, { name: 'staging' }],
      commands: COMMANDS,
    });
    expectOpenable(view);
    expect(draw(view)).toMatchSnapshot();
  });

  it.each([0, 400])('can be shown with %i environments and as many fixes', (many) => {
    const environments = Array.from({ length: many }, (_, at) => ({ name: `team-${at}`, run: run() }));
    expectOpenable(homeView({ pending: environments.map(() => fixView(PENDING)), environments, commands: COMMANDS }));
  });
});

it('a notice is one sentence with its sign', () => {
  const message = notice('You may not approve this fix. Approvers: <@U0APPROVER1>.', 'refused');
  expectPostable(message);
  expect(message.text).toBe('🔒 You may not approve this fix. Approvers: <@U0APPROVER1>.');
});

it('the value of a button names one revision of a fix, and nothing else is taken for one', () => {
  expect(parseFixValue(fixValue({ id: 'fix-1.2', revision: 3 }))).toEqual({ fixId: 'fix-1.2', revision: 3 });
  expect(['', 'fix-1', '.1', 'fix-1.x', 'fix-1.99999999999'].map(parseFixValue)).toEqual(Array(5).fill(undefined));
});
