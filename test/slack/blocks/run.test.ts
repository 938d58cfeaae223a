import { describe, expect, it } from 'vitest';
import { runMessage } from '../../../src/slack/blocks/run.ts';
import { draw, expectPostable } from './draw.ts';
import { run, summary } from './support.ts';

const NONE = { new: 0, mended: 0 };

describe('the message of a run', () => {
  it.each([
    ['waits', { state: 'queued', finishedAt: null, startedAt: null }, undefined],
    ['reads', { state: 'running', finishedAt: null }, { progress: { done: 5, total: 12, phase: 'Reading accounts' } }],
    ['has nothing to read yet', { state: 'running' }, { progress: { done: 0, total: 0, phase: '' } }],
    ['failed', { state: 'failed', error: 'No account is called "prdo". Did you mean prod? (error e-12)' }, undefined],
    ['was on schedule', { requestedBy: null, trigger: 'scheduled' }, { summary: summary() }],
  ] as const)('%s', (_, changes, detail) => {
    const message = runMessage(run(changes), detail, NONE);
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it('has neither score nor praise for a target of which nothing could be read', () => {
    const verdicts = { pass: 0, fail: 0, unknown: 9, 'not-applicable': 0, exempt: 0 };
    const status = 'unreachable' as const;
    const accounts = [{ id: '999999999999', name: '', inScope: true, status, reason: 'its role does not exist' }];
    const failures = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
    const unread = summary({ accounts, verdicts, failures, failing: [], raise: [] });
    const message = runMessage(run({ target: '999999999999' }), { summary: unread }, NONE);
    expectPostable(message);
    expect(message.text).toBe('999999999999: nothing could be read');
    expect(draw(message)).not.toMatch(/of 100|Nothing fails/);
    expect(draw(message)).toContain('its role does not exist');
  });

  it('does not say that nothing fails where not all could be read', () => {
    const verdicts = { pass: 20, fail: 0, unknown: 2, 'not-applicable': 0, exempt: 0 };
    const failures = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
    const message = runMessage(run(), { summary: summary({ verdicts, failures, failing: [], raise: [] }) }, NONE);
    expect(draw(message)).toContain('❔ *Nothing fails of what could be read*');
  });

  it('shows the result, what changed and what could not be read', () => {
    const usual = summary();
    const message = runMessage(
      run(),
      {
        summary: summary({
          accounts: [
            ...usual.accounts,
            {
              id: '666666666666',
              name: 'acme-sandbox',
              inScope: true,
              status: 'unreachable',
              reason: 'sts:AssumeRole was denied.',
            },
          ],
          verdicts: { ...usual.verdicts, unknown: 3, exempt: 2 },
          accepted: 58,
          missing: [
            { permission: 'iam:ListEntitiesForPolicy', findings: 3 },
            { permission: 'kms:DescribeKey', findings: 1 },
          ],
        }),
      },
      { new: 2, mended: 3 },
    );
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it('says so when nothing fails, and offers no list of nothing', () => {
    const nothing = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
    const verdicts = { ...summary().verdicts, fail: 0 };
    const { before: _, ...rest } = summary({
      failures: nothing,
      verdicts,
      failing: [],
      raise: [],
      score: 100,
      accepted: 100,
    });
    const message = runMessage(run(), { summary: rest }, NONE);
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it('counts checks that fail only because others do, instead of listing them', () => {
    const [first, second, ...rest] = summary().failing;
    if (first === undefined || second === undefined) throw new Error('nothing fails');
    const failing = [first, { ...second, follows: first.check }, ...rest];
    const shown = draw(runMessage(run(), { summary: summary({ failing }) }, NONE));
    expect(shown).not.toContain(`${second.title}\n`);
    expect(shown).toContain('1 more check fails only because of these');
  });

  it('says which checks are in the thread when not all of them are', () => {
    const failing = Array.from({ length: 20 }, (_, at) => ({
      check: `trail/c${at}`,
      title: `Check ${at}`,
      severity: 'low' as const,
      findings: [`f${at}`],
    }));
    const shown = draw(runMessage(run(), { summary: summary({ failing }) }, NONE));
    expect(shown).toContain('and 15 more; the worst 15 are in the thread with their fixes');
    expect(shown).toContain('[Show all 20 findings]');
  });

  it('stays one short message for 3,000 accounts of which half cannot be entered', () => {
    const accounts = Array.from({ length: 3_000 }, (_, at) => ({
      id: String(at).padStart(12, '0'),
      name: `team-${at}`,
      inScope: true,
      status: at % 2 === 0 ? ('unreachable' as const) : ('scanned' as const),
      reason: 'sts:AssumeRole was denied.',
    }));
    const message = runMessage(run(), { summary: summary({ accounts }) }, { new: 4_000, mended: 9 });
    expectPostable(message);
    expect(message.blocks.length).toBeLessThan(12);
    expect(draw(message)).toContain('and 1,495 more accounts');
  });
});
