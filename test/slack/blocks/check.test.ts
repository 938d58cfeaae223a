import { describe, expect, it } from 'vitest';
import { checkMessage } from '../../../src/slack/blocks/check.ts';
import { draw, expectPostable } from './draw.ts';
import { CHECK, entry, FIXED, finding, fixView, PENDING, run } from './support.ts';

const HOSTILE = {
  mention: '<!channel> <@U0APPROVER1>',
  markup: '*bold* _italic_ ~gone~ `code`',
  emoji: ':tada: 🎉',
  arabic: 'سجل-المراجعة',
  reversed: 'logs\u202Egpj.exe',
  long: 'n'.repeat(500),
};

describe('the message of a failing check', () => {
  it('shows each resource with its button, and the control ids', () => {
    const message = checkMessage({ run: run(), check: CHECK, entries: [entry()], more: 0 });
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it('shows what can be done about each: steps, a state, or why there is no button', () => {
    const entries = [
      entry({ offer: { kind: 'manual', steps: [{ text: 'Ask the root user.' }] }, fix: undefined }),
      entry({ offer: { kind: 'blocked', by: 'owner', reason: 'It belongs to AWS Control Tower.' }, fix: undefined }),
      entry({ fix: fixView(PENDING) }),
      entry({ fix: fixView(FIXED), finding: finding({ verdict: 'pass' }) }),
      entry({ offer: undefined, fix: undefined }),
    ];
    const message = checkMessage({ run: run(), check: CHECK, entries, more: 7 });
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it('says where to mend what has no fix of its own', () => {
    const inheritedFrom = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/acme-org-trail';
    const none = { offer: undefined, fix: undefined };
    const entries = [
      entry({ ...none, finding: finding({ inheritedFrom }) }),
      entry({ ...none, finding: finding({ inheritedFrom, cause: 'trail/management-events' }) }),
      entry({ ...none, finding: finding({ cause: 'trail/management-events' }) }),
    ];
    const message = checkMessage({ run: run(), check: CHECK, entries, more: 0 });
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });

  it('passes once every resource does', () => {
    const entries = [entry({ finding: finding({ verdict: 'pass' }), fix: fixView(FIXED) })];
    const message = checkMessage({ run: run(), check: CHECK, entries, more: 0 });
    expect(message.text).toBe('Log file validation is on: mended in prod');
    expect(draw(message)).toContain('✅ *Passes: Log file validation is on*');
  });

  it('has no button on a finding whose fix was decided on', () => {
    for (const state of [
      'pending',
      'approved',
      'applying',
      'verifying',
      'fixed',
      'rejected',
      'expired',
      'failed',
    ] as const) {
      const message = checkMessage({
        run: run(),
        check: CHECK,
        entries: [entry({ fix: fixView({ state }) })],
        more: 0,
      });
      expect(draw(message), state).not.toContain('review_fix');
    }
  });

  it('lets an old fix say nothing of a finding that fails anew', () => {
    const offer = { kind: 'blocked', by: 'hold', reason: 'The fix was undone; it is on hold.' } as const;
    const message = checkMessage({
      run: run(),
      check: CHECK,
      entries: [entry({ offer, fix: fixView(FIXED) })],
      more: 0,
    });
    expect(draw(message)).toContain('No button: The fix was undone; it is on hold.');
  });

  it('shows five resources and a way to the other 2,995', () => {
    const entries = Array.from({ length: 3_000 }, (_, at) => entry({ finding: finding({ id: `f${at}` }) }));
    const message = checkMessage({ run: run(), check: CHECK, entries, more: 0 });
    expectPostable(message);
    expect(draw(message).match(/review_fix/g)).toHaveLength(5);
    expect(draw(message)).toContain('[Show all 3,000] show_all=run-6b0f/trail/log-file-validation');
  });

  it.each(Object.entries(HOSTILE))('shows a hostile name as text: %s', (_, name) => {
    const resource = `arn:aws:cloudtrail:us-east-1:111111111111:trail/${name}`;
    const message = checkMessage({
      run: run(),
      check: CHECK,
      entries: [entry({ finding: finding({ resource, reason: name, evidence: { name } }) })],
      more: 0,
    });
    expectPostable(message);
    expect(draw(message)).toMatchSnapshot();
  });
});
